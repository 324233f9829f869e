import { fail, type Span } from '../problem'
import type { Renderer } from './render'
import { AND, col, depthOf, join, type Sql, sql } from './sql'
import { Universe } from './universe'
import { type Column, type Kind, kindName, type Operand } from './values'

export interface Aligned {
  /** A column to take rows from, or null when both sides are single values. */
  rows: Column | null
  left: Sql
  right: Sql
  /** Two keyed series: a key that one side lacks compares false. */
  found: Sql | null
}

/** Puts two operands on the same rows, as pandas aligns on the index. */
export function align(left: Operand, right: Operand, span: Span): Aligned {
  if (left.t === 'scalar' && right.t === 'scalar')
    return { rows: null, left: left.sql, right: right.sql, found: null }
  if (left.t === 'scalar' || right.t === 'scalar') {
    const rows = left.t === 'column' ? left : right
    return { rows: rows.t === 'column' ? rows : null, left: left.sql, right: right.sql, found: null }
  }
  if (left.universe === right.universe) return sameUniverse(left, right)
  const shared = alignRecords(left, right)
  if (shared) return shared
  if (left.index && right.index && left.index.length === right.index.length)
    return joinOnKey(left, right, span)
  const hint = 'relacionarlas con `.map(tabla.set_index(clave)[columna])`, `merge` o `isin`'
  return fail('ROWS', 'no se pueden operar columnas de tablas distintas fila a fila', span, hint)
}

function sameUniverse(left: Column, right: Column): Aligned {
  const a = left.filter?.key ?? ''
  const b = right.filter?.key ?? ''
  const partition = left.partition ?? right.partition
  const rows: Column = { ...left, partition, elem: left.elem || right.elem }
  if (a === b) return { rows, left: left.sql, right: right.sql, found: null }
  const only = (column: Column): Sql =>
    column.filter ? sql`CASE WHEN ${column.filter} THEN ${column.sql} END` : column.sql
  const filter = left.filter && right.filter ? sql`(${left.filter}) OR (${right.filter})` : null
  return { rows: { ...rows, filter }, left: only(left), right: only(right), found: null }
}

/** Rows of a merge (or of a sort) beside the records they come from. */
function alignRecords(left: Column, right: Column): Aligned | null {
  const base = left.universe.recordsOf
  if (!base || base !== right.universe.recordsOf || left.index || right.index) return null
  const [rows, other] = left.universe === base ? [right, left] : [left, right]
  if (other.universe !== base) return null
  const where = (r: Renderer): string => (other.filter ? ` WHERE ${r.text(other.filter)}` : '')
  const source = (r: Renderer): string =>
    `SELECT ${base.alias}._rec AS k0, ${r.text(other.sql)} AS v FROM ${r.from(base, depthOf(base, [other.sql, other.filter]))}${where(r)}`
  const value = rows.universe.lookup(
    `rec:${other.sql.key}|${other.filter?.key ?? ''}`,
    source,
    [{ column: 'k0', value: col(rows.universe, '_rec') }],
    'v',
  )
  return {
    rows,
    left: rows === left ? left.sql : value,
    right: rows === left ? value : right.sql,
    found: null,
  }
}

/** Joins two keyed series on their keys, keeping the keys of both. */
function joinOnKey(left: Column, right: Column, span: Span): Aligned {
  const keys = left.index ?? []
  const rightKeys = right.index ?? []
  if (left.universe.recordsOf === null && left.universe.origin === null && right.universe.origin === null) {
    fail('ROWS', 'no se pueden operar estas series: no comparten clave', span)
  }
  const universe = Universe.derived((r) => {
    const side = (column: Column, columnKeys: Sql[], rec: boolean): string => {
      const list = columnKeys.map((key, i) => `${r.text(key)} AS k${i}`)
      if (rec && column.universe.recordsOf) list.push(`${column.universe.alias}._rec AS _rec`)
      const where = column.filter ? ` WHERE ${r.text(column.filter)}` : ''
      return `SELECT ${list.join(', ')}, ${r.text(column.sql)} AS v, TRUE AS f FROM ${r.from(column.universe, depthOf(column.universe, [column.sql, column.filter, ...columnKeys]))}${where}`
    }
    const on = keys.map((_, i) => `_l.k${i} = _r.k${i}`).join(' AND ')
    const shared = keys.map((_, i) => `coalesce(_l.k${i}, _r.k${i}) AS k${i}`).join(', ')
    const rec = left.universe.recordsOf ? ', _l._rec AS _rec' : ''
    return (
      `SELECT ${shared}${rec}, _l.v AS a, _r.v AS b, coalesce(_l.f AND _r.f, FALSE) AS f ` +
      `FROM (${side(left, keys, true)}) AS _l FULL JOIN (${side(right, rightKeys, false)}) AS _r ON ${on}`
    )
  })
  universe.keyKinds = keys.map((_, i) => left.universe.labelKind(keys, i) ?? 'text')
  keys.forEach((_, i) => {
    sameLabel(left.universe.labelKind(keys, i), right.universe.labelKind(rightKeys, i), span)
  })
  universe.recordsOf = left.universe.recordsOf
  universe.order = keys.map((_, i) => col(universe, `k${i}`))
  const origin = left.universe.origin
  // Groups of the left side still answer for their records: their key columns become k0..kN here.
  if (origin && !universe.recordsOf) {
    universe.origin = { ...origin, keys: origin.keys.map((key, i) => ({ from: key.from, column: `k${i}` })) }
  }
  const rows: Column = { ...left, universe, filter: null, index: keys.map((_, i) => col(universe, `k${i}`)) }
  return { rows, left: col(universe, 'a'), right: col(universe, 'b'), found: col(universe, 'f') }
}

/** `source` of a keyed series for a lookup: one row a key. */
export function keyedSource(series: Column): { key: string; source: (r: Renderer) => string } {
  const index = series.index ?? []
  const key = `lookup:${series.universe.id}:${series.sql.key}:${series.filter?.key ?? ''}:${join(index, AND).key}`
  return {
    key,
    source: (r) => {
      const list = index.map((piece, i) => `${r.text(piece)} AS k${i}`)
      const names = index.map((_, i) => `k${i}`)
      const where = series.filter ? ` WHERE ${r.text(series.filter)}` : ''
      const inner = `SELECT ${list.join(', ')}, ${r.text(series.sql)} AS v FROM ${r.from(series.universe, depthOf(series.universe, [series.sql, series.filter, ...index]))}${where}`
      return `SELECT ${names.join(', ')}, first(v) AS v FROM (${inner}) GROUP BY ${names.join(', ')}`
    },
  }
}

/** A label is only looked for among labels of its own kind. */
export function sameLabel(a: Kind | undefined, b: Kind | undefined, span: Span): void {
  const numeric = (kind: Kind): boolean => kind === 'int' || kind === 'float'
  if (
    a === undefined ||
    b === undefined ||
    a === b ||
    a === 'null' ||
    b === 'null' ||
    (numeric(a) && numeric(b))
  )
    return
  fail(
    'TYPE',
    `las claves son de tipos distintos: ${kindName(a)} y ${kindName(b)}`,
    span,
    'convertir una de las dos con `.astype(str)`',
  )
}

/** The values of a keyed series at the keys given, on the rows of those keys. */
export function lookupSeries(keys: Column[], series: Column, span: Span): Sql {
  keys.forEach((one, i) => {
    sameLabel(one.kind, series.universe.labelKind(series.index ?? [], i), span)
  })
  const first = keys[0]
  if (!first) throw new Error('a lookup needs a key')
  const { key, source } = keyedSource(series)
  return first.universe.lookup(
    key,
    source,
    keys.map((k, i) => ({ column: `k${i}`, value: k.sql })),
    'v',
  )
}
