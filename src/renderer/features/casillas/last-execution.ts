import type { Estado, Fase } from '@shared/model/execution'
import { ESTADO_VALUES, FASE_VALUES } from '../../blocks/values'

/** A casilla tells its last execution in plain text; what is not a known value is not shown as one. */
export const faseValue = (value: string | undefined): Fase | undefined =>
  FASE_VALUES.find((known) => known === value)

export const estadoValue = (value: string | null | undefined): Estado | null =>
  ESTADO_VALUES.find((known) => known === value) ?? null
