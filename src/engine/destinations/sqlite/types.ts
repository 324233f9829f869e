import { AppError } from '@shared/errors/app-error'
import type { TipoColumna } from '@shared/model/materializacion'
import { cantHold, cantHoldDecimal, EXACT_IN_DOUBLE } from '../shared/fit'
import type { ExistingColumn, Fit, NativeType } from '../types'

/** Digits that survive as a double, and as a 64-bit integer. */
const EXACT_DIGITS = 15
const EXACT_WHOLE_DIGITS = 18

const isExact = ({ precision, escala }: Extract<TipoColumna, { tipo: 'decimal' }>): boolean =>
  precision <= EXACT_DIGITS || (escala === 0 && precision <= EXACT_WHOLE_DIGITS)

/** The declared type: SQLite takes an affinity from it, other programs what it says. */
export function sqliteType(tipo: TipoColumna): NativeType {
  switch (tipo.tipo) {
    case 'texto':
      return { ok: true, sql: tipo.largo === undefined ? 'TEXT' : `VARCHAR(${tipo.largo})` }
    // Not INTEGER: as a key it would be the number of the row, which SQLite puts in by itself.
    case 'entero':
      return { ok: true, sql: 'BIGINT' }
    case 'decimal':
      // SQLite has no exact decimals: past these digits they stand as text, as the DDL that is shown says.
      return { ok: true, sql: isExact(tipo) ? `DECIMAL(${tipo.precision},${tipo.escala})` : 'TEXT' }
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

/**
 * The marker of a bound text, read as this type.
 * @throws AppError COMPARACION_INEXACTA for a decimal that SQLite has only as text
 */
export function sqliteParam(tipo: TipoColumna): string {
  switch (tipo.tipo) {
    case 'entero':
      return 'CAST(? AS INTEGER)'
    case 'decimal':
      if (isExact(tipo)) return 'CAST(? AS NUMERIC)'
      throw new AppError('COMPARACION_INEXACTA', {
        kind: 'unsupported',
        message: `SQLite no compara con exactitud decimales de más de ${EXACT_DIGITS} cifras.`,
        hint: 'Poner la condición sobre otra columna o bajar la precisión de esta.',
      })
    case 'doble':
      return 'CAST(? AS REAL)'
    case 'booleano':
      return "CASE ? WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    case 'fecha_hora':
      return tipo.zona ? 'sage_instante(?)' : 'sage_fecha_hora(?)'
    default:
      return '?'
  }
}

type Affinity = 'INTEGER' | 'TEXT' | 'NONE' | 'REAL' | 'NUMERIC'

/** SQLite's own rules, in its order (datatype3.html, 3.1). */
function affinityOf(declared: string): Affinity {
  const type = declared.toUpperCase()
  if (type.includes('INT')) return 'INTEGER'
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT'
  if (type === '' || type.includes('BLOB')) return 'NONE'
  if (/REAL|FLOA|DOUB/.test(type)) return 'REAL'
  return 'NUMERIC'
}

/** How a column that a table has holds a mapped one. Texts that look like numbers become numbers in a column of numbers. */
export function sqliteFit(existing: ExistingColumn, wanted: TipoColumna): Fit {
  const affinity = affinityOf(existing.tipo)
  const tipo = existing.tipo || 'de tipo libre'
  const numbers = affinity === 'INTEGER' || affinity === 'NUMERIC' || affinity === 'REAL'
  switch (wanted.tipo) {
    case 'texto':
      return numbers ? cantHold(tipo, 'un texto: «007» quedaría como 7') : { ok: true }
    case 'entero':
      if (affinity !== 'REAL') return { ok: true }
      return { ok: true, limite: EXACT_IN_DOUBLE }
    case 'decimal':
      if (affinity === 'TEXT') return { ok: true }
      if (affinity === 'REAL' && wanted.precision > EXACT_DIGITS) return cantHoldDecimal(tipo, wanted)
      return numbers && isExact(wanted) ? { ok: true } : cantHoldDecimal(tipo, wanted)
    case 'doble':
      return affinity === 'TEXT' ? cantHold(tipo, 'un número doble con todas sus cifras') : { ok: true }
    case 'booleano':
      return affinity === 'TEXT' ? cantHold(tipo, 'un booleano') : { ok: true }
    case 'fecha':
    case 'fecha_hora':
      if (affinity === 'TEXT' || affinity === 'NONE' || /DATE|TIME/i.test(existing.tipo)) return { ok: true }
      return cantHold(tipo, 'una fecha')
  }
}
