import type { Call } from '../../call'
import { columnNames } from '../../plan/frames'
import { sql } from '../../plan/sql'
import type { Column, Frame, Value } from '../../plan/values'
import { frameOf } from './shape'

export function setIndex(c: Call): Value {
  const frame = frameOf(c)
  const names = columnNames(c.require('keys'), c.where('keys'))
  const keys = names.map((name) => c.compiler.columnOf(frame, name, c.where('keys')))
  for (const key of keys) frame.universe.labelled(key.sql, key.kind)
  const columns = new Map(frame.columns)
  if (c.flag('drop')) for (const name of names) columns.delete(name)
  return { ...frame, columns, index: keys.map((key) => key.sql), indexNames: names }
}

export function resetIndex(c: Call): Value {
  const self = c.self
  if (self.t === 'frame') return restoreIndex(self, c.flag('drop'))
  const column = c.column()
  if (c.flag('drop') || !column.index) return { ...column, index: null }
  const names = column.index.map((_, i) => (column.index && column.index.length > 1 ? `level_${i}` : 'index'))
  const frame: Frame = {
    t: 'frame',
    universe: column.universe,
    columns: new Map([[column.name ?? '0', column]]),
    filter: column.filter,
    index: column.index,
    indexNames: c.compiler.indexNames.get(column.universe) ?? names,
    elem: false,
    partition: null,
    catalog: null,
  }
  return restoreIndex(frame, false)
}

/** Brings the keys back as columns. */
function restoreIndex(frame: Frame, forget: boolean): Frame {
  if (forget || !frame.index) return { ...frame, index: null, indexNames: [] }
  const columns = new Map<string, Column>()
  const any = [...frame.columns.values()][0]
  frame.index.forEach((piece, i) => {
    const name = frame.indexNames[i] ?? `level_${i}`
    const kind = frame.universe.labelKind(frame.index ?? [], i) ?? 'text'
    if (any) columns.set(name, { ...any, kind, sql: piece, nulls: 'null', index: null, name })
  })
  for (const [name, column] of frame.columns) columns.set(name, { ...column, index: null })
  return { ...frame, columns, index: null, indexNames: [] }
}

export function indexOf(c: Call, of: Frame | Column): Value {
  const column = of.t === 'column' ? of : [...of.columns.values()][0]
  if (!column) return c.refuse('la tabla no tiene columnas')
  const key = of.index?.[0]
  if (!key)
    return {
      ...column,
      kind: 'int',
      sql: sql`(${column.universe.order[0] ?? sql`1`} - 1)`,
      nulls: 'none',
      filter: of.filter,
      index: null,
    }
  if (of.index && of.index.length > 1)
    return c.refuse('un índice de varias claves no se puede recorrer', 'usar `.reset_index()`')
  return {
    ...column,
    kind: column.universe.labelKind(of.index ?? [], 0) ?? 'text',
    sql: key,
    nulls: 'null',
    filter: of.filter,
    index: null,
  }
}
