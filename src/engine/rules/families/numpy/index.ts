import type { Call } from '../../call'
import { align } from '../../plan/align'
import { choose } from '../../plan/choose'
import { arithmetic, asDouble, compare, constant, invert, logic, nullTest } from '../../plan/operators'
import { double, type Sql, sql } from '../../plan/sql'
import {
  derive,
  isNumeric,
  type Kind,
  kindName,
  type Operand,
  remake,
  scalar,
  type Value,
} from '../../plan/values'
import { vectorize } from '../../plan/vector'
import type { Family, FunctionDef } from '../../registry'
import type { ArithmeticOperator, CompareOperator, LogicOperator } from '../../syntax/ast'
import { ranges } from './ranges'
import { roundTo } from './rounding'

function numeric(c: Call, name: string): Operand {
  const value = c.operand(name)
  if (isNumeric(value.kind) || value.kind === 'bool' || value.kind === 'null') return value
  const hint = value.kind === 'text' ? 'convertir con `.astype(float)`' : undefined
  return c.refuse(`${c.label} se aplica a números, no a ${kindName(value.kind)}`, hint, name)
}

/** A function of one number; what is outside its domain is null. */
const unary = (
  name: string,
  make: (x: Sql) => Sql,
  help: string,
  kind: Kind | 'same' = 'float',
): FunctionDef => ({
  name,
  on: 'np',
  params: 'x',
  help,
  example: `np.${name}(df['total']) >= 0`,
  call: (c) => {
    const x = numeric(c, 'x')
    return remake(
      x,
      kind === 'same' ? (x.kind === 'bool' ? 'int' : x.kind) : kind,
      make(asDouble(x)),
      'null',
      true,
    )
  },
})

const safe =
  (fn: Sql): ((x: Sql) => Sql) =>
  (x) =>
    sql`nullif(${fn}(${x}), 'nan'::DOUBLE)`

/** log(0) is -inf in numpy and an error in the engine. */
const logarithm =
  (fn: Sql): ((x: Sql) => Sql) =>
  (x) =>
    sql`CASE WHEN ${x} > 0 THEN ${fn}(${x}) WHEN ${x} = 0 THEN '-inf'::DOUBLE END`

const alias = (
  name: string,
  on: string,
  method: string,
  help: string,
  example: string,
  params = 'x',
): FunctionDef => ({
  name,
  on,
  params,
  help,
  example,
  call: (c) => {
    const given = c.require('x')
    const value: Value = given.t === 'column' ? { ...given, elem: false } : given
    const names = c.def.parsed.map((param) => param.name).filter((param) => param !== 'x' && c.has(param))
    const args = names.map((param) => ({
      name: param,
      given: { value: c.require(param), span: c.where(param) },
    }))
    return c.compiler.call(c.compiler.attribute(value, method, c.span), args, c.span)
  },
})

const binary = (name: string, op: ArithmeticOperator, help: string): FunctionDef => ({
  name,
  on: 'np',
  params: 'x1, x2',
  help,
  example: `np.${name}(df['cantidad'], 3) == 0`,
  call: (c) =>
    vectorize(c.require('x1'), c.require('x2'), c.span, (a, b) => arithmetic(op, a, b, c.span), name),
})

const comparison = (name: string, op: CompareOperator, help: string): FunctionDef => ({
  name,
  on: 'np',
  params: 'x1, x2',
  help,
  example: `np.${name}(df['cantidad'], 3)`,
  call: (c) => compare(op, c.operand('x1'), c.operand('x2'), c.span),
})

const logical = (name: string, op: LogicOperator, help: string): FunctionDef => ({
  name,
  on: 'np',
  params: 'x1, x2',
  help,
  example: `np.${name}(df['cantidad'] > 0, df['precio'] > 0)`,
  call: (c) => logic(op, c.operand('x1'), c.operand('x2'), c.span, true),
})

/** Element by element; a null on either side gives null, or the other side for `fmin`/`fmax`. */
const extreme = (name: string, fn: Sql, skipNull: boolean): FunctionDef => ({
  name,
  on: 'np',
  params: 'x1, x2',
  help: `El ${fn.key === 'least' ? 'menor' : 'mayor'} de los dos, registro a registro.`,
  example: `np.${name}(df['precio'], 0) == df['precio']`,
  call: (c) => {
    const [a, b] = [c.operand('x1'), c.operand('x2')]
    const same = a.kind === b.kind || (isNumeric(a.kind) && isNumeric(b.kind))
    if (!same) return c.refuse(`no se puede comparar ${kindName(a.kind)} con ${kindName(b.kind)}`)
    const rows = align(a, b, c.span)
    const kind = a.kind === b.kind ? a.kind : 'float'
    const best = sql`${fn}(${rows.left}, ${rows.right})`
    const piece = skipNull
      ? best
      : sql`CASE WHEN ${rows.left} IS NOT NULL AND ${rows.right} IS NOT NULL THEN ${best} END`
    return rows.rows
      ? derive(rows.rows, kind, piece, 'null', (a.infinite ?? false) || (b.infinite ?? false))
      : scalar(kind, piece)
  },
})

/** |a - b| <= atol + rtol * |b|; equal infinities are close; a null is close to nothing. */
export function isClose(c: Call): Operand {
  const [a, b] = [numeric(c, 'a'), numeric(c, 'b')]
  const rtol = double(c.number('rtol'))
  const atol = double(c.number('atol'))
  const rows = align(a, b, c.span)
  const x = asDouble({ ...a, sql: rows.left })
  const y = asDouble({ ...b, sql: rows.right })
  const near = sql`(abs(${x} - ${y}) <= ${atol} + ${rtol} * abs(${y}))`
  const infinite = (a.infinite ?? false) || (b.infinite ?? false)
  const test = infinite ? sql`(CASE WHEN isinf(${x}) OR isinf(${y}) THEN ${x} = ${y} ELSE ${near} END)` : near
  const value = c.flag('equal_nan')
    ? sql`(CASE WHEN ${rows.left} IS NULL AND ${rows.right} IS NULL THEN TRUE ELSE ${test} END)`
    : test
  return rows.rows ? derive(rows.rows, 'bool', value, 'false') : scalar('bool', value, 'false')
}

function where(c: Call): Value {
  const condition = c.operand('condition')
  if (!c.has('x') || !c.has('y'))
    return c.refuse('`np.where` necesita el valor si se cumple y el valor si no')
  const test: Operand =
    condition.kind === 'bool' ? condition : compare('!=', condition, constant(0), c.where('condition'))
  return choose(test, c.operand('x'), c.operand('y'), c.span)
}

function select(c: Call): Value {
  const conditions = c.require('condlist')
  const choices = c.require('choicelist')
  if (conditions.t !== 'list' || choices.t !== 'list' || conditions.items.length !== choices.items.length) {
    return c.refuse('`np.select` recibe dos listas del mismo largo')
  }
  let out: Operand = c.operand('default')
  for (let i = conditions.items.length - 1; i >= 0; i--) {
    const test = c.compiler.asOperand(conditions.items[i] ?? constant(false), c.where('condlist'))
    const choice = c.compiler.asOperand(choices.items[i] ?? constant(null), c.where('choicelist'))
    // The default 0 stands for "nothing" when the choices are texts.
    if (out.t === 'scalar' && out.konst === 0 && choice.kind === 'text' && !c.has('default'))
      out = constant('0')
    out = choose(test, choice, out, c.span)
  }
  return out
}

const value = (name: string, konst: number | null, help: string): FunctionDef => ({
  name,
  on: 'np',
  params: '',
  property: true,
  help,
  example: name === 'nan' ? "df['total'].fillna(0) != np.nan" : `df['total'] < np.${name}`,
  call: () => constant(konst, true),
})

const test = (name: string, make: (x: Operand) => Operand, help: string): FunctionDef => ({
  name,
  on: 'np',
  params: 'x',
  help,
  example: `np.${name}(df['total'])`,
  call: (c) => make(name === 'isfinite' || name === 'isinf' ? numeric(c, 'x') : c.operand('x')),
})

const types = ['float64', 'float32', 'int64', 'int32', 'int16', 'int8', 'bool_', 'str_', 'object_']

const functions: FunctionDef[] = [
  {
    name: 'where',
    on: 'np',
    params: 'condition, x=None, y=None',
    help: 'Un valor donde se cumple y otro donde no.',
    example: "np.where(df['estado'] == 'ANULADO', df['total'] == 0, df['total'] > 0)",
    call: where,
  },
  {
    name: 'select',
    on: 'np',
    params: 'condlist, choicelist, default=0',
    help: 'El valor de la primera condición que se cumple.',
    example: "np.select([df['a'] > 10, df['a'] > 5], [2, 1], default=0) > 0",
    call: select,
  },
  {
    name: 'isclose',
    on: 'np',
    params: 'a, b, rtol=1e-05, atol=1e-08, equal_nan=False',
    help: 'Verdadero si los números son casi iguales.',
    example: "np.isclose(df['total'], df['cantidad'] * df['precio'], atol=0.01)",
    call: isClose,
  },
  {
    name: 'allclose',
    on: 'np',
    params: 'a, b, rtol=1e-05, atol=1e-08, equal_nan=False',
    help: 'Verdadero si todos los números son casi iguales.',
    example: "np.allclose(df['total'], df['subtotal'] + df['impuesto'], atol=0.01)",
    call: (c) => c.compiler.call(c.compiler.attribute(isClose(c), 'all', c.span), [], c.span),
  },
  alias('abs', 'np', 'abs', 'Valor absoluto.', "np.abs(df['total']) < 1000"),
  alias('absolute', 'np', 'abs', 'Valor absoluto.', "np.absolute(df['total']) < 1000"),
  alias('fabs', 'np', 'abs', 'Valor absoluto.', "np.fabs(df['total']) < 1000"),
  ...['round', 'around', 'round_'].map(
    (name): FunctionDef => ({
      name,
      on: 'np',
      params: 'a, decimals=0',
      help: 'Redondea a n decimales (la mitad, al par).',
      example: `np.${name}(df['precio'], 2) == df['precio']`,
      call: (c) => roundTo(numeric(c, 'a'), c.integer('decimals')),
    }),
  ),
  unary('rint', (x) => sql`round_even(${x}, 0)`, 'Redondea al entero.'),
  unary('floor', (x) => sql`floor(${x})`, 'Redondea hacia abajo.'),
  unary('ceil', (x) => sql`ceil(${x})`, 'Redondea hacia arriba.'),
  unary('trunc', (x) => sql`trunc(${x})`, 'Quita los decimales.'),
  unary('fix', (x) => sql`trunc(${x})`, 'Quita los decimales.'),
  unary('sqrt', (x) => sql`CASE WHEN ${x} >= 0 THEN sqrt(${x}) END`, 'Raíz cuadrada.'),
  unary('cbrt', safe(sql`cbrt`), 'Raíz cúbica.'),
  unary('square', (x) => sql`(${x} * ${x})`, 'El cuadrado.'),
  unary('exp', safe(sql`exp`), 'Exponencial.'),
  unary('log', logarithm(sql`ln`), 'Logaritmo natural.'),
  unary('log10', logarithm(sql`log10`), 'Logaritmo decimal.'),
  unary('log2', logarithm(sql`log2`), 'Logaritmo en base 2.'),
  unary('log1p', (x) => logarithm(sql`ln`)(sql`(1 + ${x})`), 'Logaritmo de 1 + x.'),
  unary('sign', (x) => sql`sign(${x})`, 'El signo: -1, 0 o 1.'),
  binary('add', '+', 'Suma.'),
  binary('subtract', '-', 'Resta.'),
  binary('multiply', '*', 'Producto.'),
  binary('divide', '/', 'División.'),
  binary('true_divide', '/', 'División.'),
  binary('floor_divide', '//', 'División entera.'),
  binary('mod', '%', 'Resto, con el signo del divisor.'),
  binary('remainder', '%', 'Resto, con el signo del divisor.'),
  binary('power', '**', 'Potencia.'),
  comparison('equal', '==', 'Igual.'),
  comparison('not_equal', '!=', 'Distinto.'),
  comparison('less', '<', 'Menor.'),
  comparison('less_equal', '<=', 'Menor o igual.'),
  comparison('greater', '>', 'Mayor.'),
  comparison('greater_equal', '>=', 'Mayor o igual.'),
  logical('logical_and', '&', 'Las dos condiciones.'),
  logical('logical_or', '|', 'Una de las dos condiciones.'),
  logical('logical_xor', '^', 'Solo una de las dos condiciones.'),
  {
    name: 'logical_not',
    on: 'np',
    params: 'x',
    help: 'Lo contrario.',
    example: "np.logical_not(df['activo'])",
    call: (c) => invert(c.operand('x'), c.span, true),
  },
  {
    name: 'invert',
    on: 'np',
    params: 'x',
    help: 'Lo contrario.',
    example: "np.invert(df['total'] > 0)",
    call: (c) => invert(c.operand('x'), c.span),
  },
  extreme('minimum', sql`least`, false),
  extreme('maximum', sql`greatest`, false),
  extreme('fmin', sql`least`, true),
  extreme('fmax', sql`greatest`, true),
  test('isnan', (x) => nullTest(x, true), 'Verdadero donde falta el valor.'),
  test('isnat', (x) => nullTest(x, true), 'Verdadero donde falta la fecha.'),
  test(
    'isfinite',
    (x) => remake(x, 'bool', sql`isfinite(${asDouble(x)})`, 'false'),
    'Verdadero si es un número finito.',
  ),
  test('isinf', (x) => remake(x, 'bool', sql`isinf(${asDouble(x)})`, 'false'), 'Verdadero si es infinito.'),
  ...['sum', 'mean', 'median', 'min', 'max', 'std', 'var', 'all', 'any', 'prod'].map((name) =>
    alias(
      name,
      'np',
      name,
      'El agregado de la columna.',
      `np.${name}(df['total'] > 0)`,
      name === 'std' || name === 'var' ? 'x, axis=0, ddof=0' : 'x, axis=0',
    ),
  ),
  ...['nansum', 'nanmean', 'nanmedian', 'nanmin', 'nanmax', 'nanstd'].map((name) =>
    alias(name, 'np', name.slice(3), 'El agregado de la columna, sin nulos.', `np.${name}(df['total']) > 0`),
  ),
  alias('amin', 'np', 'min', 'El menor valor.', "np.amin(df['total']) >= 0"),
  alias('amax', 'np', 'max', 'El mayor valor.', "np.amax(df['total']) >= 0"),
  alias('count_nonzero', 'np', 'sum', 'Cuántos son verdaderos.', "np.count_nonzero(df['total'] < 0) == 0"),
  alias('unique', 'np', 'unique', 'Los valores distintos.', "len(np.unique(df['estado'])) <= 4"),
  {
    name: 'array',
    on: 'np',
    params: 'object',
    help: 'La misma lista o columna.',
    example: "df['estado'].isin(np.array(['A', 'B']))",
    call: (c) => c.require('object'),
  },
  {
    name: 'asarray',
    on: 'np',
    params: 'object',
    help: 'La misma lista o columna.',
    example: "df['estado'].isin(np.asarray(['A', 'B']))",
    call: (c) => c.require('object'),
  },
  {
    name: 'datetime64',
    on: 'np',
    params: 'x',
    help: 'Una fecha escrita.',
    example: "df['fecha'] >= np.datetime64('2025-01-01')",
    call: (c) =>
      c.compiler.call(
        { t: 'function', on: 'pd', name: 'Timestamp', self: null },
        [{ name: null, given: { value: c.require('x'), span: c.where('x') } }],
        c.span,
      ),
  },
  value('nan', Number.NaN, 'El valor nulo.'),
  value('NaN', Number.NaN, 'El valor nulo.'),
  value('inf', Number.POSITIVE_INFINITY, 'Infinito.'),
  value('pi', Math.PI, 'El número pi.'),
  value('e', Math.E, 'El número e.'),
  ...types.map(
    (name): FunctionDef => ({
      name,
      on: 'np',
      params: 'x',
      help: 'Un tipo, para `astype`.',
      example: `df['cantidad'].astype(np.${name})`,
      call: (c) =>
        c.compiler.call(
          c.compiler.attribute(c.operand('x'), 'astype', c.span),
          [{ name: null, given: { value: constant(name.replace(/_$/, '')), span: c.span } }],
          c.span,
        ),
    }),
  ),
]

/** Functions of numpy over columns and values. */
export const family: Family = { name: 'numpy', inGroup: true, functions: [...functions, ...ranges] }
