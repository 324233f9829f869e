import type { FieldType } from '@shared/model/schema'
import type { Compiler } from '../compiler'
import { fail, type Span } from '../problem'
import type { FrameSpec } from '../types'
import { col, type Sql, sql } from './sql'
import { Universe } from './universe'
import type { Column, Frame, Kind, Value } from './values'

const KINDS: Record<FieldType, Kind> = {
  texto: 'text',
  entero: 'int',
  decimal: 'float',
  fecha: 'date',
  booleano: 'bool',
}

/** The frame of a catalog. */
export function baseFrame(spec: FrameSpec): Frame {
  const universe = Universe.base(spec)
  const columns = new Map<string, Column>()
  spec.columns.forEach((column, i) => {
    // A repeated header keeps its first column.
    if (!columns.has(column.name))
      columns.set(column.name, baseColumn(universe, KINDS[column.type], col(universe, `c${i}`), column.name))
  })
  return {
    t: 'frame',
    universe,
    columns,
    filter: null,
    index: null,
    indexNames: [],
    elem: false,
    partition: null,
    catalog: spec.catalog,
  }
}

export function baseColumn(universe: Universe, kind: Kind, piece: Sql, name?: string): Column {
  return {
    t: 'column',
    universe,
    kind,
    sql: piece,
    nulls: 'null',
    filter: null,
    index: null,
    elem: false,
    partition: null,
    name,
  }
}

/** A table whose columns nobody counted has no shape, and nothing goes over all of it. */
export function refuseOpen(of: Frame | Column, span: Span): void {
  if (of.t === 'frame' && of.open)
    fail(
      'UNSUPPORTED',
      'las partes de un `split` se toman una a una: `[0]`, `[1]`',
      span,
      'para contarlas usar `.str.split(...).str.len()`',
    )
}

export const both = (a: Sql | null, b: Sql | null): Sql | null =>
  a === null ? b : b === null ? a : sql`(${a}) AND (${b})`

/** Only the rows where `condition` (over the frame's own rows) is true. */
export function keepRows<T extends Frame | Column>(of: T, condition: Sql): T {
  return { ...of, filter: both(of.filter, condition) }
}

export function subFrame(compiler: Compiler, frame: Frame, names: string[], span: Span): Frame {
  const columns = new Map<string, Column>()
  for (const name of names) columns.set(name, compiler.columnOf(frame, name, span))
  return { ...frame, columns }
}

/** A list of column names, written in the rule. */
export function columnNames(value: Value, span: Span): string[] {
  const items = value.t === 'list' ? value.items : [value]
  return items.map((item) => {
    if (item.t === 'scalar' && typeof item.konst === 'string') return item.konst
    if (item.t === 'scalar' && typeof item.konst === 'number') return String(item.konst)
    return fail('ARGUMENT', 'aquí van nombres de columna escritos entre comillas', span)
  })
}

/** `Columnas: a, b, c`, for a hint. */
export function lookupNames(frame: Frame): string {
  const names = [...frame.columns.keys()]
  const shown = names.slice(0, 12).join(', ')
  return `columnas: ${shown}${names.length > 12 ? '…' : ''}`
}
