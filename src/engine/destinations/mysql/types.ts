import type { TipoColumna } from '@shared/model/materializacion'
import {
  cantHold,
  cantHoldDecimal,
  EXACT_IN_DOUBLE,
  INT64,
  intoDecimal,
  intoText,
  whole,
} from '../shared/fit'
import type { ExistingColumn, Fit, NativeType, ValueLimit } from '../types'

const MAX_DIGITS = 65
/** What MySQL takes; MariaDB, some more. */
const MAX_SCALE = 30
/** Characters of a text kept in the row: longer ones, many to a table, would pass the 65,535 bytes of a row. */
const MAX_VARCHAR = 255
/** 3,072 bytes of a key, four to a character. */
const MAX_KEY = 768

/** `use: 'clave'`: a text of a key must have a length, which MySQL's index can hold. */
export function mysqlType(tipo: TipoColumna, use: 'columna' | 'clave'): NativeType {
  switch (tipo.tipo) {
    case 'texto':
      return textType(tipo.largo, use)
    case 'entero':
      return { ok: true, sql: 'BIGINT' }
    case 'decimal':
      if (tipo.precision <= MAX_DIGITS && tipo.escala <= Math.min(MAX_SCALE, tipo.precision))
        return { ok: true, sql: `DECIMAL(${tipo.precision},${tipo.escala})` }
      return refused(
        `guarda hasta ${MAX_DIGITS} dígitos con ${MAX_SCALE} decimales, y se piden ${tipo.precision} con ${tipo.escala}.`,
        'Bajar la precisión o guardarla como texto.',
      )
    case 'doble':
      return { ok: true, sql: 'DOUBLE' }
    case 'booleano':
      return { ok: true, sql: 'BOOLEAN' }
    case 'fecha':
      return { ok: true, sql: 'DATE' }
    // An instant too, in UTC: TIMESTAMP ends in 2038.
    case 'fecha_hora':
      return { ok: true, sql: 'DATETIME(6)' }
  }
}

function textType(largo: number | undefined, use: 'columna' | 'clave'): NativeType {
  if (use === 'clave') {
    if (largo !== undefined && largo <= MAX_KEY) return { ok: true, sql: `VARCHAR(${largo})` }
    return refused(
      `un texto de clave o de índice necesita un largo de ${MAX_KEY} o menos.`,
      'Poner el largo en la asignación o elegir otra clave.',
    )
  }
  return { ok: true, sql: largo !== undefined && largo <= MAX_VARCHAR ? `VARCHAR(${largo})` : 'LONGTEXT' }
}

const refused = (razon: string, sugerencia: string): NativeType => ({
  ok: false,
  codigo: 'TIPO_NO_CABE',
  razon: `MySQL ${razon}`,
  sugerencia,
})

/** A date and time as written in UTC: `v` is the bound text, `z` its zone. No function for zones: those end in 2038. */
const MINUTES =
  "CAST(CONCAT(LEFT(z, 1), '1') AS SIGNED) * (SUBSTR(z, 2, 2) * 60 + CASE WHEN CHAR_LENGTH(z) > 3 THEN RIGHT(z, 2) ELSE 0 END)"
const ZONE = "COALESCE(REGEXP_SUBSTR(SUBSTR(v, 11), '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'), '')"
const LOCAL = "CAST(REPLACE(LEFT(v, CHAR_LENGTH(v) - CHAR_LENGTH(z)), 'T', ' ') AS DATETIME(6))"
const INSTANT = `(SELECT CASE WHEN CHAR_LENGTH(z) > 1 THEN ${LOCAL} - INTERVAL (${MINUTES}) MINUTE ELSE ${LOCAL} END FROM (SELECT v, ${ZONE} AS z FROM (SELECT ? AS v) a) b)`

/** The marker of a bound text, read as this type. */
export function mysqlParam(tipo: TipoColumna): string {
  switch (tipo.tipo) {
    case 'entero':
      return 'CAST(? AS SIGNED)'
    case 'decimal':
      return `CAST(? AS DECIMAL(${Math.min(tipo.precision, MAX_DIGITS)},${Math.min(tipo.escala, MAX_SCALE)}))`
    case 'doble':
      return 'CAST(? AS DOUBLE)'
    case 'booleano':
      return "(? = 'true')"
    case 'fecha':
      return 'CAST(? AS DATE)'
    case 'fecha_hora':
      return tipo.zona ? INSTANT : "CAST(REPLACE(?, 'T', ' ') AS DATETIME(6))"
    default:
      return '?'
  }
}

const INTEGERS: Record<string, ValueLimit | undefined> = {
  tinyint: whole('-128', '127'),
  'tinyint unsigned': whole('0', '255'),
  smallint: whole('-32768', '32767'),
  'smallint unsigned': whole('0', '65535'),
  mediumint: whole('-8388608', '8388607'),
  'mediumint unsigned': whole('0', '16777215'),
  int: whole('-2147483648', '2147483647'),
  'int unsigned': whole('0', '4294967295'),
  bigint: undefined,
  'bigint unsigned': whole('0', '9223372036854775807'),
}
/** Bytes of each kind of TEXT. */
const TEXTS: Record<string, number> = { tinytext: 255, text: 65_535, mediumtext: 16_777_215 }

/** The longest text of each type that is not one: what a bounded text column must have. */
const TEXT_LENGTH = { entero: 20, doble: 24, booleano: 1, fecha: 10, fecha_hora: 26 } as const

/** How a column (its type as information_schema writes it) holds a mapped one. */
export function mysqlFit({ tipo }: ExistingColumn, wanted: TipoColumna): Fit {
  const type = tipo.toLowerCase().replace(/^(\w*int)\(\d+\)/, '$1')
  const text = /^(?:(?:var)?char\((\d+)\)|(tiny|medium|long)?text)/.exec(type)
  if (text) return intoAnyText(type, wanted, text[1] === undefined ? null : Number(text[1]))
  const numeric = /^decimal\((\d+),(\d+)\)/.exec(type)
  const bounds = numeric ? { precision: Number(numeric[1]), escala: Number(numeric[2]) } : null
  switch (wanted.tipo) {
    case 'texto':
      return /^(json|enum|set|uuid|inet)/.test(type) ? { ok: true } : cantHold(tipo, 'un texto')
    case 'entero':
      if (type in INTEGERS) return { ok: true, limite: INTEGERS[type] }
      if (bounds) return { ok: true, limite: { de: 'decimal', ...bounds } }
      return type === 'double'
        ? { ok: true, limite: EXACT_IN_DOUBLE }
        : cantHold(tipo, 'un entero de 64 bits')
    case 'decimal':
      return intoNumber(tipo, type, wanted, bounds)
    case 'doble':
      return type === 'double' ? { ok: true } : cantHold(tipo, 'un número doble')
    case 'booleano':
      return /^(tinyint|bit\(1\))/.test(type) ? { ok: true } : cantHold(tipo, 'un booleano')
    case 'fecha':
      return /^date(time.*)?$/.test(type) ? { ok: true } : cantHold(tipo, 'una fecha')
    case 'fecha_hora':
      return type === 'datetime(6)' || (wanted.zona && type === 'timestamp(6)')
        ? { ok: true }
        : cantHold(tipo, 'una fecha y hora con microsegundos')
  }
}

/** A TEXT is bounded by bytes, a LONGTEXT by nothing. */
function intoAnyText(type: string, wanted: TipoColumna, room: number | null): Fit {
  const bytes = room === null ? TEXTS[type] : undefined
  if (bytes !== undefined) return { ok: true, limite: { de: 'largo', max: bytes, unidad: 'bytes' } }
  return intoText(room, wanted, TEXT_LENGTH)
}

function intoNumber(
  tipo: string,
  type: string,
  wanted: Extract<TipoColumna, { tipo: 'decimal' }>,
  bounds: { precision: number; escala: number } | null,
): Fit {
  if (bounds) return intoDecimal(bounds, wanted)
  if (type in INTEGERS && wanted.escala === 0) return { ok: true, limite: INTEGERS[type] ?? INT64 }
  return cantHoldDecimal(tipo, wanted)
}
