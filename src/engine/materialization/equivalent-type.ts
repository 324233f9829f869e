import type { TipoColumna } from '@shared/model/materializacion'

const SIMPLE: Readonly<Record<string, TipoColumna>> = {
  ...{ text: { tipo: 'texto' }, varchar: { tipo: 'texto' }, 'character varying': { tipo: 'texto' } },
  ...{ longtext: { tipo: 'texto' }, 'nvarchar(max)': { tipo: 'texto' }, 'varchar(max)': { tipo: 'texto' } },
  ...{ bigint: { tipo: 'entero' }, integer: { tipo: 'entero' }, int: { tipo: 'entero' } },
  ...{ smallint: { tipo: 'entero' }, tinyint: { tipo: 'entero' } },
  ...{ double: { tipo: 'doble' }, 'double precision': { tipo: 'doble' }, real: { tipo: 'doble' } },
  ...{ float: { tipo: 'doble' } },
  ...{ boolean: { tipo: 'booleano' }, bool: { tipo: 'booleano' }, bit: { tipo: 'booleano' } },
  ...{ 'tinyint(1)': { tipo: 'booleano' } },
  date: { tipo: 'fecha' },
}

/** The type of the mapping that says what a column of a server is, to start from; null where none does. */
export function equivalentType(native: string): TipoColumna | null {
  const type = native.trim().toLowerCase()
  const simple = SIMPLE[type]
  if (simple) return simple
  const length = /^(?:n?varchar|character varying|n?char|character)\((\d+)\)$/.exec(type)?.[1]
  if (length !== undefined) return { tipo: 'texto', largo: Number(length) }
  const [, precision, scale = '0'] = /^(?:numeric|decimal)\((\d+)(?:,\s*(\d+))?\)$/.exec(type) ?? []
  if (precision !== undefined) return { tipo: 'decimal', precision: Number(precision), escala: Number(scale) }
  if (/^(?:timestamp|datetime)/.test(type))
    return {
      tipo: 'fecha_hora',
      zona: /with time zone|timestamptz|offset/.test(type) && !/without/.test(type),
    }
  return null
}
