import type { TipoColumna } from '@shared/model/materializacion'
import type { ExistingColumn, Fit, NativeType, ValueLimit } from '../../types'
import { cantHold, EXACT_IN_DOUBLE, intoDecimal } from '../fit'

const MAX_DIGITS = 38

/** DuckDB's type of a column; a text has no bound there, so its `largo` is what the load itself looks at. */
export function duckdbType(tipo: TipoColumna): NativeType {
  switch (tipo.tipo) {
    case 'texto':
      return { ok: true, sql: 'VARCHAR' }
    case 'entero':
      return { ok: true, sql: 'BIGINT' }
    case 'decimal':
      if (tipo.precision <= MAX_DIGITS) return { ok: true, sql: `DECIMAL(${tipo.precision},${tipo.escala})` }
      return {
        ok: false,
        codigo: 'TIPO_NO_CABE',
        razon: `DuckDB guarda como máximo ${MAX_DIGITS} cifras exactas y el tipo pide ${tipo.precision}.`,
        sugerencia: `Bajar la precisión a ${MAX_DIGITS} o guardarla como texto.`,
      }
    case 'doble':
      return { ok: true, sql: 'DOUBLE' }
    case 'booleano':
      return { ok: true, sql: 'BOOLEAN' }
    case 'fecha':
      return { ok: true, sql: 'DATE' }
    case 'fecha_hora':
      return { ok: true, sql: tipo.zona ? 'TIMESTAMPTZ' : 'TIMESTAMP' }
  }
}

/** What a bound text is read as. */
export const paramType = (tipo: TipoColumna): string => {
  const type = duckdbType(tipo)
  return type.ok ? type.sql : 'VARCHAR'
}

/** Smallest and largest value of each whole type. */
const WHOLE: Record<string, { min: string; max: string }> = {
  TINYINT: { min: '-128', max: '127' },
  SMALLINT: { min: '-32768', max: '32767' },
  INTEGER: { min: '-2147483648', max: '2147483647' },
  BIGINT: { min: '-9223372036854775808', max: '9223372036854775807' },
  HUGEINT: { min: '-9223372036854775808', max: '9223372036854775807' },
  UTINYINT: { min: '0', max: '255' },
  USMALLINT: { min: '0', max: '65535' },
  UINTEGER: { min: '0', max: '4294967295' },
  UBIGINT: { min: '0', max: '9223372036854775807' },
  UHUGEINT: { min: '0', max: '9223372036854775807' },
}

const holds = (limite?: ValueLimit): Fit => (limite ? { ok: true, limite } : { ok: true })
const whole = (existing: string): ValueLimit | null => {
  const range = WHOLE[existing]
  return range ? { de: 'entero', ...range } : null
}

function decimalOf(existing: string): { precision: number; escala: number } | null {
  const found = /^DECIMAL\((\d+),(\d+)\)$/.exec(existing)
  return found ? { precision: Number(found[1]), escala: Number(found[2]) } : null
}

/** How a column that a DuckDB table has holds a mapped one, from the type as DuckDB writes it. */
export function duckdbFit({ tipo }: ExistingColumn, wanted: TipoColumna): Fit {
  if (tipo === 'VARCHAR') return holds()
  const decimal = decimalOf(tipo)
  switch (wanted.tipo) {
    case 'texto':
      return cantHold(tipo, 'un texto')
    case 'entero': {
      const range = whole(tipo)
      if (range) return holds(tipo === 'BIGINT' || tipo === 'HUGEINT' ? undefined : range)
      if (decimal) return holds({ de: 'decimal', ...decimal })
      return tipo === 'DOUBLE' ? holds(EXACT_IN_DOUBLE) : cantHold(tipo, 'un entero de 64 bits')
    }
    case 'decimal': {
      const range = whole(tipo)
      if (range) return wanted.escala === 0 ? holds(range) : cantHold(tipo, 'un decimal exacto')
      return decimal ? intoDecimal(decimal, wanted) : cantHold(tipo, 'un decimal exacto')
    }
    case 'doble':
      return tipo === 'DOUBLE' ? holds() : cantHold(tipo, 'un número doble')
    case 'booleano':
      return tipo === 'BOOLEAN' ? holds() : cantHold(tipo, 'un booleano')
    case 'fecha':
      return tipo === 'DATE' || tipo === 'TIMESTAMP' ? holds() : cantHold(tipo, 'una fecha')
    case 'fecha_hora': {
      const native = wanted.zona ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP'
      return tipo === native
        ? holds()
        : cantHold(tipo, wanted.zona ? 'un instante con zona' : 'una fecha y hora sin zona')
    }
  }
}
