import type { Call } from '../../call'
import { aggregate } from '../../plan/aggregates'
import { choose } from '../../plan/choose'
import { compareValues } from '../../plan/comparison'
import { keepRows } from '../../plan/frames'
import { asListColumn, writtenList } from '../../plan/iteration'
import { isIn } from '../../plan/membership'
import { compare, constant, invert, logic } from '../../plan/operators'
import { type Sql, sql } from '../../plan/sql'
import {
  type Const,
  derive,
  describeValue,
  type ListValue,
  type Operand,
  remake,
  type Scalar,
  type SetValue,
  type Value,
} from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'

type Side = ListValue | SetValue

/** A side of a set operation; a column counts as the set of its values. */
function side(c: Call, value: Value): Side {
  if (value.t === 'list' || value.t === 'set') return value
  if (value.t === 'column') return { t: 'set', kind: value.kind, column: value }
  return c.refuse(`no se puede comparar un conjunto con ${describeValue(value)}`)
}

const constants = (value: Side): Scalar[] | null => {
  if (value.t !== 'list') return null
  const out = value.items.filter((item) => item.t === 'scalar' && item.konst !== undefined)
  return out.length === value.items.length ? out.filter((item) => item.t === 'scalar') : null
}

/** Every value of `a` is in `b`. */
function subset(c: Call, a: Side, b: Side): Operand {
  if (a.t === 'set') {
    const inside = isIn(c.compiler, { ...a.column, elem: false }, b, c.span)
    if (inside.t !== 'column') return inside
    // A missing value is a value of the set, but never one a person listed.
    return aggregate('all', derive(inside, 'bool', inside.sql, 'false'), {}, c.span)
  }
  const items = constants(a)
  const others = constants(b)
  if (items && others)
    return constant(items.every((item) => others.some((other) => other.konst === item.konst)))
  const tests = a.items.map((item) => {
    if (item.t !== 'scalar') return c.refuse('el conjunto debe tener valores')
    if (b.t === 'set') return contained(c, item, b)
    return isIn(c.compiler, item, b, c.span)
  })
  return tests.reduce<Operand>((out, one) => logic('&', out, one, c.span), constant(true))
}

const contained = (c: Call, item: Scalar, set: SetValue): Operand => isIn(c.compiler, item, set, c.span)

const both = (c: Call): [Side, Side] => [side(c, c.require('a')), side(c, c.require('b'))]

function sameList(a: ListValue, b: ListValue): boolean {
  return (
    a.items.length === b.items.length &&
    a.items.every((item, i) => {
      const other = b.items[i]
      return item.t === 'scalar' && other?.t === 'scalar' && item.konst === other.konst
    })
  )
}

/** A list that a record holds against one written, or another of the record. */
function sameInRow(c: Call, left: Value, right: Value): Operand | null {
  const list = asListColumn(c.compiler, left, c.span) ?? asListColumn(c.compiler, right, c.span)
  if (!list) return null
  const piece = (value: Value): Sql => {
    if (value.t === 'list')
      return value.items.length === 0 ? sql`[]` : writtenList(value.items, list, c.span).list
    return (
      asListColumn(c.compiler, value, c.span)?.sql ??
      c.refuse(`no se puede comparar una lista con ${describeValue(value)}`)
    )
  }
  return remake(list, 'bool', sql`(${piece(left)} = ${piece(right)})`, 'false')
}

function equal(c: Call): Operand {
  const [left, right] = [c.require('a'), c.require('b')]
  const inRow = sameInRow(c, left, right)
  if (inRow) return inRow
  if (left.t === 'list' && right.t === 'list' && left.flavour !== 'set') {
    if (
      left.items.every((item) => item.t === 'scalar' && item.konst !== undefined) &&
      right.items.every((item) => item.t === 'scalar' && item.konst !== undefined)
    ) {
      return constant(sameList(left, right))
    }
    const tests = left.items.map((item, i) =>
      c.compiler.asOperand(
        compareValues(c.compiler, '==', item, right.items[i] ?? constant(null), c.span, c.span),
        c.span,
      ),
    )
    return tests.reduce<Operand>(
      (out, one) => logic('&', out, one, c.span),
      constant(left.items.length === right.items.length),
    )
  }
  const [a, b] = both(c)
  return logic('&', subset(c, a, b), subset(c, b, a), c.span)
}

const hidden = (name: string, call: (c: Call) => Value): FunctionDef => ({
  name: `__${name}`,
  on: 'conjunto',
  params: 'a, b',
  help: 'Comparación de listas y conjuntos.',
  example: "set(df['estado']) <= {'A', 'I'}",
  call,
})

/** Methods take the set as self. */
const method = (
  name: string,
  help: string,
  example: string,
  call: (c: Call, a: Side, b: Side) => Value,
): FunctionDef => ({
  name,
  on: 'conjunto',
  params: 'other',
  help,
  example,
  call: (c) => call(c, side(c, c.self), side(c, c.require('other'))),
})

/** `a - b` and `a & b` when `a` comes from data; lists are worked out at once. */
function keep(c: Call, a: Side, b: Side, inside: boolean): Value {
  if (a.t === 'set') {
    const test = isIn(c.compiler, a.column, b, c.span)
    const condition = inside ? test : invert(test, c.span)
    return { ...a, column: keepRows(a.column, condition.sql) }
  }
  const items = constants(a)
  const others = constants(b)
  if (items && others)
    return {
      ...a,
      items: items.filter((item) => others.some((other) => other.konst === item.konst) === inside),
    }
  if (inside && b.t === 'set') return keep(c, b, a, true)
  return c.refuse(
    'esta operación de conjuntos no se admite',
    'poner primero el conjunto que sale de los datos',
  )
}

function union(c: Call, a: Side, b: Side): Value {
  const [x, y] = [constants(a), constants(b)]
  if (!x || !y)
    return c.refuse('la unión con valores de los datos no se admite', 'usar dos condiciones con `|`')
  return {
    t: 'list',
    flavour: 'set',
    items: [...x, ...y.filter((item) => !x.some((other) => other.konst === item.konst))],
  }
}

const operator = (name: string, call: (c: Call, a: Side, b: Side) => Value): FunctionDef =>
  hidden(name, (c) => call(c, ...both(c)))

const functions: FunctionDef[] = [
  hidden('iguales', equal),
  hidden('distintos', (c) => invert(equal(c), c.span)),
  hidden('incluido', (c) => subset(c, ...both(c))),
  hidden('incluye', (c) => {
    const [a, b] = both(c)
    return subset(c, b, a)
  }),
  hidden('incluido_estricto', (c) => {
    const [a, b] = both(c)
    return logic('&', subset(c, a, b), invert(subset(c, b, a), c.span), c.span)
  }),
  hidden('incluye_estricto', (c) => {
    const [a, b] = both(c)
    return logic('&', subset(c, b, a), invert(subset(c, a, b), c.span), c.span)
  }),
  operator('&', (c, a, b) => keep(c, a, b, true)),
  operator('-', (c, a, b) => keep(c, a, b, false)),
  operator('|', union),
  method(
    'issubset',
    'Verdadero si todos sus valores están en el otro.',
    "set(df['estado']).issubset({'A', 'I'})",
    subset,
  ),
  method(
    'issuperset',
    'Verdadero si contiene todos los del otro.',
    "set(df['estado']).issuperset({'A'})",
    (c, a, b) => subset(c, b, a),
  ),
  method(
    'isdisjoint',
    'Verdadero si no comparten valores.',
    "set(df['estado']).isdisjoint({'X'})",
    (c, a, b) => {
      const shared = keep(c, a, b, true)
      return c.compiler.call(
        { t: 'function', on: 'python', name: '__vacio', self: null },
        [{ name: null, given: { value: shared, span: c.span } }],
        c.span,
      )
    },
  ),
  method(
    'intersection',
    'Los valores que comparten.',
    "len(set(df['estado']).intersection({'X'})) == 0",
    (c, a, b) => keep(c, a, b, true),
  ),
  method(
    'difference',
    'Los valores que el otro no tiene.',
    "len(set(df['estado']).difference({'A', 'I'})) == 0",
    (c, a, b) => keep(c, a, b, false),
  ),
  method('union', 'Los valores de los dos.', "{'A'}.union({'I'})", union),
  {
    name: 'tolist',
    on: 'conjunto',
    params: '',
    help: 'La misma lista.',
    example: "df.columns.tolist() == ['a', 'b']",
    call: (c) => c.self,
  },
  {
    name: 'isin',
    on: 'conjunto',
    params: 'values',
    help: 'Cada valor de la lista, ¿está en la otra?',
    example: "df.columns.isin(['a', 'b']).all()",
    call: (c) => isinList(c),
  },
  {
    name: 'all',
    on: 'conjunto',
    params: '',
    help: 'Verdadero si todos lo son.',
    example: "df.columns.isin(['a', 'b']).all()",
    call: (c) =>
      c.compiler.call(
        { t: 'function', on: 'python', name: 'all', self: null },
        [{ name: null, given: { value: c.self, span: c.span } }],
        c.span,
      ),
  },
  {
    name: 'get',
    on: 'diccionario',
    params: 'key, default=None',
    help: 'El valor de esa clave, o el otro si no está.',
    example: "df['estado'].apply(lambda x: {'A': 1, 'I': 0}.get(x, 0) > 0)",
    call: dictGet,
  },
  ...(['sum', 'any'] as const).map(
    (name): FunctionDef => ({
      name,
      on: 'conjunto',
      params: '',
      help: name === 'sum' ? 'La suma de los valores.' : 'Verdadero si alguno lo es.',
      example: `df.columns.isin(['a', 'b']).${name}() > 0`,
      call: (c) =>
        c.compiler.call(
          { t: 'function', on: 'python', name, self: null },
          [{ name: null, given: { value: c.self, span: c.span } }],
          c.span,
        ),
    }),
  ),
  {
    name: 'duplicated',
    on: 'conjunto',
    params: '',
    help: 'Verdadero en cada repetición.',
    example: 'df.columns.duplicated().sum() == 0',
    call: (c) => {
      const seen = writtenItems(c)
      return {
        t: 'list',
        flavour: 'list',
        items: seen.map((item, i) => constant(seen.slice(0, i).some((other) => other === item))),
      }
    },
  },
  {
    name: 'is_unique',
    on: 'conjunto',
    params: '',
    property: true,
    help: 'Verdadero si ninguno se repite.',
    example: 'df.columns.is_unique',
    call: (c) => constant(new Set(writtenItems(c)).size === writtenItems(c).length),
  },
  {
    name: '__vacio',
    on: 'python',
    params: 'x',
    help: 'Verdadero si no hay valores.',
    example: "set(df['estado']).isdisjoint({'X'})",
    call: (c) => {
      const value = c.require('x')
      if (value.t === 'list') return constant(value.items.length === 0)
      const size = c.compiler.call(
        { t: 'function', on: 'python', name: 'len', self: null },
        [{ name: null, given: { value, span: c.span } }],
        c.span,
      )
      const n = c.compiler.asOperand(size, c.span)
      return { t: 'scalar', kind: 'bool', sql: sql`(${n.sql} = 0)`, nulls: 'none' }
    },
  },
]

function writtenItems(c: Call): Const[] {
  const items = c.self.t === 'list' ? constants(c.self) : null
  return (
    items?.flatMap((item) => (item.konst === undefined ? [] : [item.konst])) ??
    c.refuse('se esperaba una lista escrita')
  )
}

/** `{...}.get(x, y)`: each value by the dictionary, or the other value. */
function dictGet(c: Call): Value {
  const key = c.operand('key')
  if (c.self.t !== 'dict') return c.refuse('se esperaba un diccionario')
  const dict = c.self
  const fallback = c.value('default') ?? constant(null)
  if (key.t === 'scalar' && key.konst !== undefined)
    return dict.entries.find((entry) => entry.key.konst === key.konst)?.value ?? fallback
  return dict.entries.reduceRight<Operand>(
    (out, entry) =>
      choose(
        compare('==', key, entry.key, c.where('key')),
        c.compiler.asOperand(entry.value, c.span),
        out,
        c.span,
      ),
    c.compiler.asOperand(fallback, c.span),
  )
}

function isinList(c: Call): Value {
  const list = c.self
  const values = c.require('values')
  if (list.t !== 'list' || values.t !== 'list') return c.refuse('se esperaban dos listas')
  const items = list.items.map((item) =>
    constant(
      values.items.some((other) => item.t === 'scalar' && other.t === 'scalar' && item.konst === other.konst),
    ),
  )
  return { t: 'list', flavour: 'list', items }
}

/** Lists and sets: written in the rule, or taken from a column. */
export const family: Family = { name: 'conjunto', functions }
