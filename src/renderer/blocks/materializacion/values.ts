import type { OperationInput } from '@shared/contract'
import type { TipoDestino } from '@shared/model/destino'
import type {
  Columna,
  Condicion,
  Control,
  EstadoCarga,
  FormatoArchivo,
  TablaMaterializada,
  TipoColumna,
  TipoEstrategia,
} from '@shared/model/materializacion'

// Spelled here and held by their types, as in blocks/values.ts: the schemas would bring zod into the window.
export const ESTADO_CARGA_VALUES = [
  'en_espera',
  'en_proceso',
  'completado',
  'error',
  'cancelado',
] as const satisfies readonly EstadoCarga[]
export const CARGA_SORTS = [
  'creadaEn',
  'archivo',
  'estado',
  'insertadas',
  'bytes',
] as const satisfies readonly NonNullable<OperationInput<'cargas.list'>['sort']>[]
export const ESTRATEGIA_VALUES = [
  'append',
  'upsert',
  'delete_insert',
  'truncate_insert',
  'full',
] as const satisfies readonly TipoEstrategia[]
export const TIPO_COLUMNA_VALUES = [
  'texto',
  'entero',
  'decimal',
  'doble',
  'booleano',
  'fecha',
  'fecha_hora',
] as const satisfies readonly TipoColumna['tipo'][]
export const CONTROL_VALUES = [
  'ejecucion',
  'archivo',
  'registro',
  'cargado_en',
  'carga',
] as const satisfies readonly Control[]
export const FUENTE_VALUES = [
  'campo',
  'constante',
  'control',
] as const satisfies readonly Columna['fuente']['de'][]
export const OPERADOR_VALUES = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'en',
  'es_nulo',
  'no_es_nulo',
] as const satisfies readonly Condicion['operador'][]
export const DERIVA_VALUES = [
  'evolucionar',
  'congelar',
  'descartar',
] as const satisfies readonly TablaMaterializada['deriva'][]
export const FORMATO_VALUES = [
  'parquet',
  'csv',
  'jsonl',
  'excel',
] as const satisfies readonly FormatoArchivo['tipo'][]
export const COMPRESION_VALUES = ['zstd', 'snappy', 'gzip', 'ninguna'] as const satisfies readonly Extract<
  FormatoArchivo,
  { tipo: 'parquet' }
>['compresion'][]
/** Those a person can make: the embedded one is always there. */
export const TIPO_DESTINO_VALUES = [
  'postgres',
  'mysql',
  'sqlserver',
  'sqlite',
  'duckdb',
  'archivos',
  'proveedor',
] as const satisfies readonly TipoDestino[]

const TIPOS = ['interno', ...TIPO_DESTINO_VALUES] as const satisfies readonly TipoDestino[]

/** The word of a kind of destination, or null for one that this console does not know. */
export function tipoDestinoKey(tipo: string): `tipoDestino.${TipoDestino}` | null {
  const known = TIPOS.find((value) => value === tipo)
  return known ? `tipoDestino.${known}` : null
}
