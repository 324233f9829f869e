import type { Compiler } from '../compiler'
import { fail, type Span } from '../problem'
import { writtenDate } from './comparable'
import { number, strictBool } from './operators'
import { COMMA, FALSE, join, OR, Sql, sql } from './sql'
import {
  type Column,
  describeValue,
  isNumeric,
  type Kind,
  kindName,
  type Operand,
  remake,
  type Value,
} from './values'

const fits = (a: Kind, b: Kind): boolean =>
  a === b || ((isNumeric(a) || a === 'bool') && (isNumeric(b) || b === 'bool'))

/** The distinct values of a column as a subquery; nulls never match. */
export function valuesQuery(column: Column, asNumber = false): Sql {
  const value = asNumber
    ? number(column)
    : column.kind === 'bool' && column.nulls !== 'null'
      ? strictBool(column)
      : column.sql
  const where = sql`${column.filter ? sql`(${column.filter}) AND ` : sql``}${value} IS NOT NULL`
  return new Sql([{ tag: 'query', universe: column.universe, select: value, where, distinct: false }])
}

/** `x.isin(values)`; a null is in nothing. */
export function isIn(_compiler: Compiler, self: Operand, values: Value, span: Span): Operand {
  if (values.t === 'dict') {
    return isIn(
      _compiler,
      self,
      { t: 'list', flavour: 'list', items: values.entries.map((entry) => entry.key) },
      span,
    )
  }
  if (values.t === 'set') return inColumn(self, values.column, span)
  if (values.t === 'column') return inColumn(self, values, span)
  if (values.t === 'list') return inList(self, values.items, span)
  return fail(
    'TYPE',
    `no se puede buscar dentro de ${describeValue(values)}`,
    span,
    'usar una lista `[...]` o una columna',
  )
}

function inColumn(self: Operand, column: Column, span: Span): Operand {
  if (column.partition)
    return fail(
      'UNSUPPORTED',
      'dentro de un grupo no se busca entre sus valores',
      span,
      'usar `(x == valor).any()`',
    )
  if (self.kind !== 'null' && column.kind !== 'null' && !fits(self.kind, column.kind)) {
    return fail(
      'TYPE',
      `se busca ${kindName(self.kind)} entre valores de ${kindName(column.kind)}`,
      span,
      'convertir una de las dos con `.astype(str)`',
    )
  }
  // True is 1 and False is 0 beside numbers.
  const mixed =
    (self.kind === 'bool') !== (column.kind === 'bool') && self.kind !== 'null' && column.kind !== 'null'
  const value = mixed
    ? number(self)
    : self.kind === 'bool' && self.nulls === 'false'
      ? strictBool(self)
      : self.sql
  return remake(self, 'bool', sql`(${value} IN ${valuesQuery(column, mixed)})`, 'false')
}

function inList(self: Operand, items: Value[], span: Span): Operand {
  const operands: Operand[] = []
  let refusedKind: Kind | null = null
  for (const item of items) {
    if (item.t !== 'scalar' && item.t !== 'column')
      return fail('TYPE', `la lista contiene ${describeValue(item)}`, span)
    if (item.kind === 'null') continue
    if (self.kind === 'date' && item.kind === 'text') operands.push(writtenDate(item, span))
    else if (self.kind === 'null' || fits(self.kind, item.kind)) operands.push(item)
    else refusedKind = item.kind
  }
  if (refusedKind !== null && operands.length === 0) {
    const hint =
      self.kind === 'text' ? 'escribir los valores entre comillas' : 'escribir los valores sin comillas'
    return fail(
      'TYPE',
      `la columna es ${kindName(self.kind)} y la lista es de ${kindName(refusedKind)}`,
      span,
      hint,
    )
  }
  if (operands.length === 0) return remake(self, 'bool', FALSE, 'none')
  const x = self.kind === 'bool' ? boolOf(self, operands) : self.sql
  const pieces = operands.map((one) =>
    self.kind !== 'bool' && one.kind === 'bool' ? sql`(${one.sql})::INT` : one.sql,
  )
  const rows = operands.find((one) => one.t === 'column')
  const test =
    pieces.length > 1 && rows
      ? sql`(${join(
          pieces.map((piece) => sql`${x} = ${piece}`),
          OR,
        )})`
      : sql`(${x} IN (${join(pieces, COMMA)}))`
  const nulls = self.nulls === 'none' && !rows ? 'none' : 'false'
  if (self.t === 'scalar' && rows?.t === 'column') return { ...rows, kind: 'bool', sql: test, nulls }
  return remake(self, 'bool', test, nulls)
}

const boolOf = (self: Operand, operands: Operand[]): Sql => {
  const value = self.nulls === 'false' ? strictBool(self) : self.sql
  return operands.every((one) => one.kind === 'bool') ? value : sql`(${value})::INT`
}
