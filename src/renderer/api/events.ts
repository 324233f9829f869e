import type { EngineState } from '@shared/contract'
import type { Ejecucion, Progress } from '@shared/model/execution'
import type { QueryClient } from '@tanstack/react-query'
import { bridge, call } from './client'
import { createStore } from './store'

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

/** Executions that were already running when the window opened. */
async function adoptRunning() {
  for (const fase of ['en_curso', 'en_espera'] as const) {
    const { items } = await call('executions.list', { fase, limit: 20 })
    for (const row of items) onChanged(row)
  }
}

/** Listens to the engine for as long as the window lives; returns the function that stops. */
export function listen(client: QueryClient): () => void {
  const door = bridge()
  const refresh = (...names: string[]) => {
    for (const name of names) void client.invalidateQueries({ queryKey: [name] })
  }
  const stops = [
    door.on('engine.state', (state) => {
      const was = engineStore.get()
      engineStore.set(state)
      if (state.state === 'ready' && was?.state !== 'ready') {
        void client.invalidateQueries()
        void adoptRunning().catch(() => undefined)
      }
    }),
    door.on('execution.progress', onProgress),
    door.on('execution.changed', (row) => {
      onChanged(row)
      void client.invalidateQueries({ queryKey: ['executions.get', { executionId: row.id }] })
      refresh('executions.list', 'casillas.list', 'casillas.get')
    }),
    door.on('execution.removed', ({ executionId }) => {
      dismissTask(executionId)
      refresh('executions.list', 'casillas.list', 'casillas.get')
    }),
    door.on('casillas.changed', () =>
      refresh('casillas.list', 'casillas.get', 'casillas.yaml', 'casillas.versions'),
    ),
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
  }
}
