import type { Carga, ProgresoCarga } from '@shared/model/materializacion'
import { call } from './client'
import { createStore } from './store'

/** Loads that run now, those that failed since, and those a person asked for: what the tray lists, newest first. */
export const cargaTaskStore = createStore<readonly Carga[]>([])
export const cargaProgressStore = createStore<ReadonlyMap<string, ProgresoCarga>>(new Map())

const MOST = 20
/** Asked for by the person at this window: their end is told too. */
const watched = new Set<string>()

export const watchCargas = (ids: readonly string[]) => {
  for (const id of ids) watched.add(id)
}

const isOpen = ({ estado }: Carga) => estado === 'en_proceso'

/** What ends by itself leaves by itself: what needs a person, or was asked for by one, stays. */
const isKept = (row: Carga) => isOpen(row) || row.estado === 'error' || watched.has(row.id)

export function onCargaChanged(row: Carga) {
  cargaTaskStore.set((rows) => {
    const known = rows.some(({ id }) => id === row.id)
    if (!isKept(row)) return known ? rows.filter(({ id }) => id !== row.id) : rows
    if (known) return rows.map((item) => (item.id === row.id ? row : item))
    return [row, ...rows].slice(0, MOST)
  })
  if (isOpen(row)) return
  cargaProgressStore.set((map) => {
    if (!map.has(row.id)) return map
    const next = new Map(map)
    next.delete(row.id)
    return next
  })
}

export const onCargaProgress = (progress: ProgresoCarga) =>
  cargaProgressStore.set((map) => new Map(map).set(progress.cargaId, progress))

export function dismissCarga(id: string) {
  watched.delete(id)
  cargaTaskStore.set((rows) => rows.filter((row) => row.id !== id))
}

/** Loads that were already running when the window opened. */
export async function adoptCargas() {
  const { items } = await call('cargas.list', { estado: 'en_proceso', limit: MOST })
  for (const row of items) onCargaChanged(row)
}
