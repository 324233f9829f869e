import type { Call } from '../../call'
import { columnNames, keepRows } from '../../plan/frames'
import { constant } from '../../plan/operators'
import { sql } from '../../plan/sql'
import { type Column, derive, describeValue, type Frame, isOperand, type Value } from '../../plan/values'
import { RuleError } from '../../problem'
import { parseExpression } from '../../syntax/parse'
import { duplicated } from '../columna/membership'
import { frameOf } from './shape'

/** The columns named, or all. */
export function chosen(c: Call, frame: Frame, argument: string): Column[] {
  const value = c.value(argument)
  if (!value || (value.t === 'scalar' && value.kind === 'null')) return c.compiler.columnsOf(frame, c.span)
  return columnNames(value, c.where(argument)).map((name) =>
    c.compiler.columnOf(frame, name, c.where(argument)),
  )
}

export function apply(c: Call): Value {
  const frame = frameOf(c)
  const fn = c.require('func')
  const axis = c.konst('axis')
  if (axis === 1 || axis === 'columns') return byRow(c, frame, fn)
  const columns = new Map(frame.columns)
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.apply(fn, [column], c.where('func'))
    if (value.t !== 'column') {
      if (value.t === 'scalar') return perColumn(c, frame, fn)
      return c.refuse(`la función da ${describeValue(value)}`, undefined, 'func')
    }
    columns.set(column.name ?? '', value)
  }
  return { ...frame, columns }
}

function perColumn(c: Call, frame: Frame, fn: Value): Value {
  const entries = new Map()
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.apply(fn, [column], c.where('func'))
    if (value.t === 'scalar') entries.set(column.name ?? '', value)
  }
  return { t: 'vector', entries }
}

function byRow(c: Call, frame: Frame, fn: Value): Value {
  const value = c.compiler.apply(fn, [{ ...frame, elem: true }], c.where('func'))
  if (!isOperand(value))
    return c.refuse(`la función da ${describeValue(value)}`, 'debe dar un valor por registro', 'func')
  if (value.t === 'column') return { ...value, elem: frame.elem }
  const any = [...frame.columns.values()][0]
  if (!any) return value
  return {
    ...derive({ ...any, filter: frame.filter, index: frame.index }, value.kind, value.sql, value.nulls),
    elem: false,
    name: undefined,
  }
}

export function dropna(c: Call): Value {
  const frame = frameOf(c)
  const columns = chosen(c, frame, 'subset')
  const all = c.choice('how', ['any', 'all'] as const) === 'all'
  const tests = columns.map((column) =>
    column.nulls === 'null' ? sql`${column.sql} IS NOT NULL` : sql`TRUE`,
  )
  const first = tests[0]
  if (!first) return frame
  return keepRows(
    frame,
    tests.slice(1).reduce((out, one) => (all ? sql`${out} OR ${one}` : sql`${out} AND ${one}`), first),
  )
}

export function dropDuplicates(c: Call): Value {
  const frame = frameOf(c)
  return keepRows(frame, sql`NOT ${duplicated(c, chosen(c, frame, 'subset')).sql}`)
}

export function drop(c: Call): Value {
  const frame = frameOf(c)
  const given = c.has('columns') ? 'columns' : 'labels'
  if (given === 'labels' && c.konst('axis') !== 1 && c.konst('axis') !== 'columns')
    return c.refuse('solo se quitan columnas', "usar `drop(columns=['a'])`")
  const columns = new Map(frame.columns)
  for (const name of columnNames(c.require(given), c.where(given))) {
    c.compiler.columnOf(frame, name, c.where(given))
    columns.delete(name)
  }
  return { ...frame, columns }
}

export function rename(c: Call): Value {
  const frame = frameOf(c)
  const names = c.require('columns')
  if (names.t !== 'dict')
    return c.refuse("las columnas se renombran con un diccionario: `{'a': 'b'}`", undefined, 'columns')
  const columns = new Map<string, Column>()
  for (const [name, column] of frame.columns) {
    const entry = names.entries.find((one) => one.key.konst === name)
    const to = entry?.value.t === 'scalar' && typeof entry.value.konst === 'string' ? entry.value.konst : name
    columns.set(to, { ...column, name: to })
  }
  return { ...frame, columns }
}

export function eachColumn(c: Call, name: string): Value {
  const frame = frameOf(c)
  const columns = new Map(frame.columns)
  const args = c.def.parsed
    .filter((param) => c.has(param.name))
    .map((param) => ({
      name: param.name,
      given: { value: c.require(param.name), span: c.where(param.name) },
    }))
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    const value = c.compiler.call({ t: 'function', on: 'columna', name, self: column }, args, c.span)
    if (value.t === 'column') columns.set(column.name ?? '', value)
  }
  return { ...frame, columns }
}

export function rowCell(c: Call): Value {
  const frame = frameOf(c)
  const key = c.text('key')
  if (frame.columns.has(key)) return c.compiler.columnOf(frame, key, c.where('key'))
  return c.value('default') ?? constant(null)
}

/** The expression inside `query` and `eval`: column names are names, and `&`, `|`, `~` bind like `and`, `or`, `not`. */
export function inner(c: Call, frame: Frame): Value {
  const written = c.text('expr')
  const loose = written.replace(
    /'[^']*'|"[^"]*"|`[^`]*`|[&|~]/g,
    (piece) => ({ '&': ' and ', '|': ' or ', '~': ' not ' })[piece] ?? piece,
  )
  const names: string[] = []
  // A name between accents graves is a column whose name is not an identifier.
  const source = loose.replace(/`([^`]*)`/g, (_whole, name: string) => `_col${names.push(name) - 1}`)
  const scope = new Map<string, Value>()
  for (const name of frame.columns.keys())
    if (new RegExp(`(?<![\\w])${name.replace(/[^\w]/g, '\\$&')}(?![\\w])`, 'u').test(loose))
      scope.set(name, c.compiler.columnOf(frame, name, c.where('expr')))
  names.forEach((name, i) => {
    scope.set(`_col${i}`, c.compiler.columnOf(frame, name, c.where('expr')))
  })
  try {
    return c.compiler.evaluate(parseExpression(source), scope)
  } catch (error) {
    // Places inside the text are places of another text: the argument as a whole is named.
    if (error instanceof RuleError) return c.refuse(error.message, error.hint, 'expr')
    throw error
  }
}
