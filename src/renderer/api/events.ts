import type { EngineState, OperationName, OperationOutput } from '@shared/contract'
import type { Ejecucion, Progress } from '@shared/model/execution'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import type { QueryClient } from '@tanstack/react-query'
import { askAgain } from './ask-again'
import { adoptCargas, onCargaChanged, onCargaProgress } from './cargas'
import { bridge, call } from './client'
import { createStore } from './store'
import { throttled } from './throttled'
import { onTransferencia } from './transferencias'

/** Progress with what the tray shows of it. */
export interface LiveProgress extends Progress {
  /** Units per second of the current step, smoothed; null until two samples of it are here. */
  rate: number | null
  /** Milliseconds left of the whole execution; null while it cannot be told. */
  leftMs: number | null
}

export const engineStore = createStore<EngineState | null>(null)
export const progressStore = createStore<ReadonlyMap<string, LiveProgress>>(new Map())
/** Executions seen running since the window opened, newest first: what the tray lists. */
export const taskStore = createStore<readonly Ejecucion[]>([])
/** What the live region says. */
export const announcementStore = createStore('')

export const announce = (text: string) => announcementStore.set(text)

/** A burst of thousands of files must not have the lists asked for at each of them. */
const REFRESH_MS = 300

/** What depends on who sent what, and when. */
const EXPECTED = ['calendario.list', 'casillas.permisos', 'emisores.list'] as const
/** What tells how materializations are doing. */
const LOADED = ['materializaciones.list', 'materializaciones.get'] as const

const isRunning = (row: Ejecucion) => row.fase === 'en_curso' || row.fase === 'en_espera'

/** Progress plus rate and time left, from the sample before it. */
export function withRate(previous: LiveProgress | undefined, next: Progress): LiveProgress {
  let rate: number | null = null
  if (previous && previous.step === next.step && previous.unit === next.unit) {
    const seconds = (next.elapsedMs - previous.elapsedMs) / 1000
    const measured = seconds > 0 ? Math.max(0, next.done - previous.done) / seconds : null
    if (measured === null) rate = previous.rate
    else rate = previous.rate === null ? measured : previous.rate * 0.6 + measured * 0.4
  }
  const known = next.fraction > 0.03 && next.elapsedMs > 400
  const leftMs = known ? (next.elapsedMs * (1 - next.fraction)) / next.fraction : null
  return { ...next, rate, leftMs }
}

function onProgress(progress: Progress) {
  progressStore.set((map) => {
    const next = new Map(map)
    next.set(progress.executionId, withRate(map.get(progress.executionId), progress))
    return next
  })
}

function onChanged(row: Ejecucion) {
  taskStore.set((rows) => {
    // What came by itself leaves by itself: thousands of files would bury what the person started.
    if (!isRunning(row) && row.metodoEnvio !== 'direct_upload')
      return rows.filter((item) => item.id !== row.id)
    const known = rows.some((item) => item.id === row.id)
    if (known) return rows.map((item) => (item.id === row.id ? row : item))
    return isRunning(row) ? [row, ...rows].slice(0, 20) : rows
  })
  if (!isRunning(row)) {
    progressStore.set((map) => {
      const next = new Map(map)
      next.delete(row.id)
      return next
    })
  }
}

export function dismissTask(executionId: string) {
  taskStore.set((rows) => rows.filter((row) => row.id !== executionId))
}

/** How a casilla stands now, in the place where its state was asked for. */
function onReception(client: QueryClient, state: CasillaRecepcion) {
  const key = ['recepcion.estado', {}]
  const known = client.getQueryData<OperationOutput<'recepcion.estado'>>(key)
  if (!known) {
    askAgain(client, key)
    return
  }
  const items = known.items.filter((item) => item.casillaId !== state.casillaId)
  client.setQueryData(key, { items: [...items, state] })
}

/** What was already running when the window opened. */
async function adoptRunning() {
  const cargas = adoptCargas()
  for (const fase of ['en_curso', 'en_espera'] as const) {
    const { items } = await call('executions.list', { fase, limit: 20 })
    for (const row of items) onChanged(row)
  }
  await cargas
}

/** Listens to the engine for as long as the window lives; returns the function that stops. */
export function listen(client: QueryClient): () => void {
  const door = bridge()
  const stale = throttled<string>(REFRESH_MS, (names) => {
    for (const name of names) askAgain(client, [name])
  })
  const refresh = (...names: OperationName[]) => stale.add(names)
  const stops = [
    door.on('engine.state', (state) => {
      const was = engineStore.get()
      engineStore.set(state)
      if (state.state === 'ready' && was?.state !== 'ready') {
        askAgain(client)
        void adoptRunning().catch(() => undefined)
      }
    }),
    door.on('execution.progress', onProgress),
    door.on('execution.changed', (row) => {
      onChanged(row)
      askAgain(client, ['executions.get', { executionId: row.id }])
      refresh('executions.list', 'casillas.list', 'casillas.get', ...EXPECTED)
    }),
    door.on('execution.removed', ({ executionId }) => {
      dismissTask(executionId)
      refresh('executions.list', 'casillas.list', 'casillas.get', ...EXPECTED)
    }),
    door.on('casillas.changed', () =>
      refresh(
        ...(['casillas.list', 'casillas.get', 'casillas.yaml', 'casillas.versions'] as const),
        ...(['recepcion.estado', ...EXPECTED] as const),
      ),
    ),
    door.on('emisores.changed', () => refresh(...EXPECTED)),
    door.on('secretos.changed', () => refresh('secretos.list', 'secretos.estado')),
    door.on('proveedores.changed', () =>
      refresh('proveedores.list', 'proveedores.pruebas', 'secretos.list', 'destinos.list'),
    ),
    door.on('proveedores.transferencia', onTransferencia),
    door.on('materializaciones.changed', () => refresh(...LOADED, 'destinos.list')),
    door.on('destinos.changed', () => refresh(...LOADED, 'destinos.list')),
    door.on('cargas.changed', (row) => {
      onCargaChanged(row)
      refresh('cargas.list', ...LOADED)
    }),
    door.on('cargas.progress', onCargaProgress),
    door.on('recepcion.archivo', () => refresh('recepcion.archivos', ...EXPECTED)),
    door.on('recepcion.casilla', (state) => {
      onReception(client, state)
      // Files that were only noted are told as a count, not one by one.
      refresh('recepcion.archivos')
    }),
  ]
  // The engine may have been ready before this window began to listen.
  void call('system.health', {})
    .then(() => {
      if (engineStore.get()) return
      engineStore.set({
        state: 'ready',
        since: new Date().toISOString(),
        restarts: 0,
        reason: null,
        logFile: null,
        lastError: null,
      })
      return adoptRunning()
    })
    .catch(() => undefined)
  return () => {
    for (const stop of stops) stop()
    stale.stop()
  }
}
