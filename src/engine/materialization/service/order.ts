import type { MaterializacionConfig } from '@shared/model/materializacion'

/** Whether the result depends on which load comes first: only rows that are added do not care. */
export const isOrdered = ({ tablas }: MaterializacionConfig): boolean =>
  tablas.some(({ estrategia }) => estrategia.tipo !== 'append')

/** Whether loading the same records again leaves them twice. */
export const doublesRows = ({ tablas }: MaterializacionConfig): boolean =>
  tablas.some(({ estrategia }) => estrategia.tipo === 'append')
