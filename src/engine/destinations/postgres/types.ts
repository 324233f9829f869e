import type { TipoColumna } from '@shared/model/materializacion'
import { cantHold, cantHoldDecimal, INT64, intoDecimal, intoText, whole } from '../shared/fit'
import type { ExistingColumn, Fit, NativeType, ValueLimit } from '../types'

const MAX_PRECISION = 1000

export function nativeType(tipo: TipoColumna): NativeType {
  switch (tipo.tipo) {
    case 'texto':
      return { ok: true, sql: tipo.largo === undefined ? 'text' : `varchar(${tipo.largo})` }
    case 'entero':
      return { ok: true, sql: 'bigint' }
    case 'decimal':
      if (tipo.precision <= MAX_PRECISION && tipo.escala <= tipo.precision)
        return { ok: true, sql: `numeric(${tipo.precision},${tipo.escala})` }
      return {
        ok: false,
        codigo: 'TIPO_NO_CABE',
        razon: `decimal(${tipo.precision},${tipo.escala}) tiene más decimales que dígitos.`,
        sugerencia: 'Subir la precisión hasta la escala, o más.',
      }
    case 'doble':
      return { ok: true, sql: 'double precision' }
    case 'booleano':
      return { ok: true, sql: 'boolean' }
    case 'fecha':
      return { ok: true, sql: 'date' }
    case 'fecha_hora':
      return { ok: true, sql: tipo.zona ? 'timestamp with time zone' : 'timestamp without time zone' }
  }
}

const INTEGERS: Record<string, ValueLimit | null> = {
  bigint: null,
  integer: whole('-2147483648', '2147483647'),
  smallint: whole('-32768', '32767'),
}
/** What the server reads from a text by its own rules, and refuses with its own words. */
const PARSED = /^(uuid|jsonb?|xml|inet|cidr|macaddr8?|interval|time\b.*|enum .*|ltree|hstore|bit.*)$/
const TIMESTAMPS = {
  con: /^timestamp(\(6\))? with time zone$/,
  sin: /^timestamp(\(6\))? without time zone$/,
}

/** The longest text of each type (sign, digits, zone): what a bounded text column must have. */
const TEXT_LENGTH = {
  entero: 20,
  doble: 24,
  booleano: 5,
  fecha: 15,
  fecha_hora: 33,
} as const

/** How a column of PostgreSQL (its type as `format_type` writes it) holds a mapped one: see `Dialect.fit`. */
export function fit(existing: ExistingColumn, wanted: TipoColumna): Fit {
  const { tipo } = existing
  const text = /^(?:text|citext|character varying|(?:character varying|character)\((\d+)\))$/.exec(tipo)
  if (text) return intoText(text[1] === undefined ? null : Number(text[1]), wanted, TEXT_LENGTH)
  const numeric = /^numeric(?:\((\d+),(-?\d+)\))?$/.exec(tipo)
  const bounds =
    numeric?.[1] === undefined ? null : { precision: Number(numeric[1]), escala: Number(numeric[2]) }
  switch (wanted.tipo) {
    case 'texto':
      return PARSED.test(tipo) ? { ok: true } : cantHold(tipo, 'un texto')
    case 'entero':
      if (tipo in INTEGERS) return { ok: true, limite: INTEGERS[tipo] ?? undefined }
      if (numeric) return { ok: true, limite: bounds ? { de: 'decimal', ...bounds } : undefined }
      return cantHold(tipo, 'un entero de 64 bits')
    case 'decimal':
      return intoNumber(tipo, wanted, numeric !== null, bounds)
    case 'doble':
      return tipo === 'double precision' || (numeric && !bounds)
        ? { ok: true }
        : cantHold(tipo, 'un número doble')
    case 'booleano':
      return tipo === 'boolean' ? { ok: true } : cantHold(tipo, 'un booleano')
    case 'fecha':
      return tipo === 'date' || TIMESTAMPS.sin.test(tipo) ? { ok: true } : cantHold(tipo, 'una fecha')
    case 'fecha_hora':
      return (wanted.zona ? TIMESTAMPS.con : TIMESTAMPS.sin).test(tipo)
        ? { ok: true }
        : cantHold(tipo, wanted.zona ? 'un instante con zona' : 'una fecha y hora sin zona')
  }
}

function intoNumber(
  tipo: string,
  wanted: Extract<TipoColumna, { tipo: 'decimal' }>,
  numeric: boolean,
  bounds: { precision: number; escala: number } | null,
): Fit {
  if (numeric) return bounds ? intoDecimal(bounds, wanted) : { ok: true }
  if (tipo in INTEGERS && wanted.escala === 0) return { ok: true, limite: INTEGERS[tipo] ?? INT64 }
  return cantHoldDecimal(tipo, wanted)
}
