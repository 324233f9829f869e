import type { Call } from '../../call'
import { arithmetic, compare } from '../../plan/operators'
import { sql } from '../../plan/sql'
import type { Operand, Value } from '../../plan/values'
import { vectorize } from '../../plan/vector'
import type { FunctionDef } from '../../registry'
import type { ArithmeticOperator, CompareOperator } from '../../syntax/ast'

const COMPARES: [name: string, op: CompareOperator, help: string][] = [
  ['eq', '==', 'Igual.'],
  ['ne', '!=', 'Distinto.'],
  ['lt', '<', 'Menor.'],
  ['le', '<=', 'Menor o igual.'],
  ['gt', '>', 'Mayor.'],
  ['ge', '>=', 'Mayor o igual.'],
]

const ARITHMETIC: [name: string, op: ArithmeticOperator, help: string][] = [
  ['add', '+', 'Suma.'],
  ['sub', '-', 'Resta.'],
  ['subtract', '-', 'Resta.'],
  ['mul', '*', 'Producto.'],
  ['multiply', '*', 'Producto.'],
  ['div', '/', 'División.'],
  ['divide', '/', 'División.'],
  ['truediv', '/', 'División.'],
  ['floordiv', '//', 'División entera.'],
  ['mod', '%', 'Resto.'],
  ['pow', '**', 'Potencia.'],
]

/** `fill_value` stands for a null of one side, not of both. */
function filled(c: Call, a: Operand, b: Operand): [Operand, Operand] {
  if (!c.has('fill_value') || c.konst('fill_value') === null) return [a, b]
  const fill = c.operand('fill_value')
  if (a.t === 'column' && b.t === 'column' && a.universe !== b.universe)
    return c.refuse(
      '`fill_value` entre series de tablas distintas no se admite',
      'usar `.reindex(...).fillna(0)`',
      'fill_value',
    )
  const patch = (one: Operand, other: Operand): Operand =>
    one.t === 'scalar'
      ? one
      : {
          ...one,
          sql: sql`CASE WHEN ${other.sql} IS NULL THEN ${one.sql} ELSE coalesce(${one.sql}, ${fill.sql}) END`,
        }
  return [patch(a, b), patch(b, a)]
}

function define(
  name: string,
  params: string,
  help: string,
  example: string,
  apply: (c: Call, a: Operand, b: Operand) => Operand,
): FunctionDef[] {
  const call = (c: Call): Value =>
    vectorize(c.self, c.require('other'), c.span, (a, b) => apply(c, a, b), name)
  return ['columna', 'df'].map((on) => ({ name, on, params, help, example, call }))
}

export const operators: FunctionDef[] = [
  ...COMPARES.flatMap(([name, op, help]) =>
    define(name, 'other', help, `df['cantidad'].${name}(1)`, (c, a, b) => compare(op, a, b, c.span)),
  ),
  ...ARITHMETIC.flatMap(([name, op, help]) =>
    define(name, 'other, fill_value=None', help, `df['cantidad'].${name}(df['precio']) > 0`, (c, a, b) => {
      const [x, y] = filled(c, a, b)
      return arithmetic(op, x, y, c.span)
    }),
  ),
  ...ARITHMETIC.flatMap(([name, op, help]) =>
    name.length > 8 || name === 'subtract' || name === 'multiply' || name === 'divide'
      ? []
      : define(
          `r${name}`,
          'other, fill_value=None',
          `${help} Con los lados al revés.`,
          `df['cantidad'].r${name}(100) >= 0`,
          (c, a, b) => {
            const [x, y] = filled(c, a, b)
            return arithmetic(op, y, x, c.span)
          },
        ),
  ),
]
