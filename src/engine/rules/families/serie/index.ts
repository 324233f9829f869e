import type { Call } from '../../call'
import { arithmetic, asDouble, compare, constant, logic } from '../../plan/operators'
import { type Sql, sql } from '../../plan/sql'
import { type Operand, remake, type Scalar, scalar, type Value, type Vector } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { roundTo } from '../numpy/rounding'

function vectorOf(c: Call): Vector {
  return c.self.t === 'vector' ? c.self : c.refuse('se esperaba una serie por columna')
}

/** All the entries folded into one value. */
function fold(c: Call, start: Operand, step: (out: Operand, one: Scalar) => Operand): Value {
  return [...vectorOf(c).entries.values()].reduce<Operand>(step, start)
}

function extreme(c: Call, fn: Sql): Value {
  const entries = [...vectorOf(c).entries.values()]
  const first = entries[0]
  if (!first) return constant(null)
  return entries
    .slice(1)
    .reduce<Scalar>((out, one) => scalar('float', sql`${fn}(${asDouble(out)}, ${asDouble(one)})`), first)
}

const method = (name: string, help: string, call: (c: Call) => Value, params = ''): FunctionDef => ({
  name,
  on: 'serie',
  params,
  help,
  example: params === 'other' ? `df.isnull().sum().${name}(0).all()` : `df.isnull().sum().${name}() == 0`,
  call,
})

const functions: FunctionDef[] = [
  method('sum', 'La suma de los valores de las columnas.', (c) =>
    fold(c, constant(0), (out, one) => arithmetic('+', out, one, c.span)),
  ),
  method('all', 'Verdadero si todos lo son.', (c) =>
    fold(c, constant(true), (out, one) => logic('&', out, one, c.span, true)),
  ),
  method('any', 'Verdadero si alguno lo es.', (c) =>
    fold(c, constant(false), (out, one) => logic('|', out, one, c.span, true)),
  ),
  method('max', 'El mayor.', (c) => extreme(c, sql`greatest`)),
  method('min', 'El menor.', (c) => extreme(c, sql`least`)),
  method('mean', 'El promedio.', (c) => {
    const total = fold(c, constant(0), (out, one) => arithmetic('+', out, one, c.span))
    return total.t === 'scalar'
      ? arithmetic('/', total, constant(Math.max(1, vectorOf(c).entries.size)), c.span)
      : total
  }),
  method('abs', 'Valor absoluto.', (c) => each(c, (one) => scalar(one.kind, sql`abs(${asDouble(one)})`))),
  method('round', 'Redondea.', (c) => each(c, (one) => roundTo(one, c.integer('decimals'))), 'decimals=0'),
  ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).map((name) => {
    const op = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const
    return method(
      name,
      'Comparación.',
      (c) => each(c, (one) => toScalar(c, compare(op[name], one, c.operand('other'), c.span))),
      'other',
    )
  }),
  {
    name: 'loc',
    on: 'serie',
    params: '',
    property: true,
    help: 'El valor de una columna.',
    example: "df.isnull().sum().loc['email'] == 0",
    call: (c) => ({ t: 'accessor', kind: 'loc', of: vectorOf(c) }),
  },
  {
    name: 'values',
    on: 'serie',
    params: '',
    property: true,
    help: 'Los mismos valores.',
    example: 'df.isnull().sum().values.sum() == 0',
    call: vectorOf,
  },
  {
    name: 'round',
    on: 'valor',
    params: 'decimals=0',
    help: 'Redondea un valor.',
    example: "df['total'].sum().round(2) == 100.5",
    call: (c) => roundTo(c.self_('int', 'float', 'bool'), c.integer('decimals')),
  },
  {
    name: 'is_integer',
    on: 'numero',
    params: '',
    help: 'Verdadero si no tiene decimales.',
    example: "df['cantidad'].apply(lambda x: float(x).is_integer())",
    call: (c) => {
      const self = c.self_('int', 'float')
      return remake(self, 'bool', sql`(${asDouble(self)} = trunc(${asDouble(self)}))`, 'false')
    },
  },
  {
    name: 'item',
    on: 'valor',
    params: '',
    help: 'El mismo valor.',
    example: "df['total'].sum().item() > 0",
    call: (c) => c.self_(),
  },
  {
    name: 'any',
    on: 'valor',
    params: '',
    help: 'El mismo valor, como verdadero o falso.',
    example: "df['a'].isnull().any().any()",
    call: (c) => c.self_('bool'),
  },
  {
    name: 'all',
    on: 'valor',
    params: '',
    help: 'El mismo valor, como verdadero o falso.',
    example: "df['a'].notnull().all().all()",
    call: (c) => c.self_('bool'),
  },
]

const toScalar = (c: Call, value: Operand): Scalar =>
  value.t === 'scalar' ? value : c.refuse('se esperaba un valor')

function each(c: Call, make: (one: Scalar) => Scalar): Value {
  return { t: 'vector', entries: new Map([...vectorOf(c).entries].map(([name, one]) => [name, make(one)])) }
}

/** One value a column, and single values. */
export const family: Family = { name: 'serie', functions }
