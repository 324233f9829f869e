import type { Call } from '../../call'
import { baseColumn, columnNames, lookupNames } from '../../plan/frames'
import { strictBool } from '../../plan/operators'
import { col, depthOf, type Sql } from '../../plan/sql'
import { Universe } from '../../plan/universe'
import { type Column, type Frame, kindName, type Value } from '../../plan/values'
import { didYouMean } from '../../problem'

export const MERGE_PARAMS =
  "right, how='inner', on=None, left_on=None, right_on=None, left_index=False, right_index=False, suffixes=None, indicator=False, validate=None"

type How = 'inner' | 'left' | 'right' | 'outer' | 'cross'

const JOINS: Record<How, string> = {
  inner: 'JOIN',
  left: 'LEFT JOIN',
  right: 'RIGHT JOIN',
  outer: 'FULL JOIN',
  cross: 'CROSS JOIN',
}

/** Tables whose columns can be joined: a named series with its key counts as one. */
function asFrame(c: Call, value: Value, name: string): Frame {
  if (value.t === 'frame') return value
  if (value.t === 'column' && value.name !== undefined) {
    return {
      t: 'frame',
      universe: value.universe,
      columns: new Map([[value.name, value]]),
      filter: value.filter,
      index: value.index,
      indexNames: [],
      elem: false,
      partition: null,
      catalog: null,
    }
  }
  return c.refuse('se une con una tabla', "elegir un catálogo: `df['clientes']`", name)
}

function keysOf(c: Call, frame: Frame, names: string[] | null, byIndex: boolean, argument: string): Column[] {
  if (names === null) {
    if (!byIndex || !frame.index)
      return c.refuse('falta la clave de la unión', "indica `on='clave'`", argument)
    return frame.index.map((piece, i) => {
      const named = frame.columns.get(frame.indexNames[i] ?? '')
      return { ...baseColumn(frame.universe, named?.kind ?? 'text', piece), filter: frame.filter }
    })
  }
  return names.map((name) => {
    if (!frame.columns.has(name))
      c.refuse(
        `no existe la columna \`${name}\`${didYouMean(name, frame.columns.keys())}`,
        lookupNames(frame),
        argument,
      )
    return c.compiler.columnOf(frame, name, c.where(argument))
  })
}

const named = (c: Call, argument: string): string[] | null => {
  const value = c.value(argument)
  if (!value || (value.t === 'scalar' && value.kind === 'null')) return null
  return columnNames(value, c.where(argument))
}

interface Sides {
  left: Frame
  right: Frame
  leftKeys: Column[]
  rightKeys: Column[]
}

function sides(c: Call, left: Frame, how: How): Sides {
  const right = asFrame(c, c.require('right'), 'right')
  if (how === 'cross') return { left, right, leftKeys: [], rightKeys: [] }
  if (c.def.name === 'join') {
    const names = named(c, 'on')
    return {
      left,
      right,
      leftKeys: keysOf(c, left, names, names === null, 'on'),
      rightKeys: keysOf(c, right, null, true, 'right'),
    }
  }
  let on = named(c, 'on')
  const leftOn = named(c, 'left_on') ?? on
  const rightOn = named(c, 'right_on') ?? on
  const byIndex = c.flag('left_index') || c.flag('right_index')
  if (on === null && leftOn === null && rightOn === null && !byIndex)
    on = [...left.columns.keys()].filter((name) => right.columns.has(name))
  const leftKeys = keysOf(c, left, leftOn ?? on, c.flag('left_index'), c.has('left_on') ? 'left_on' : 'on')
  const rightKeys = keysOf(
    c,
    right,
    rightOn ?? on,
    c.flag('right_index'),
    c.has('right_on') ? 'right_on' : 'on',
  )
  if (leftKeys.length === 0 || leftKeys.length !== rightKeys.length)
    return c.refuse('las claves de los dos lados no casan')
  leftKeys.forEach((key, i) => {
    const other = rightKeys[i]
    const numeric = (kind: string): boolean => kind === 'int' || kind === 'float'
    if (other && key.kind !== other.kind && !(numeric(key.kind) && numeric(other.kind))) {
      c.refuse(`las claves son de tipos distintos: ${kindName(key.kind)} y ${kindName(other.kind)}`)
    }
  })
  return { left, right, leftKeys, rightKeys }
}

function suffixes(c: Call): [string, string] {
  if (c.def.name === 'join') return [c.text('lsuffix'), c.text('rsuffix')]
  const value = c.value('suffixes')
  if (!value || (value.t === 'scalar' && value.kind === 'null')) return ['_x', '_y']
  if (value.t !== 'list' || value.items.length !== 2)
    return c.refuse("los sufijos van como ('_x', '_y')", undefined, 'suffixes')
  const [a, b] = value.items.map((item) =>
    item.t === 'scalar' && typeof item.konst === 'string' ? item.konst : '',
  )
  return [a ?? '', b ?? '']
}

interface Out {
  name: string
  from: Column
  side: 'l' | 'r' | 'key'
  other?: Column
}

/** The columns of the result with pandas' names: shared keys once, clashes with suffixes. */
function outputs(c: Call, s: Sides): Out[] {
  const [leftSuffix, rightSuffix] = suffixes(c)
  const on =
    c.def.name === 'join'
      ? []
      : (named(c, 'on') ??
        (c.has('left_on') || c.has('right_on') || c.flag('left_index') || c.flag('right_index')
          ? []
          : [...s.left.columns.keys()].filter((name) => s.right.columns.has(name))))
  const leftOn = c.def.name === 'join' ? [] : (named(c, 'left_on') ?? [])
  const rightOn = c.def.name === 'join' ? [] : (named(c, 'right_on') ?? [])
  const shared = new Set([...on, ...leftOn.filter((name, i) => rightOn[i] === name)])
  const out: Out[] = []
  for (const [name, from] of s.left.columns) {
    const other = shared.has(name) ? s.right.columns.get(name) : undefined
    if (other) out.push({ name, from, side: 'key', other })
    else
      out.push({
        name: s.right.columns.has(name) && !shared.has(name) ? name + leftSuffix : name,
        from,
        side: 'l',
      })
  }
  for (const [name, from] of s.right.columns) {
    if (shared.has(name)) continue
    out.push({ name: s.left.columns.has(name) ? name + rightSuffix : name, from, side: 'r' })
  }
  return out
}

const plain = (column: Column): Sql =>
  column.kind === 'bool' && column.nulls === 'false' ? strictBool(column) : column.sql

/** `left.merge(right, ...)`: a universe of its own that still answers for the records of the left catalog. */
export function mergeFrames(c: Call, left: Frame): Frame {
  const how = c.choice('how', ['inner', 'left', 'right', 'outer', 'cross'] as const)
  const s = sides(c, left, how)
  const list = outputs(c, s)
  const compiler = c.compiler
  const rec = left.universe.recordsOf !== null
  const universe: Universe = Universe.derived((r) => {
    const used = compiler.reads.get(universe) ?? new Set<string>()
    const side = (frame: Frame, keys: Column[], which: 'l' | 'r'): string => {
      const pieces = keys.map((key, i) => `${r.text(plain(key))} AS k${i}`)
      list.forEach((out, i) => {
        if (!used.has(`m${i}`)) return
        if (out.side === which) pieces.push(`${r.text(plain(out.from))} AS m${i}`)
        else if (out.side === 'key')
          pieces.push(`${r.text(plain(which === 'l' ? out.from : (out.other ?? out.from)))} AS m${i}`)
      })
      if (which === 'l' && rec) pieces.push(`${frame.universe.alias}._rec AS _rec`)
      frame.universe.order.forEach((piece, i) => {
        pieces.push(`${r.text(piece)} AS o${i}`)
      })
      pieces.push('TRUE AS f')
      const taken = list.flatMap((out) =>
        out.side === which
          ? [out.from.sql]
          : out.side === 'key'
            ? [which === 'l' ? out.from.sql : (out.other ?? out.from).sql]
            : [],
      )
      const depth = depthOf(frame.universe, [frame.filter, ...keys.map((key) => key.sql), ...taken])
      const where = frame.filter ? ` WHERE ${r.text(frame.filter)}` : ''
      return `(SELECT ${pieces.join(', ')} FROM ${r.from(frame.universe, depth)}${where}) AS _${which}`
    }
    const select = list.flatMap((out, i) => {
      if (!used.has(`m${i}`)) return []
      return [out.side === 'key' ? `coalesce(_l.m${i}, _r.m${i}) AS m${i}` : `_${out.side}.m${i} AS m${i}`]
    })
    if (rec) select.push('_l._rec AS _rec')
    select.push(
      how === 'right' ? '_r.o0 AS o0' : '_l.o0 AS o0',
      how === 'right' ? '_l.o0 AS o1' : '_r.o0 AS o1',
    )
    if (used.has('g'))
      select.push(
        `CASE WHEN _l.f IS NULL THEN 'right_only' WHEN _r.f IS NULL THEN 'left_only' ELSE 'both' END AS g`,
      )
    // pandas joins null keys with each other.
    const on = s.leftKeys.map((_, i) => `_l.k${i} IS NOT DISTINCT FROM _r.k${i}`).join(' AND ')
    const join = how === 'cross' ? '' : ` ON ${on}`
    return `SELECT ${select.join(', ')} FROM ${side(s.left, s.leftKeys, 'l')} ${JOINS[how]} ${side(s.right, s.rightKeys, 'r')}${join}`
  })
  universe.order = [col(universe, 'o0'), col(universe, 'o1')]
  universe.recordsOf = left.universe.recordsOf
  const columns = new Map<string, Column>()
  list.forEach((out, i) => {
    compiler.comesFrom(universe, `m${i}`, out.from)
    columns.set(out.name, {
      ...baseColumn(universe, out.from.kind, col(universe, `m${i}`), out.name),
      infinite: out.from.infinite ?? false,
    })
  })
  const indicator = c.def.name === 'join' ? false : c.konst('indicator')
  if (indicator !== false) {
    const name = typeof indicator === 'string' ? indicator : '_merge'
    columns.set(name, { ...baseColumn(universe, 'text', col(universe, 'g'), name), nulls: 'none' })
  }
  return {
    t: 'frame',
    universe,
    columns,
    filter: null,
    index: null,
    indexNames: [],
    elem: false,
    partition: null,
    catalog: left.catalog,
  }
}
