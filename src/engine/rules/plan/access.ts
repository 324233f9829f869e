import type { Compiler } from '../compiler'
import { didYouMean, fail, type Span } from '../problem'
import { lookupSeries, sameLabel } from './align'
import { columnNames, keepRows, subFrame } from './frames'
import { characters, writtenList } from './iteration'
import { constant, strictBool } from './operators'
import { bounds, dynamicItem, listItem, position, sliceList } from './positions'
import { byKey, keyed, label, nth, nthOfGroup, row, rowNumber } from './row-picks'
import { AND, COMMA, join, type Sql, sql } from './sql'
import { sliceText, textItem } from './text-slices'
import {
  type Column,
  describeValue,
  type Frame,
  isOperand,
  kindName,
  type Scalar,
  type Value,
} from './values'

export type Key = { span: Span; value: Value } | { span: Span; slice: (Scalar | null)[] }

/** `object[keys]`. */
export function selectRows(compiler: Compiler, object: Value, keys: Key[], span: Span): Value {
  const key = keys[0]
  if (!key) return fail('SYNTAX', 'faltan los corchetes por llenar', span)
  if (object.t === 'accessor' && (object.kind === 'loc' || object.kind === 'iloc'))
    return locate(compiler, object.of, keys, object.kind, span)
  if (keys.length > 1) {
    return fail(
      'UNSUPPORTED',
      'aquí va un solo valor entre corchetes',
      span,
      'para filas y columna a la vez usar `.loc[condición, columna]`',
    )
  }
  if ('slice' in key) return slice(object, key.slice, span)
  return takeItem(compiler, object, key.value, key.span)
}

export function takeItem(compiler: Compiler, object: Value, key: Value, span: Span): Value {
  switch (object.t) {
    case 'package':
      return catalog(object.frames, key, span)
    case 'frame':
      return frameItem(compiler, object, key, span)
    case 'column':
      return columnItem(compiler, object, key, span)
    case 'scalar':
      if (object.kind === 'text') return textItem(object, position(key, span))
      if (object.kind === 'list') return listItem(object, position(key, span))
      return fail('TYPE', `${describeValue(object)} no tiene elementos`, span)
    case 'accessor':
      return accessorItem(object.of, key, span)
    case 'group':
      return groupItem(object, key, span)
    case 'vector':
      return vectorItem(object.entries, key, span)
    case 'list': {
      if (key.t === 'column' && key.elem && key.kind === 'int') {
        const list = writtenList(object.items, key, span)
        return list.item(dynamicItem(key, list.list))
      }
      const index = position(key, span)
      return object.items.at(index) ?? fail('INDEX', 'la lista no tiene ese elemento', span)
    }
    case 'dict': {
      if (key.t !== 'scalar')
        return fail(
          'TYPE',
          'la clave debe ser un valor escrito',
          span,
          'para traducir una columna usar `.map({...})`',
        )
      const entry = object.entries.find((one) => one.key.konst === key.konst)
      return entry?.value ?? fail('KEY', 'el diccionario no tiene esa clave', span)
    }
    default:
      return fail('TYPE', `${describeValue(object)} no admite corchetes`, span)
  }
}

function catalog(frames: Map<string, Frame>, key: Value, span: Span): Value {
  if (key.t !== 'scalar' || typeof key.konst !== 'string')
    return fail('CATALOG', 'aquí va el nombre de un catálogo entre comillas', span)
  const frame = frames.get(key.konst)
  if (frame) return frame
  const known = [...frames.keys()]
  return fail(
    'CATALOG',
    `no existe el catálogo \`${key.konst}\`${didYouMean(key.konst, known)}`,
    span,
    `catálogos: ${known.join(', ')}`,
  )
}

function frameItem(compiler: Compiler, frame: Frame, key: Value, span: Span): Value {
  if (key.t === 'scalar' && (typeof key.konst === 'string' || typeof key.konst === 'number')) {
    return compiler.columnOf(frame, String(key.konst), span)
  }
  if (key.t === 'list' || key.t === 'vector') {
    const names = key.t === 'list' ? columnNames(key, span) : [...key.entries.keys()]
    return subFrame(compiler, frame, names, span)
  }
  if (key.t === 'column') return keepRows(frame, condition(frame, key, span))
  if (key.t === 'frame')
    return fail(
      'TYPE',
      'el filtro debe ser una columna de verdadero/falso',
      span,
      'usar `.all(axis=1)` o `.any(axis=1)`',
    )
  return fail('TYPE', `una tabla no se indexa con ${describeValue(key)}`, span)
}

function condition(rows: Frame | Column, key: Column, span: Span): Sql {
  if (key.kind !== 'bool')
    return fail('TYPE', `el filtro debe ser verdadero/falso, no ${kindName(key.kind)}`, span)
  if (key.universe !== rows.universe) {
    const labels = labelColumns(rows)
    if (labels.length === 0 || labels.length !== key.index?.length)
      return fail('ROWS', 'el filtro es de otra tabla', span)
    // Both have a key (two `value_counts()`): the filter is looked up by it.
    return sql`coalesce(${lookupSeries(labels, { ...key, sql: strictBool(key) }, span)}, FALSE)`
  }
  const own = strictBool(key)
  return key.filter ? sql`(${key.filter}) AND ${own}` : own
}

/** The labels of keyed rows, as columns of them. */
function labelColumns(rows: Frame | Column): Column[] {
  const any = rows.t === 'column' ? rows : [...rows.columns.values()][0]
  if (!any) return []
  return (rows.index ?? []).map(
    (piece, i): Column => ({
      ...any,
      kind: rows.universe.labelKind(rows.index ?? [], i) ?? 'text',
      sql: piece,
      nulls: 'null',
      filter: rows.filter,
      index: null,
    }),
  )
}

function columnItem(compiler: Compiler, column: Column, key: Value, span: Span): Value {
  if (column.elem) {
    const at = key.t === 'column' && key.elem && key.kind === 'int' ? key : null
    if (at && column.kind === 'text')
      return { ...column, sql: dynamicItem(at, characters(column.sql)), nulls: 'null' }
    if (at && column.kind === 'list')
      return {
        ...column,
        kind: column.items ?? 'text',
        items: undefined,
        sql: dynamicItem(at, column.sql),
        nulls: 'null',
      }
    if (column.kind === 'text') return textItem(column, position(key, span))
    if (column.kind === 'list') return listItem(column, position(key, span))
  }
  if (column.partition && key.t === 'scalar')
    return fail('UNSUPPORTED', 'dentro de un grupo se elige por posición', span, 'usar `.iloc[0]`')
  if (key.t === 'column' && key.kind === 'bool') return keepRows(column, condition(column, key, span))
  if (key.t === 'scalar') return column.index ? keyed(column, [key], span) : label(column, key, span)
  if (key.t === 'column') return byKey(column, [key], span)
  if (key.t === 'list' && column.index?.length === key.items.length && key.flavour === 'tuple') {
    return keyed(
      column,
      key.items.map((item) => compiler.asOperand(item, span)).filter((one) => one.t === 'scalar'),
      span,
    )
  }
  return fail('TYPE', `una columna no se indexa con ${describeValue(key)}`, span)
}

function accessorItem(of: Value, key: Value, span: Span): Value {
  if (!isOperand(of)) return fail('TYPE', 'aquí no se admiten corchetes', span)
  if (of.kind === 'list') return listItem(of, position(key, span))
  if (of.kind === 'text') return textItem(of, position(key, span))
  return fail('TYPE', `\`.str[...]\` no se aplica a ${kindName(of.kind)}`, span)
}

function groupItem(group: Value & { t: 'group' }, key: Value, span: Span): Value {
  const names = columnNames(key, span)
  for (const name of names) {
    if (!group.frame.columns.has(name)) {
      return fail(
        'COLUMN',
        `no existe la columna \`${name}\`${didYouMean(name, group.frame.columns.keys())}`,
        span,
      )
    }
  }
  return { ...group, select: names, single: key.t !== 'list' }
}

function vectorItem(entries: Map<string, Scalar>, key: Value, span: Span): Value {
  const name = key.t === 'scalar' ? String(key.konst) : ''
  return (
    entries.get(name) ??
    fail('COLUMN', `no existe la columna \`${name}\`${didYouMean(name, entries.keys())}`, span)
  )
}

function slice(object: Value, parts: (Scalar | null)[], span: Span): Value {
  const [start, stop, step] = bounds(parts, span)
  const of = object.t === 'accessor' && object.kind === 'str' ? object.of : object
  if (of.t === 'list') {
    if (step !== 1) return fail('UNSUPPORTED', 'el paso del corte debe ser 1', span)
    return { ...of, items: of.items.slice(start ?? 0, stop ?? undefined) }
  }
  if (isOperand(of) && of.kind === 'text' && (object.t === 'accessor' || of.t === 'scalar' || of.elem))
    return sliceText(of, start, stop, step)
  if (isOperand(of) && of.kind === 'list' && (object.t === 'accessor' || of.t === 'scalar' || of.elem))
    return { ...of, sql: sliceList(of.sql, start, stop, step, span) }
  if (of.t === 'frame' || of.t === 'column') return sliceRows(of, start, stop, step, span)
  return fail('TYPE', `${describeValue(object)} no se puede cortar`, span)
}

export function sliceRows<T extends Frame | Column>(
  of: T,
  start: number | null,
  stop: number | null,
  step: number,
  span: Span,
): T {
  if (step !== 1) return fail('UNSUPPORTED', 'el paso del corte de filas debe ser 1', span)
  const conditions: Sql[] = []
  if (start !== null && start !== 0)
    conditions.push(start > 0 ? sql`${rowNumber(of)} > ${start}` : sql`${rowNumber(of, true)} <= ${-start}`)
  if (stop !== null)
    conditions.push(stop >= 0 ? sql`${rowNumber(of)} <= ${stop}` : sql`${rowNumber(of, true)} > ${-stop}`)
  return conditions.length === 0 ? of : keepRows(of, join(conditions, AND))
}

/** `.loc[rows, columns]` and `.iloc[...]`. */
function locate(compiler: Compiler, of: Value, keys: Key[], kind: 'loc' | 'iloc', span: Span): Value {
  const [rows, columns] = keys
  if (!rows) return fail('SYNTAX', 'faltan los corchetes por llenar', span)
  if (of.t === 'frame') {
    if (!columns) return rowsOf(compiler, of, rows, kind)
    return rowsOf(compiler, pickColumns(compiler, of, columns, kind), rows, kind)
  }
  if (columns) return fail('ARGUMENT', 'una columna solo admite filas entre corchetes', columns.span)
  if (of.t === 'vector') return 'slice' in rows ? of : vectorItem(of.entries, rows.value, rows.span)
  return rowsOf(compiler, of, rows, kind)
}

function pickColumns(compiler: Compiler, frame: Frame, key: Key, kind: 'loc' | 'iloc'): Frame | Column {
  if ('slice' in key) {
    const [start, stop] = key.slice
    if (start || stop) return fail('UNSUPPORTED', 'elegir las columnas por nombre', key.span)
    return frame
  }
  const names = [...frame.columns.keys()]
  const byPosition = (value: Value): Value =>
    kind === 'iloc' ? constant(names.at(position(value, key.span)) ?? '') : value
  if (key.value.t === 'list')
    return subFrame(
      compiler,
      frame,
      columnNames({ ...key.value, items: key.value.items.map(byPosition) }, key.span),
      key.span,
    )
  const value = frameItem(compiler, frame, byPosition(key.value), key.span)
  if (value.t === 'column' || value.t === 'frame') return value
  return fail('TYPE', 'aquí va el nombre de una columna', key.span)
}

function rowsOf(compiler: Compiler, of: Value, key: Key, kind: 'loc' | 'iloc'): Value {
  if (of.t !== 'frame' && of.t !== 'column')
    return fail('TYPE', `${describeValue(of)} no tiene filas`, key.span)
  if ('slice' in key) {
    const [start, stop, step] = bounds(key.slice, key.span)
    // Labels of `.loc` include the end.
    return sliceRows(of, start, kind === 'loc' && stop !== null ? stop + 1 : stop, step, key.span)
  }
  const value = key.value.t === 'lambda' ? compiler.apply(key.value, [of], key.span) : key.value
  if (value.t === 'column' && value.kind === 'bool') return keepRows(of, condition(of, value, key.span))
  if (value.t === 'column' && of.t === 'column') return byKey(of, [value], key.span)
  if (value.t === 'list' && of.t === 'column' && of.index?.length === 1) {
    const index = of.index[0]
    const labels = value.items.map((item) => compiler.asOperand(item, key.span))
    for (const label of labels) sameLabel(label.kind, of.universe.labelKind(of.index, 0), key.span)
    const items = labels.map((label) => label.sql)
    return index && items.length > 0
      ? keepRows(of, sql`coalesce(${index} IN (${join(items, COMMA)}), FALSE)`)
      : fail('ARGUMENT', 'la lista está vacía', key.span)
  }
  if (value.t === 'scalar' && of.t === 'column') {
    if (kind === 'iloc')
      return of.partition ? nthOfGroup(of, position(value, key.span)) : nth(of, position(value, key.span))
    if (of.partition)
      return fail('UNSUPPORTED', 'dentro de un grupo se elige por posición', key.span, 'usar `.iloc[0]`')
    return of.index ? keyed(of, [value], key.span) : label(of, value, key.span)
  }
  if (value.t === 'scalar' && of.t === 'frame') return rowVector(compiler, of, value, kind, key.span)
  return fail('TYPE', `las filas no se eligen con ${describeValue(value)}`, key.span)
}

function rowVector(compiler: Compiler, frame: Frame, value: Scalar, kind: 'loc' | 'iloc', span: Span): Value {
  const entries = new Map<string, Scalar>()
  for (const name of frame.columns.keys()) {
    const column = compiler.columnOf(frame, name, span)
    const cell =
      kind === 'iloc'
        ? nth(column, position(value, span))
        : frame.index
          ? keyed(column, [value], span)
          : row(column, position(value, span), span)
    entries.set(name, cell)
  }
  return { t: 'vector', entries }
}
