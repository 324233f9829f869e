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

const MAX_DIGITS = 38
/** Characters of a text that is kept in the row; past them, nvarchar(max). */
const MAX_NVARCHAR = 4000
/** 900 bytes of a clustered key, two to a character. */
const MAX_KEY = 450

export function sqlserverType(tipo: TipoColumna, use: 'columna' | 'clave'): NativeType {
  switch (tipo.tipo) {
    case 'texto':
      return textType(tipo.largo, use)
    case 'entero':
      return { ok: true, sql: 'bigint' }
    case 'decimal':
      if (tipo.precision <= MAX_DIGITS && tipo.escala <= tipo.precision)
        return { ok: true, sql: `decimal(${tipo.precision},${tipo.escala})` }
      return refused(
        `guarda hasta ${MAX_DIGITS} dígitos y se piden ${tipo.precision} con ${tipo.escala} decimales.`,
        'Bajar la precisión o guardarla como texto.',
      )
    case 'doble':
      return { ok: true, sql: 'float(53)' }
    case 'booleano':
      return { ok: true, sql: 'bit' }
    case 'fecha':
      return { ok: true, sql: 'date' }
    case 'fecha_hora':
      return { ok: true, sql: tipo.zona ? 'datetimeoffset(6)' : 'datetime2(6)' }
  }
}

function textType(largo: number | undefined, use: 'columna' | 'clave'): NativeType {
  if (use === 'clave' && (largo === undefined || largo > MAX_KEY))
    return refused(
      `un texto de clave o de índice necesita un largo de ${MAX_KEY} o menos.`,
      'Poner el largo en la asignación o elegir otra clave.',
    )
  const length = largo !== undefined && largo <= MAX_NVARCHAR ? String(largo) : 'max'
  return { ok: true, sql: `nvarchar(${length})` }
}

const refused = (razon: string, sugerencia: string): NativeType => ({
  ok: false,
  codigo: 'TIPO_NO_CABE',
  razon: `SQL Server ${razon}`,
  sugerencia,
})

/** A bound text read as this type. A zone of hours alone gets the minutes that SQL Server asks for. */
export function sqlserverParam(n: number, tipo: TipoColumna): string {
  const p = `@p${n}`
  if (tipo.tipo === 'texto') return p
  if (tipo.tipo === 'fecha_hora' && tipo.zona)
    return `CAST(CASE WHEN LEN(${p}) > 10 AND ${p} LIKE '%[+-][0-9][0-9]' THEN ${p} + ':00' ELSE ${p} END AS datetimeoffset(6))`
  const type = sqlserverType(tipo, 'columna')
  return type.ok ? `CAST(${p} AS ${type.sql})` : p
}

const INTEGERS: Record<string, ValueLimit | undefined> = {
  tinyint: whole('0', '255'),
  smallint: whole('-32768', '32767'),
  int: whole('-2147483648', '2147483647'),
  bigint: undefined,
}
const DATES: Record<string, RegExp> = {
  fecha: /^(date|datetime2\(\d\))$/,
  conZona: /^datetimeoffset\([67]\)$/,
  sinZona: /^datetime2\([67]\)$/,
}

/** The longest text of each type that is not one: what a bounded text column must have. */
const TEXT_LENGTH = { entero: 20, doble: 24, booleano: 5, fecha: 10, fecha_hora: 33 } as const

/** How a column (its type as `inspect` writes it) holds a mapped one. */
export function sqlserverFit({ tipo }: ExistingColumn, wanted: TipoColumna): Fit {
  const text = /^n(?:var)?char\((\d+|max)\)$/.exec(tipo)
  if (text) return intoText(text[1] === 'max' ? null : Number(text[1]), wanted, TEXT_LENGTH)
  const numeric = /^(?:decimal|numeric)\((\d+),(\d+)\)$/.exec(tipo)
  const bounds = numeric ? { precision: Number(numeric[1]), escala: Number(numeric[2]) } : null
  switch (wanted.tipo) {
    case 'texto':
      return cantHold(tipo, 'un texto de cualquier alfabeto')
    case 'entero':
      if (tipo in INTEGERS) return { ok: true, limite: INTEGERS[tipo] }
      if (bounds) return { ok: true, limite: { de: 'decimal', ...bounds } }
      return tipo === 'float(53)'
        ? { ok: true, limite: EXACT_IN_DOUBLE }
        : cantHold(tipo, 'un entero de 64 bits')
    case 'decimal':
      return intoNumber(tipo, wanted, bounds)
    case 'doble':
      return tipo === 'float(53)' ? { ok: true } : cantHold(tipo, 'un número doble')
    case 'booleano':
      return tipo === 'bit' ? { ok: true } : cantHold(tipo, 'un booleano')
    case 'fecha':
      return DATES.fecha?.test(tipo) ? { ok: true } : cantHold(tipo, 'una fecha')
    case 'fecha_hora':
      return DATES[wanted.zona ? 'conZona' : 'sinZona']?.test(tipo)
        ? { ok: true }
        : cantHold(tipo, wanted.zona ? 'un instante con zona' : 'una fecha y hora con microsegundos')
  }
}

function intoNumber(
  tipo: string,
  wanted: Extract<TipoColumna, { tipo: 'decimal' }>,
  bounds: { precision: number; escala: number } | null,
): Fit {
  if (bounds) return intoDecimal(bounds, wanted)
  if (tipo in INTEGERS && wanted.escala === 0) return { ok: true, limite: INTEGERS[tipo] ?? INT64 }
  return cantHoldDecimal(tipo, wanted)
}
