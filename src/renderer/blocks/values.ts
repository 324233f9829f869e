import type { OperationInput } from '@shared/contract'
import type { MetodoEnvio } from '@shared/model/emisor'
import type { Estado, Fase, Politica } from '@shared/model/execution'
import type { Severity } from '@shared/model/findings'
import type { Desenlace } from '@shared/model/recepcion'

// Spelled here and held by their types: importing the schemas would bring zod into the window, which trusts the bridge.
export const ESTADO_VALUES = ['Éxito', 'Parcial', 'Fallido'] as const satisfies readonly Estado[]
export const FASE_VALUES = [
  'en_espera',
  'en_curso',
  'terminada',
  'cancelada',
  'interrumpida',
  'error',
] as const satisfies readonly Fase[]
export const SEVERITY_VALUES = ['error', 'warning', 'message'] as const satisfies readonly Severity[]
export const POLITICA_VALUES = [
  'todo_o_nada',
  'por_catalogo',
  'solo_validos',
] as const satisfies readonly Politica[]
export const SORT_VALUES = [
  'creadaEn',
  'archivo',
  'estado',
  'registros',
  'errores',
  'warnings',
  'casilla',
] as const satisfies readonly NonNullable<OperationInput<'executions.list'>['sort']>[]
export const FINDING_SORT_VALUES = [
  'seq',
  'catalog',
  'record',
  'line',
  'field',
  'rule',
  'severity',
  'value',
] as const satisfies readonly NonNullable<OperationInput<'executions.findings'>['sort']>[]
/** What received files can be narrowed to; `abiertos` are those without an outcome. */
export const SITUACIONES = [
  'abiertos',
  'cuarentena',
  'aceptado',
  'parcial',
  'rechazado',
  'duplicado',
  'desaparecido',
  'cancelado',
] as const satisfies readonly (Desenlace | 'abiertos' | 'cuarentena')[]
/** How a file can reach a casilla, as the engine stores it. */
export const METODO_VALUES = [
  'local',
  'direct_upload',
  'sftp',
  'bucket',
  'email',
  'api',
] as const satisfies readonly MetodoEnvio[]

/** The word of a way of sending, or null for one that this console does not know. */
export function metodoKey(metodo: string): `metodo.${(typeof METODO_VALUES)[number]}` | null {
  const known = METODO_VALUES.find((value) => value === metodo)
  return known ? `metodo.${known}` : null
}
