import type { Call } from '../../call'
import { columnNames, keepRows, subFrame } from '../../plan/frames'
import { integer, type Sql, sql } from '../../plan/sql'
import {
  type Column,
  derive,
  type Frame,
  isNumeric,
  type Kind,
  type Scalar,
  type Value,
} from '../../plan/values'
import type { FunctionDef } from '../../registry'
import { frameOf } from './shape'

/** Columns by name, by a piece of their name, or by a pattern over it. */
function filterColumns(c: Call): Value {
  const frame = frameOf(c)
  const names = [...frame.columns.keys()]
  const pick = (kept: string[]): Value => subFrame(c.compiler, frame, kept, c.span)
  const items = c.value('items')
  if (items && !(items.t === 'scalar' && items.kind === 'null'))
    return pick(columnNames(items, c.where('items')))
  const like = c.optionalText('like')
  if (like !== null) return pick(names.filter((name) => name.includes(like)))
  const pattern = c.optionalText('regex')
  if (pattern === null) return c.refuse('`filter` necesita `items`, `like` o `regex`')
  // Names are few and short; a plain prefix, suffix or word is what people write here.
  const plain = /^(\^?)([\p{L}\p{N}_ -]*)(\$?)$/u.exec(pattern)
  if (!plain) return c.refuse('el patrón solo admite `^`, un texto y `$`', 'usar `items=[...]`', 'regex')
  const [, start, word = '', end] = plain
  return pick(
    names.filter((name) =>
      start && end
        ? name === word
        : start
          ? name.startsWith(word)
          : end
            ? name.endsWith(word)
            : name.includes(word),
    ),
  )
}

const DTYPES: Record<string, readonly Kind[]> = {
  number: ['int', 'float'],
  int: ['int'],
  int64: ['int'],
  float: ['float'],
  float64: ['float'],
  object: ['text'],
  str: ['text'],
  bool: ['bool'],
  datetime: ['date'],
  datetime64: ['date'],
  'datetime64[ns]': ['date'],
}

function selectTypes(c: Call): Value {
  const frame = frameOf(c)
  const kinds = (argument: string): Kind[] | null => {
    const value = c.value(argument)
    if (!value || (value.t === 'scalar' && value.kind === 'null')) return null
    const items = value.t === 'list' ? value.items : [value]
    return items.flatMap((item) => {
      const name = item.t === 'function' ? item.name : item.t === 'scalar' ? String(item.konst) : ''
      return (
        DTYPES[name] ??
        c.refuse(`no existe el tipo \`${name}\``, 'usar number, object, bool o datetime', argument)
      )
    })
  }
  const [include, exclude] = [kinds('include'), kinds('exclude')]
  const kept = [...frame.columns].filter(
    ([, column]) => (include?.includes(column.kind) ?? true) && !exclude?.includes(column.kind),
  )
  return subFrame(
    c.compiler,
    frame,
    kept.map(([name]) => name),
    c.span,
  )
}

/** The same table with more columns. */
function assign(c: Call): Value {
  let frame = frameOf(c)
  for (const [name, { value, span }] of c.named) {
    const made = value.t === 'lambda' ? c.compiler.apply(value, [frame], span) : value
    const operand = c.compiler.asOperand(made, span)
    const any = [...frame.columns.values()][0]
    if (!any) return c.refuse('la tabla no tiene columnas')
    const column =
      operand.t === 'column'
        ? operand
        : derive(
            { ...any, filter: frame.filter, index: frame.index },
            operand.kind,
            operand.sql,
            operand.nulls,
          )
    if (column.universe !== frame.universe) return c.refuse('la columna es de otra tabla')
    frame = { ...frame, columns: new Map(frame.columns).set(name, { ...column, name }) }
  }
  return frame
}

/** Each cell through a function. */
function eachCell(c: Call): Value {
  const frame = frameOf(c)
  const columns = new Map<string, Column>()
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.call(
      { t: 'function', on: 'columna', name: 'apply', self: column },
      [{ name: null, given: { value: c.require('func'), span: c.where('func') } }],
      c.span,
    )
    if (value.t !== 'column') return c.refuse('la función debe dar un valor por celda', undefined, 'func')
    columns.set(column.name ?? '', value)
  }
  return { ...frame, columns }
}

/** The n records with the largest (smallest) values of a column; of equal ones, the first. */
const extremes = (name: 'nlargest' | 'nsmallest', direction: Sql, help: string): FunctionDef => ({
  name,
  on: 'df',
  params: 'n, columns',
  help,
  example: `df.${name}(3, 'total')['total'].sum() < 9000`,
  call: (c) => {
    const frame = frameOf(c)
    const [only, ...more] = columnNames(c.require('columns'), c.where('columns'))
    if (only === undefined || more.length > 0)
      return c.refuse('se admite una sola columna', undefined, 'columns')
    const column = c.compiler.columnOf(frame, only, c.where('columns'))
    if (!isNumeric(column.kind) && column.kind !== 'date')
      return c.refuse('la columna debe ser un número o una fecha', undefined, 'columns')
    const live = frame.filter ? sql`PARTITION BY (${frame.filter}) IS TRUE ` : sql``
    const order = sql`ORDER BY ${column.sql} ${direction} NULLS LAST, ${column.universe.order[0] ?? sql`1`}`
    const at = column.universe.lift(sql`row_number() OVER (${live}${order})`)
    return keepRows(keepRows(frame, sql`${column.sql} IS NOT NULL`), sql`${at} <= ${integer(c.integer('n'))}`)
  },
})

/** One aggregate a column: `agg('sum')`, `agg({'a': 'sum'})`. */
function aggregateColumns(c: Call): Value {
  const frame = frameOf(c)
  const fn = c.require('func')
  if (fn.t === 'dict') {
    const entries = new Map<string, Scalar>()
    for (const { key, value } of fn.entries) {
      const column = c.compiler.columnOf(frame, String(key.konst), c.where('func'))
      const one = c.compiler.call(
        { t: 'function', on: 'columna', name: 'agg', self: column },
        [{ name: null, given: { value, span: c.where('func') } }],
        c.span,
      )
      if (one.t !== 'scalar') return c.refuse('cada agregado debe dar un valor', undefined, 'func')
      entries.set(String(key.konst), one)
    }
    return { t: 'vector', entries }
  }
  const axis = c.konst('axis') === 1 || c.konst('axis') === 'columns'
  const args = axis ? [{ name: 'axis', given: { value: c.require('axis'), span: c.span } }] : []
  return c.compiler.call(c.compiler.attribute(c.self, c.text('func'), c.span), args, c.span)
}

/** Without `columns`, a pivot table is a groupby with one aggregate. */
export function pivot(c: Call, frame: Frame): Value {
  if (c.has('columns'))
    return c.refuse('una tabla dinámica con `columns` no se admite', 'usar `groupby([...])`', 'columns')
  const run = (self: Value, name: string, value: Value): Value =>
    c.compiler.call(
      c.compiler.attribute(self, name, c.span),
      [{ name: null, given: { value, span: c.span } }],
      c.span,
    )
  const group = run(frame, 'groupby', c.require('index'))
  if (group.t !== 'group') return group
  const values = c.value('values')
  const chosen =
    values && !(values.t === 'scalar' && values.kind === 'null')
      ? columnNames(values, c.where('values'))
      : null
  return run({ ...group, select: chosen, single: false }, 'agg', perColumn(c, frame, chosen))
}

function perColumn(c: Call, frame: Frame, chosen: string[] | null): Value {
  const keys = c.require('index')
  const byKey = new Set(columnNames(keys, c.where('index')))
  const numbers = [...frame.columns].filter(([, column]) => isNumeric(column.kind)).map(([name]) => name)
  const names = (chosen ?? numbers).filter((name) => !byKey.has(name))
  return {
    t: 'dict',
    entries: names.map((name) => ({
      key: { t: 'scalar', kind: 'text', sql: sql`''`, nulls: 'none', konst: name },
      value: c.require('aggfunc'),
    })),
  }
}

const PIVOT = "values=None, index=None, columns=None, aggfunc='mean'"

export const select: FunctionDef[] = [
  {
    name: 'filter',
    on: 'df',
    params: 'items=None, like=None, regex=None',
    help: 'Las columnas de esos nombres, o cuyo nombre contiene un texto.',
    example: "df.filter(like='fecha').notna().all(axis=1)",
    call: filterColumns,
  },
  {
    name: 'select_dtypes',
    on: 'df',
    params: 'include=None, exclude=None',
    help: 'Las columnas de un tipo: number, object, bool, datetime.',
    example: "(df.select_dtypes('number') >= 0).all(axis=1)",
    call: selectTypes,
  },
  {
    name: 'assign',
    on: 'df',
    params: '**columns',
    help: 'La tabla con columnas calculadas.',
    example: "df.assign(neto=df['total'] - df['descuento'])['neto'] >= 0",
    call: assign,
  },
  ...['applymap', 'map'].map(
    (name): FunctionDef => ({
      name,
      on: 'df',
      params: 'func',
      help: 'Aplica una función a cada celda.',
      example: `df[['a', 'b']].${name}(lambda x: x > 0).all(axis=1)`,
      call: eachCell,
    }),
  ),
  ...['agg', 'aggregate'].map(
    (name): FunctionDef => ({
      name,
      on: 'df',
      params: 'func, axis=0',
      help: 'Un agregado por columna.',
      example: `df.${name}({'total': 'sum'})['total'] > 0`,
      call: aggregateColumns,
    }),
  ),
  {
    name: 'pivot_table',
    on: 'df',
    params: PIVOT,
    help: 'Un agregado por clave.',
    example: "df.pivot_table(values='total', index='estado', aggfunc='sum')['total'].max() > 0",
    call: (c) => pivot(c, frameOf(c)),
  },
  {
    name: 'pivot_table',
    on: 'pd',
    params: `data, ${PIVOT}`,
    help: 'Un agregado por clave.',
    example: "pd.pivot_table(df, values='total', index='estado')['total'].max() > 0",
    call: (c) => {
      const data = c.require('data')
      return data.t === 'frame' ? pivot(c, data) : c.refuse('se esperaba una tabla', undefined, 'data')
    },
  },
  extremes('nlargest', sql`DESC`, 'Los n registros con los mayores valores.'),
  extremes('nsmallest', sql`ASC`, 'Los n registros con los menores valores.'),
]
