import type { Carga } from '@shared/model/materializacion'

/** How long it ran, in milliseconds; null while it has not ended. */
export const ranFor = (row: Carga): number | null =>
  row.iniciadaEn && row.terminadaEn ? Date.parse(row.terminadaEn) - Date.parse(row.iniciadaEn) : null

/** Where the changes of a load are shown. */
export const changesPath = (row: Pick<Carga, 'id' | 'materializacionId'>) =>
  `/materializaciones/${row.materializacionId}/diferencia?carga=${row.id}`
