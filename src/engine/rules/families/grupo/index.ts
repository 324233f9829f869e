import type { Call } from '../../call'
import { AGGREGATE_NAMES } from '../../plan/aggregates'
import { keepRows } from '../../plan/frames'
import { compare, strictBool } from '../../plan/operators'
import type { Value } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { carry, cumulative, diff, rank, shift } from '../ventana/index'
import { apply, filter, transform } from './functions'
import { groupby, groupOf, KEY_PARAMS } from './keys'
import { cumcount, firstRows, groupNumber, nthRow, perRecord } from './records'
import { reducer, size } from './reduce'
import { aggregateBy } from './several'

function ngroups(c: Call): Value {
  const counted = size(c)
  return counted.t === 'column'
    ? c.compiler.call(
        { t: 'function', on: 'python', name: 'len', self: null },
        [{ name: null, given: { value: counted, span: c.span } }],
        c.span,
      )
    : counted
}

const skip = (name: string): boolean =>
  ['quantile', 'std', 'var', 'nunique', 'size', 'kurt', 'kurtosis', 'product'].includes(name)

const functions: FunctionDef[] = [
  ...['df', 'columna'].map(
    (on): FunctionDef => ({
      name: 'groupby',
      on,
      params: KEY_PARAMS,
      help: 'Agrupa por una o varias columnas.',
      example: "df.groupby('cliente')['total'].transform('sum') < 8000",
      call: groupby,
    }),
  ),
  ...AGGREGATE_NAMES.filter((name) => !skip(name)).map((name) => reducer(name)),
  reducer('quantile', 'q=0.5', (c) => ({ quantile: c.number('q') })),
  reducer('std', 'ddof=1', (c) => ({ ddof: c.integer('ddof') })),
  reducer('var', 'ddof=1', (c) => ({ ddof: c.integer('ddof') })),
  reducer('nunique', 'dropna=True', (c) => ({ dropna: c.flag('dropna') })),
  {
    name: 'size',
    on: 'grupo',
    params: '',
    help: 'Cuántos registros tiene cada grupo.',
    example: "(df.groupby('cliente').size() <= 50).all()",
    call: size,
  },
  {
    name: 'transform',
    on: 'grupo',
    params: 'func',
    help: 'El agregado del grupo, en cada registro.',
    example: "df.groupby('cliente')['total'].transform('sum') < 8000",
    call: transform,
  },
  {
    name: 'apply',
    on: 'grupo',
    params: 'func',
    help: 'Un valor por grupo, con una función.',
    example: "df.groupby('cliente')['total'].apply(lambda s: s.max() - s.min()).max() < 9000",
    call: apply,
  },
  ...['agg', 'aggregate'].map(
    (name): FunctionDef => ({
      name,
      on: 'grupo',
      params: 'func=None, **columns',
      help: 'Uno o varios agregados por nombre.',
      example: `df.groupby('cliente')['total'].${name}('sum').max() < 9000`,
      call: aggregateBy,
    }),
  ),
  {
    name: 'filter',
    on: 'grupo',
    params: 'func',
    help: 'Solo los grupos que cumplen.',
    example: "df.groupby('cliente').filter(lambda g: len(g) > 1)['total'].sum() > 0",
    call: filter,
  },
  perRecord('cumsum', '', 'La suma acumulada del grupo.', (c, x, keys) => cumulative(c, x, 'cumsum', keys)),
  perRecord('cummax', '', 'El mayor hasta ese registro del grupo.', (c, x, keys) =>
    cumulative(c, x, 'cummax', keys),
  ),
  perRecord('cummin', '', 'El menor hasta ese registro del grupo.', (c, x, keys) =>
    cumulative(c, x, 'cummin', keys),
  ),
  perRecord('cumprod', '', 'El producto acumulado del grupo.', (c, x, keys) =>
    cumulative(c, x, 'cumprod', keys),
  ),
  perRecord('shift', 'periods=1', 'El valor anterior del grupo.', (c, x, keys) =>
    shift(x, c.integer('periods'), keys),
  ),
  perRecord('diff', 'periods=1', 'La diferencia con el anterior del grupo.', (c, x, keys) =>
    diff(c, x, c.integer('periods'), keys),
  ),
  perRecord(
    'rank',
    "method='average', ascending=True, pct=False",
    'El puesto de cada valor en su grupo.',
    (c, x, keys) => rank(c, x, keys),
  ),
  perRecord('ffill', '', 'El último valor no nulo del grupo.', (_c, x, keys) => carry(x, false, keys)),
  perRecord('bfill', '', 'El siguiente valor no nulo del grupo.', (_c, x, keys) => carry(x, true, keys)),
  {
    name: 'get_group',
    on: 'grupo',
    params: 'name',
    help: 'Solo los registros de un grupo.',
    example: "df.groupby('estado').get_group('PAGADO')['total'].sum() > 0",
    call: (c) => {
      const group = groupOf(c)
      const given = c.require('name')
      const values = given.t === 'list' ? given.items : [given]
      if (values.length !== group.keys.length)
        return c.refuse(`la clave tiene ${group.keys.length} partes`, undefined, 'name')
      const kept = group.keys.reduce((frame, key, i) => {
        const test = compare(
          '==',
          key,
          c.compiler.asOperand(values[i] ?? key, c.where('name')),
          c.where('name'),
        )
        return keepRows(frame, strictBool(test))
      }, group.frame)
      const only = group.single ? group.select?.[0] : undefined
      return only === undefined ? kept : c.compiler.columnOf(kept, only, c.span)
    },
  },
  {
    name: 'cumcount',
    on: 'grupo',
    params: 'ascending=True',
    help: 'El número de cada registro en su grupo, desde 0.',
    example: "df.groupby('documento').cumcount() < 100",
    call: cumcount,
  },
  {
    name: 'ngroups',
    on: 'grupo',
    params: '',
    property: true,
    help: 'Cuántos grupos hay.',
    example: "df.groupby('cliente').ngroups > 10",
    call: ngroups,
  },
  {
    name: 'nth',
    on: 'grupo',
    params: 'n',
    help: 'El registro de cada grupo en esa posición, desde 0.',
    example: "df.groupby('cliente')['total'].nth(0).sum() > 0",
    call: nthRow,
  },
  {
    name: 'ngroup',
    on: 'grupo',
    params: '',
    help: 'El número del grupo de cada registro.',
    example: "df.groupby('cliente').ngroup() >= 0",
    call: groupNumber,
  },
  {
    name: 'head',
    on: 'grupo',
    params: 'n=5',
    help: 'Los primeros n registros de cada grupo.',
    example: "df.groupby('cliente').head(1)['total'].sum() > 0",
    call: (c) => firstRows(c, false),
  },
  {
    name: 'tail',
    on: 'grupo',
    params: 'n=5',
    help: 'Los últimos n registros de cada grupo.',
    example: "df.groupby('cliente').tail(1)['total'].sum() > 0",
    call: (c) => firstRows(c, true),
  },
]

/** groupby: one value a group, or the group's value on each record. */
export const family: Family = { name: 'grupo', functions }
