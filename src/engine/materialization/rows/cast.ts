import type { TipoColumna } from '@shared/model/materializacion'
import type { FieldType } from '@shared/model/schema'
import {
  certainDecimal,
  DUCK_DIGITS,
  decimalValue,
  doubtfulDecimal,
  fitsDecimal,
  fitsInteger,
  integerValue,
} from './decimal-sql'

/** How a staged value becomes one of its destination column. `x` is always a column, so it may be written several times. */
export interface Cast {
  /** The value of one that fits; fails (never rounds, never cuts) for one that does not. */
  value(x: string): string
  /** Whether a value that is not null fits; null: all do. */
  fits: ((x: string) => string) | null
  /** Cheaper than `fits`: `doubtful` is true for every value that does not fit, and for few that do; `certain` gives any other value. */
  quick?: { doubtful(x: string): string; certain(x: string): string }
  /** Why one does not, after the name of the column. */
  motivo: string
  /** Something of the value is lost although it fits. */
  aviso: string | null
}

const plain = (value: Cast['value']): Cast => ({ value, fits: null, motivo: '', aviso: null })
const same = plain((x) => x)

/** DuckDB's type of a column as `RowSource` gives it. */
export function duckType(tipo: TipoColumna): string {
  switch (tipo.tipo) {
    case 'texto':
      return 'VARCHAR'
    case 'entero':
      return 'BIGINT'
    case 'decimal':
      return tipo.precision > DUCK_DIGITS ? 'VARCHAR' : `DECIMAL(${tipo.precision}, ${tipo.escala})`
    case 'doble':
      return 'DOUBLE'
    case 'booleano':
      return 'BOOLEAN'
    case 'fecha':
      return 'DATE'
    case 'fecha_hora':
      return tipo.zona ? 'TIMESTAMPTZ' : 'TIMESTAMP'
  }
}

/** A type in words, for messages: `decimal(10,2)`, `texto(40)`. */
export function nombreTipo(tipo: TipoColumna): string {
  switch (tipo.tipo) {
    case 'texto':
      return tipo.largo === undefined ? 'texto' : `texto(${tipo.largo})`
    case 'decimal':
      return `decimal(${tipo.precision},${tipo.escala})`
    case 'fecha_hora':
      return tipo.zona ? 'fecha y hora con zona' : 'fecha y hora'
    default:
      return tipo.tipo
  }
}

/** What a column holds of a field's type, or null when it can't hold it. */
export function castOf(from: FieldType, to: TipoColumna): Cast | null {
  if (to.tipo === 'texto') return withLength(asText(from), to.largo)
  switch (from) {
    case 'texto':
      return null
    case 'entero':
      return castInteger(to)
    case 'decimal':
      return castDecimal(to)
    case 'fecha':
      return castDate(to)
    case 'booleano':
      return to.tipo === 'booleano'
        ? same
        : to.tipo === 'entero'
          ? plain((x) => `CAST(${x} AS BIGINT)`)
          : null
  }
}

/** A value as a person reads it: a date without a midnight that nobody wrote, a number with its digits. */
export function asText(from: FieldType): (x: string) => string {
  switch (from) {
    case 'texto':
    case 'decimal':
      return (x) => x
    case 'fecha':
      return (x) =>
        `CASE WHEN ${x} = date_trunc('day', ${x}) THEN strftime(${x}, '%Y-%m-%d') ELSE CAST(${x} AS VARCHAR) END`
    default:
      return (x) => `CAST(${x} AS VARCHAR)`
  }
}

function withLength(value: Cast['value'], most: number | undefined): Cast {
  if (most === undefined) return plain(value)
  return {
    value,
    fits: (x) => `length(${value(x)}) <= ${most}`,
    // A text has no more characters than bytes, and its bytes are known without reading it.
    quick: { doubtful: (x) => `strlen(${value(x)}) > ${most}`, certain: value },
    motivo: `tiene más de ${most} caracteres`,
    aviso: null,
  }
}

/** Whole numbers that a double holds exactly. */
const EXACT_DOUBLE = 2 ** 53

function castInteger(to: TipoColumna): Cast | null {
  const within =
    (most: string): Cast['fits'] =>
    (x) =>
      `${x} BETWEEN -${most} AND ${most}`
  switch (to.tipo) {
    case 'entero':
      return same
    case 'decimal': {
      const digits = to.precision - to.escala
      const sql = duckType(to)
      return {
        ...plain((x) => `CAST(${x} AS ${sql})`),
        // 64 bits have 19 digits at most.
        fits: digits >= 19 ? null : digits === 0 ? (x) => `${x} = 0` : within('9'.repeat(digits)),
        motivo: `no cabe en ${nombreTipo(to)}`,
      }
    }
    case 'doble':
      return {
        ...plain((x) => `CAST(${x} AS DOUBLE)`),
        fits: within(String(EXACT_DOUBLE)),
        motivo: 'tiene más cifras de las que un doble guarda',
      }
    default:
      return null
  }
}

const quickDecimal = (precision: number, scale: number): Cast['quick'] => ({
  doubtful: (x) => doubtfulDecimal(x, precision, scale),
  certain: (x) => certainDecimal(x, precision, scale),
})

function castDecimal(to: TipoColumna): Cast | null {
  switch (to.tipo) {
    case 'decimal':
      return {
        value: (x) => decimalValue(x, to.precision, to.escala),
        fits: (x) => fitsDecimal(x, to.precision, to.escala),
        ...(to.precision <= DUCK_DIGITS ? { quick: quickDecimal(to.precision, to.escala) } : {}),
        motivo: `no cabe en ${nombreTipo(to)} con todas sus cifras`,
        aviso: null,
      }
    case 'entero':
      return {
        value: integerValue,
        fits: fitsInteger,
        motivo: 'no es un entero de 64 bits',
        aviso: 'los valores con decimales se rechazarán',
      }
    case 'doble':
      return {
        value: (x) => `CAST(${x} AS DOUBLE)`,
        fits: (x) => `coalesce(isfinite(TRY_CAST(${x} AS DOUBLE)), false)`,
        motivo: 'no es un número finito',
        aviso: 'un doble guarda unas 15 cifras: las demás se pierden',
      }
    default:
      return null
  }
}

function castDate(to: TipoColumna): Cast | null {
  switch (to.tipo) {
    case 'fecha':
      return {
        value: (x) => `CAST(${x} AS DATE)`,
        fits: (x) => `${x} = date_trunc('day', ${x})`,
        motivo: 'trae hora y la columna guarda solo el día',
        aviso: null,
      }
    case 'fecha_hora':
      // Accepted moments with a zone were turned into UTC; those without are taken as such.
      return to.zona ? plain((x) => `(${x} AT TIME ZONE 'UTC')`) : same
    default:
      return null
  }
}
