import type { Call } from '../../call'
import { makeGrouping, partitionBy } from '../../plan/aggregates'
import { lookupSeries } from '../../plan/align'
import { common } from '../../plan/choose'
import { keepRows } from '../../plan/frames'
import { isIn } from '../../plan/membership'
import { constant, strictBool } from '../../plan/operators'
import { keyed } from '../../plan/row-picks'
import { col, type Sql, sql } from '../../plan/sql'
import {
  type Column,
  type DictValue,
  derive,
  describeValue,
  isOperand,
  type Operand,
  remake,
  type Value,
} from '../../plan/values'
import type { FunctionDef } from '../../registry'

/** `{old: new}` as CASE; what is not in it stays, or is null. */
function translate(c: Call, self: Operand, dict: DictValue, keep: boolean, name: string): Operand {
  const values = dict.entries.map((entry) => c.compiler.asOperand(entry.value, c.where(name)))
  const first = values.find((value) => value.kind !== 'null')
  let kind = keep ? self.kind : (first?.kind ?? 'null')
  for (const value of values) kind = common(remake(self, kind, self.sql), value, c.where(name))
  const x = self.kind === 'bool' ? strictBool(self) : self.sql
  let piece = sql``
  dict.entries.forEach((entry, i) => {
    const test =
      entry.key.kind === 'null'
        ? sql`${x} IS NULL`
        : isIn(c.compiler, self, { t: 'list', flavour: 'list', items: [entry.key] }, c.where(name)).sql
    piece = sql`${piece} WHEN ${test} THEN ${values[i]?.sql ?? sql`NULL`}`
  })
  if (dict.entries.length === 0) return keep ? self : remake(self, kind, sql`NULL`)
  return remake(self, kind, sql`CASE${piece}${keep ? sql` ELSE ${self.sql}` : sql``} END`, 'null')
}

function map(c: Call): Value {
  const self = c.column()
  const arg = c.require('arg')
  if (arg.t === 'dict') return translate(c, self, arg, false, 'arg')
  if (arg.t === 'column') {
    if (!arg.index)
      return c.refuse(
        'para traducir por una columna hace falta su clave',
        "usar `tabla.set_index('clave')['valor']`",
        'arg',
      )
    return derive(
      self,
      arg.kind,
      lookupSeries([self], { ...arg, sql: plain(arg) }, c.where('arg')),
      'null',
      arg.infinite,
    )
  }
  return each(c, self, arg, 'arg')
}

const plain = (column: Column): Sql => (column.nulls === 'false' ? strictBool(column) : column.sql)

/** Runs a function over each value. */
export function each(c: Call, self: Column, fn: Value, name: string): Value {
  if (fn.t !== 'lambda' && fn.t !== 'function')
    return c.refuse(`no se puede aplicar ${describeValue(fn)}`, undefined, name)
  const value = c.compiler.apply(fn, [{ ...self, elem: true, index: self.index }], c.where(name))
  if (!isOperand(value))
    return c.refuse(`la función da ${describeValue(value)}`, 'debe dar un valor por registro', name)
  if (value.t === 'column')
    return { ...value, elem: self.elem, partition: self.partition, index: self.index, filter: self.filter }
  return { ...derive(self, value.kind, value.sql, value.nulls), elem: self.elem }
}

function replace(c: Call): Value {
  const self = c.self_()
  const target = c.require('to_replace')
  if (target.t === 'dict') return translate(c, self, target, true, 'to_replace')
  const value = c.require('value')
  if (c.flag('regex')) {
    const text = c.compiler.attribute({ t: 'accessor', kind: 'str', of: c.column('text') }, 'replace', c.span)
    return c.compiler.call(
      text,
      [target, value, constant(true)].map((one, i) => ({
        name: i === 2 ? 'regex' : null,
        given: { value: one, span: c.span },
      })),
      c.span,
    )
  }
  const keys = target.t === 'list' ? target.items : [target]
  const entries = keys.map((key, i) => {
    if (key.t !== 'scalar')
      return c.refuse('los valores a cambiar deben estar escritos en la regla', undefined, 'to_replace')
    return { key, value: value.t === 'list' ? (value.items[i] ?? constant(null)) : value }
  })
  return translate(c, self, { t: 'dict', entries }, true, 'to_replace')
}

/** Values and how many times each is there. */
function valueCounts(c: Call): Value {
  const self = c.column()
  const dropna = c.flag('dropna')
  const group = makeGrouping([{ ...self, index: null }], dropna)
  const counts = group.emit(sql`count(*)`)
  const key = group.keys[0]
  if (!key) return c.refuse('no hay valores')
  group.universe.order = [sql`-${counts}`, col(group.universe, 'k0')]
  const series: Column = { ...key, kind: 'int', sql: counts, nulls: 'none', index: [key.sql], name: 'count' }
  if (!c.flag('normalize')) return series
  const total = c.compiler.call({ t: 'function', on: 'columna', name: 'sum', self: series }, [], c.span)
  if (!isOperand(total)) return series
  return { ...series, kind: 'float', sql: sql`(${counts}::DOUBLE / ${total.sql})`, nulls: 'none' }
}

/** The different values, null included, as a column of their own. */
export function distinct(c: Call): Column {
  const self = c.column()
  const group = makeGrouping([{ ...self, index: null }], false)
  const key = group.keys[0]
  if (!key) return c.refuse('no hay valores')
  return { ...key, nulls: self.nulls === 'null' ? 'null' : 'none', index: null, name: self.name }
}

/** True for a repetition of an earlier record (`first`), of a later one (`last`), or for any repeated one (False). */
export function duplicated(c: Call, columns: Column[]): Column {
  const rows = columns[0]
  if (!rows) return c.refuse('no hay columnas que comparar')
  const keep = c.konst('keep')
  if (keep !== 'first' && keep !== 'last' && keep !== false)
    c.refuse("`keep` admite 'first', 'last' o False", undefined, 'keep')
  const over = partitionBy(rows, columns.map(plain))
  const order = rows.universe.order[0] ?? sql`1`
  const piece =
    keep === false
      ? sql`(${rows.universe.lift(sql`count(*) OVER (${over})`)} > 1)`
      : sql`(${rows.universe.lift(sql`row_number() OVER (${over} ORDER BY ${order}${keep === 'last' ? sql` DESC` : sql``})`)} > 1)`
  return { ...derive(rows, 'bool', piece, 'none'), name: undefined }
}

export const membership: FunctionDef[] = [
  {
    name: 'isin',
    on: 'columna',
    params: 'values',
    help: 'Verdadero si el valor está en la lista, el conjunto o la otra columna.',
    example: "df['ventas']['cliente'].isin(df['clientes']['codigo'])",
    call: (c) => isIn(c.compiler, c.self_(), c.require('values'), c.where('values')),
  },
  {
    name: 'map',
    on: 'columna',
    params: 'arg, na_action=None',
    help: 'Traduce cada valor con un diccionario, una serie con clave o una función.',
    example: "df['estado'].map({'A': 1, 'B': 2}).notna()",
    call: map,
  },
  {
    name: 'apply',
    on: 'columna',
    params: 'func',
    help: 'Aplica una función a cada valor.',
    example: "df['precio'].apply(lambda x: 0 < x < 100)",
    call: (c) => each(c, c.column(), c.require('func'), 'func'),
  },
  {
    name: 'transform',
    on: 'columna',
    params: 'func',
    help: 'Aplica una función a cada valor.',
    example: "df['precio'].transform(lambda x: x * 2) > 0",
    call: (c) => each(c, c.column(), c.require('func'), 'func'),
  },
  {
    name: 'replace',
    on: 'columna',
    params: 'to_replace, value=None, regex=False',
    help: 'Cambia unos valores por otros.',
    example: "df['estado'].replace({'pagado': 'PAGADO'}).isin(['PAGADO'])",
    call: replace,
  },
  {
    name: 'value_counts',
    on: 'columna',
    params: 'normalize=False, sort=True, ascending=False, dropna=True',
    help: 'Cuántas veces aparece cada valor.',
    example: "df['estado'].value_counts()['PAGADO'] > 10",
    call: valueCounts,
  },
  {
    name: 'get',
    on: 'columna',
    params: 'key, default=None',
    help: 'El valor de una clave, o el valor por defecto si no está.',
    example: "df['estado'].value_counts().get('OTRO', 0) == 0",
    call: (c) => {
      const self = c.column()
      const key = c.operand('key')
      if (key.t !== 'scalar' || !self.index)
        return c.refuse(
          '`get` busca una clave en una serie con clave',
          'usar `value_counts()` o `set_index(...)`',
        )
      const found = keyed(self, [key], c.span)
      const fallback = c.value('default')
      if (fallback?.t !== 'scalar' || fallback.kind === 'null') return found
      common(found, fallback, c.where('default'))
      return { ...found, sql: sql`coalesce(${found.sql}, ${fallback.sql})`, nulls: 'none' }
    },
  },
  {
    name: 'reindex',
    on: 'columna',
    params: 'labels',
    help: 'La serie con clave, en el orden de otras claves; nulo donde no está.',
    example:
      "df['ventas'].groupby('producto')['cantidad'].sum().reindex(df['productos']['codigo']).fillna(0).ge(0).all()",
    call: (c) => {
      const self = c.column()
      const labels = c.require('labels')
      if (!self.index)
        return c.refuse('`reindex` necesita una serie con clave', 'usar `set_index(...)` o `groupby`')
      if (labels.t !== 'column')
        return c.refuse('las claves deben ser una columna', 'usar `.loc[[...]]`', 'labels')
      labels.universe.labelled(labels.sql, labels.kind)
      const value = lookupSeries([labels], { ...self, sql: plain(self) }, c.where('labels'))
      return {
        ...derive(labels, self.kind, value, 'null', self.infinite),
        index: [labels.sql],
        name: self.name,
      }
    },
  },
  {
    name: 'unique',
    on: 'columna',
    params: '',
    help: 'Los valores distintos.',
    example: "len(df['estado'].unique()) <= 4",
    call: distinct,
  },
  {
    name: 'drop_duplicates',
    on: 'columna',
    params: "keep='first'",
    help: 'Los registros sin las repeticiones.',
    example: "df['cliente'].drop_duplicates().count() > 20",
    call: (c) => keepRows(c.column(), sql`NOT ${duplicated(c, [c.column()]).sql}`),
  },
  {
    name: 'duplicated',
    on: 'columna',
    params: "keep='first'",
    help: 'Verdadero en cada repetición.',
    example: "~df['venta_id'].duplicated()",
    call: (c) => duplicated(c, [c.column()]),
  },
]
