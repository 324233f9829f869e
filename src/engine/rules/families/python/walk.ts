import type { Call } from '../../call'
import { align } from '../../plan/align'
import { asListColumn, folded, iterableOf, mapped, numbered, writtenList, zipped } from '../../plan/iteration'
import { arithmetic, constant, logic } from '../../plan/operators'
import { AND, COMMA, join, sql } from '../../plan/sql'
import {
  describeValue,
  isNumeric,
  type Kind,
  kindName,
  type Operand,
  scalar,
  type Value,
} from '../../plan/values'
import type { FunctionDef } from '../../registry'

/** `min` and `max` of a list of values, of a column, or of several arguments. */
function extreme(c: Call): Value {
  const name = c.def.name === 'min' ? 'min' : 'max'
  const first = c.rest[0]?.value
  const walked = c.rest.length === 1 && first ? foldedWalk(c, first, name) : null
  if (walked) return walked
  if (c.rest.length === 1 && first?.t === 'column')
    return c.compiler.call(c.compiler.attribute({ ...first, elem: false }, name, c.span), [], c.span)
  const values = c.rest.length === 1 && first?.t === 'list' ? first.items : c.rest.map((given) => given.value)
  const operands = values.map((one) => c.compiler.asOperand(one, c.span))
  let out = operands[0]
  if (!out) return c.refuse(`\`${name}\` necesita valores`)
  for (const next of operands.slice(1)) {
    const rows = align(out, next, c.span)
    const kind: Kind =
      out.kind === next.kind
        ? out.kind
        : isNumeric(out.kind) && isNumeric(next.kind)
          ? 'float'
          : c.refuse(`no se puede comparar ${kindName(out.kind)} con ${kindName(next.kind)}`)
    // Python keeps the first unless the next is really beyond it; nothing is beyond NaN, nor NaN beyond anything.
    const beyond = name === 'min' ? sql`${rows.right} < ${rows.left}` : sql`${rows.right} > ${rows.left}`
    const piece = sql`CASE WHEN ${beyond} THEN ${rows.right} ELSE ${rows.left} END`
    out = rows.rows ? { ...rows.rows, kind, sql: piece, nulls: 'null' } : scalar(kind, piece)
  }
  return out
}

/** What was walked inside one record, folded; null when the value is something else. */
function foldedWalk(c: Call, value: Value, name: 'sum' | 'min' | 'max' | 'all' | 'any'): Value | null {
  const list = asListColumn(c.compiler, value, c.span)
  return list ? folded(list, name, c.span) : null
}

function total(c: Call): Value {
  const value = c.require('iterable')
  const walked = foldedWalk(c, value, 'sum')
  if (walked) return walked
  if (value.t === 'list')
    return value.items.reduce<Value>(
      (sum, item) =>
        c.compiler.call(
          { t: 'function', on: 'np', name: 'add', self: null },
          [sum, item].map((one) => ({ name: null, given: { value: one, span: c.span } })),
          c.span,
        ),
      constant(0),
    )
  if (value.t === 'frame' && value.elem)
    return c.refuse('`sum` de un registro no salta los nulos', 'usar `r.sum()`', 'iterable')
  const of: Value = value.t === 'column' && !value.partition ? { ...value, elem: false } : value
  return c.compiler.call(c.compiler.attribute(of, 'sum', c.span), [], c.span)
}

/** `all` and `any` of a column, or of conditions joined one by one. */
const quantifier = (name: 'all' | 'any'): FunctionDef => ({
  name,
  on: 'python',
  params: 'iterable',
  help: name === 'all' ? 'Verdadero si todos lo son.' : 'Verdadero si alguno lo es.',
  example: `${name}(x > 0 for x in df['precio'])`,
  call: (c) => {
    const value = c.require('iterable')
    const walked = foldedWalk(c, value, name)
    if (walked) return walked
    if (value.t === 'list') {
      const operands = value.items.map((item) => c.compiler.asOperand(item, c.span))
      return operands.reduce<Operand>(
        (out, one) => logic(name === 'all' ? '&' : '|', out, one, c.span, true),
        constant(name === 'all'),
      )
    }
    const of: Value = value.t === 'column' ? { ...value, elem: false } : value
    return c.compiler.call(c.compiler.attribute(of, name, c.span), [], c.span)
  },
})

const tuple = (items: Value[]): Value => ({ t: 'list', flavour: 'tuple', items })

/** Columns side by side for `dict(zip(keys, values))`; inside one record, elements side by side. */
function zip(c: Call): Value {
  const values = c.rest.map((given) => given.value)
  const walked = values.map(iterableOf)
  const rows = walked.find((one) => one !== null)?.rows
  if (rows) {
    const parts = values.map(
      (value, i) =>
        walked[i] ??
        (value.t === 'list'
          ? writtenList(value.items, rows, c.span)
          : c.refuse(`no se puede recorrer ${describeValue(value)} junto a un texto`)),
    )
    return zipped(parts) ?? tuple([])
  }
  if (values.length > 0 && values.every((value) => value.t === 'list')) {
    const size = Math.min(...values.map((value) => (value.t === 'list' ? value.items.length : 0)))
    const at = (value: Value, i: number): Value[] => (value.t === 'list' ? value.items.slice(i, i + 1) : [])
    return {
      t: 'list',
      flavour: 'list',
      items: Array.from({ length: size }, (_, i) => tuple(values.flatMap((value) => at(value, i)))),
    }
  }
  return tuple(values)
}

/** Elements of a `range`, at most. */
const MAX_RANGE = 5000

/** `range(len(x))`: as long as each record says. */
function rangeOfRecord(c: Call): Value | null {
  const limits = c.rest.map((given) => given.value)
  const rows = limits.find((value) => value.t === 'column' && value.elem && value.kind === 'int')
  if (rows?.t !== 'column' || limits.length > 3) return null
  const pieces = limits.map((value) => sql`TRY_CAST(${c.compiler.asOperand(value, c.span).sql} AS BIGINT)`)
  // Data says how long it is, and data may say anything.
  const short = join(
    pieces.map((piece) => sql`abs(${piece}) <= ${MAX_RANGE}`),
    AND,
  )
  const list = sql`CASE WHEN ${short} THEN range(${join(pieces, COMMA)}) END`
  return { ...rows, kind: 'list', items: 'int', sql: list, name: undefined }
}

function range(c: Call): Value {
  const dynamic = rangeOfRecord(c)
  if (dynamic) return dynamic
  const [a, b, s] = c.rest.map((given) =>
    given.value.t === 'scalar' && typeof given.value.konst === 'number'
      ? given.value.konst
      : c.refuse('`range` recibe números enteros'),
  )
  const [start, stop, step] = b === undefined ? [0, a ?? 0, 1] : [a ?? 0, b, s ?? 1]
  if (step === 0) return c.refuse('el paso no puede ser 0')
  const size = Math.max(0, Math.ceil((stop - start) / step))
  if (size > MAX_RANGE) return c.refuse(`el rango tiene más de ${MAX_RANGE} valores`, 'usar `.between(a, b)`')
  return {
    t: 'list',
    flavour: 'list',
    items: Array.from({ length: size }, (_, i) => constant(start + i * step)),
  }
}

/** What goes over several values: of a list, of one record, of a column. */
export const walk: FunctionDef[] = [
  {
    name: 'min',
    on: 'python',
    params: '*values',
    help: 'El menor.',
    example: "df.apply(lambda r: min(r['a'], r['b']) >= 0, axis=1)",
    call: extreme,
  },
  {
    name: 'max',
    on: 'python',
    params: '*values',
    help: 'El mayor.',
    example: "df.apply(lambda r: max(r['a'], r['b']) <= 9, axis=1)",
    call: extreme,
  },
  {
    name: 'sum',
    on: 'python',
    params: 'iterable',
    help: 'La suma.',
    example: "sum(df['total']) < 1000",
    call: total,
  },
  {
    name: 'divmod',
    on: 'python',
    params: 'a, b',
    help: 'El cociente entero y el resto.',
    example: "df['codigo'].apply(lambda x: sum(divmod(int(x[0]) * 2, 10)) < 10)",
    call: (c) =>
      tuple(
        ['//', '%'].map((op) => arithmetic(op === '%' ? '%' : '//', c.operand('a'), c.operand('b'), c.span)),
      ),
  },
  {
    name: 'range',
    on: 'python',
    params: '*limits',
    help: 'Los enteros de un rango.',
    example: "df['mes'].isin(range(1, 13))",
    call: range,
  },
  {
    name: 'zip',
    on: 'python',
    params: '*columns',
    help: 'Columnas en paralelo, para `dict(zip(claves, valores))`.',
    example:
      "df['ventas']['producto'].map(dict(zip(df['productos']['codigo'], df['productos']['precio']))) > 0",
    call: zip,
  },
  {
    name: 'enumerate',
    on: 'python',
    params: 'iterable, start=0',
    help: 'Cada elemento con su posición.',
    example:
      "df['ean'].apply(lambda e: sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(e)) % 10 == 0)",
    call: (c) => {
      const value = c.require('iterable')
      const start = c.integer('start')
      if (value.t === 'list')
        return {
          t: 'list',
          flavour: 'list',
          items: value.items.map((item, i) => tuple([constant(start + i), item])),
        }
      const walked = iterableOf(value)
      return (
        (walked && numbered(walked, start)) ??
        c.refuse(`no se puede recorrer ${describeValue(value)}`, undefined, 'iterable')
      )
    },
  },
  {
    name: 'reversed',
    on: 'python',
    params: 'iterable',
    help: 'Del último al primero.',
    example: "df['codigo'].apply(lambda x: ''.join(reversed(x)) != x)",
    call: (c) => {
      const value = c.require('iterable')
      if (value.t === 'list') return { ...value, items: value.items.toReversed() }
      const walked = iterableOf(value)
      return walked
        ? { ...walked, list: sql`list_reverse(${walked.list})` }
        : c.refuse(`no se puede recorrer ${describeValue(value)}`, undefined, 'iterable')
    },
  },
  ...(['map', 'filter'] as const).map(
    (name): FunctionDef => ({
      name,
      on: 'python',
      params: 'function, iterable',
      help: name === 'map' ? 'La función aplicada a cada elemento.' : 'Los elementos que cumplen.',
      example:
        name === 'map'
          ? "df['codigo'].apply(lambda x: sum(map(int, x)) > 9)"
          : "df['codigo'].apply(lambda x: len(list(filter(str.isdigit, x))) == 3)",
      call: (c) => {
        const [fn, value] = [c.require('function'), c.require('iterable')]
        const run = (element: Value): Value => c.compiler.apply(fn, [element], c.where('function'))
        if (value.t === 'list' && name === 'map') return { ...value, items: value.items.map(run) }
        const walked = iterableOf(value)
        if (!walked) return c.refuse(`no se puede recorrer ${describeValue(value)}`, undefined, 'iterable')
        return name === 'map'
          ? mapped(c.compiler, walked, c.span, run, null)
          : mapped(c.compiler, walked, c.span, (element) => element, run)
      },
    }),
  ),
  quantifier('all'),
  quantifier('any'),
]
