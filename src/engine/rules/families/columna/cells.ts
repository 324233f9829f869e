import type { Call } from '../../call'
import { sliceRows } from '../../plan/access'
import { align } from '../../plan/align'
import { choose } from '../../plan/choose'
import { writtenDate } from '../../plan/comparable'
import { keepRows } from '../../plan/frames'
import { compare, constant, logic } from '../../plan/operators'
import { nth } from '../../plan/row-picks'
import { type Sql, sql } from '../../plan/sql'
import { derive, isNumeric, type Operand, remake, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'
import { roundTo } from '../numpy/rounding'

/** A value that must go with a column's kind: a written date for a date column, a number for a number. */
export function matching(c: Call, self: Operand, name: string): Operand {
  const value = c.operand(name)
  if (self.kind === 'date' && value.kind === 'text') return writtenDate(value, c.where(name))
  const numbers =
    (isNumeric(self.kind) || self.kind === 'bool') && (isNumeric(value.kind) || value.kind === 'bool')
  if (value.kind === 'null' || value.kind === self.kind || numbers) return value
  return c.refuse(`\`${name}\` de ${c.label} no es del tipo de la columna`, undefined, name)
}

function between(c: Call): Value {
  const self = c.self_()
  const inclusive =
    c.konst('inclusive') === true
      ? 'both'
      : c.konst('inclusive') === false
        ? 'neither'
        : c.choice('inclusive', ['both', 'neither', 'left', 'right'] as const)
  const low = compare(
    inclusive === 'both' || inclusive === 'left' ? '>=' : '>',
    self,
    c.operand('left'),
    c.where('left'),
  )
  const high = compare(
    inclusive === 'both' || inclusive === 'right' ? '<=' : '<',
    self,
    c.operand('right'),
    c.where('right'),
  )
  return logic('&', low, high, c.span)
}

/** The second operand wherever the first has nothing. */
export function fill(c: Call, self: Operand, value: Operand): Operand {
  if (self.nulls === 'none' || self.nulls === 'false') return self
  const rows = align(self, value, c.span)
  const kind =
    self.kind === 'null' ? value.kind : self.kind === 'int' && value.kind === 'float' ? 'float' : self.kind
  const nulls = value.nulls === 'none' ? 'none' : 'null'
  const piece = sql`coalesce(${rows.left}, ${value.kind === 'bool' && value.nulls === 'false' ? sql`coalesce(${rows.right}, FALSE)` : rows.right})`
  return rows.rows ? derive(rows.rows, kind, piece, nulls, self.infinite) : remake(self, kind, piece, nulls)
}

function fillna(c: Call): Value {
  const self = c.self
  const method = c.konst('method')
  if (method !== null) {
    const name =
      method === 'ffill' || method === 'pad'
        ? 'ffill'
        : method === 'bfill' || method === 'backfill'
          ? 'bfill'
          : c.refuse("`method` admite 'ffill' o 'bfill'", undefined, 'method')
    return c.compiler.call(c.compiler.attribute(c.column(), name, c.span), [], c.span)
  }
  if (self.t === 'frame') {
    const dict = c.require('value')
    const columns = new Map(self.columns)
    for (const column of c.compiler.columnsOf(self, c.span)) {
      const name = column.name ?? ''
      const value = dict.t === 'dict' ? dict.entries.find((entry) => entry.key.konst === name)?.value : dict
      if (value?.t !== 'scalar') continue
      const fits = value.kind === column.kind || (isNumeric(value.kind) && isNumeric(column.kind))
      const filled = fits ? fill(c, column, value) : column
      if (filled.t === 'column') columns.set(name, filled)
    }
    return { ...self, columns }
  }
  return fill(c, c.self_(), matching(c, c.self_(), 'value'))
}

function clip(c: Call): Value {
  const self = c.self_('int', 'float', 'date', 'delta')
  let piece = self.sql
  const limit = (name: string, fn: Sql): void => {
    const value = c.value(name)
    if (!value || (value.t === 'scalar' && value.kind === 'null')) return
    const bound = matching(c, self, name)
    const rows = align({ ...self, sql: piece }, bound, c.where(name))
    piece = sql`CASE WHEN ${rows.left} IS NOT NULL THEN ${fn}(${rows.left}, ${rows.right}) END`
  }
  limit('lower', sql`greatest`)
  limit('upper', sql`least`)
  return remake(self, self.kind, piece, self.nulls, self.infinite)
}

function absolute(c: Call): Value {
  const self = c.self_('int', 'float', 'delta', 'bool')
  if (self.kind === 'bool') return self
  // abs of the smallest BIGINT overflows, its DOUBLE does not.
  const piece = self.kind === 'int' ? sql`abs(${self.sql}::DOUBLE)` : sql`abs(${self.sql})`
  return remake(self, self.kind, piece, self.nulls, self.infinite)
}

/** `where` keeps where true, `mask` keeps where false. */
const conditional =
  (keepWhen: boolean) =>
  (c: Call): Value => {
    const self = c.column()
    const cond = c.operand('cond')
    if (cond.kind !== 'bool') return c.refuse('la condición debe ser verdadero/falso', undefined, 'cond')
    const other = c.value('other')
    const otherwise =
      other && !(other.t === 'scalar' && other.kind === 'null') ? matching(c, self, 'other') : constant(null)
    return keepWhen ? choose(cond, self, otherwise, c.span) : choose(cond, otherwise, self, c.span)
  }

const monotonic = (name: string, op: Sql, help: string): FunctionDef => ({
  name,
  on: 'columna',
  params: '',
  property: true,
  help,
  example: `df['numero'].${name}`,
  call: (c) => {
    const self = c.column()
    const order = self.universe.order[0] ?? sql`1`
    const part = self.filter ? sql`PARTITION BY (${self.filter}) IS TRUE ` : sql``
    const previous = self.universe.lift(sql`lag(${self.sql}) OVER (${part}ORDER BY ${order})`)
    const position = self.universe.lift(sql`row_number() OVER (${part}ORDER BY ${order})`)
    const fine = derive(
      self,
      'bool',
      sql`(${position} = 1 OR coalesce(${self.sql} ${op} ${previous}, FALSE))`,
      'none',
    )
    const all = c.compiler.call({ t: 'function', on: 'columna', name: 'all', self: fine }, [], c.span)
    return all
  },
})

export const cells: FunctionDef[] = [
  {
    name: 'between',
    on: 'columna',
    params: "left, right, inclusive='both'",
    help: 'Verdadero si el valor está entre los dos (incluidos, salvo que se diga).',
    example: "df['cantidad'].between(1, 39, inclusive='neither')",
    call: between,
  },
  {
    name: 'fillna',
    on: 'columna',
    params: 'value=None, method=None',
    help: 'Pone un valor donde falta.',
    example: "df['descuento'].fillna(0) < 10",
    call: fillna,
  },
  {
    name: 'fillna',
    on: 'df',
    params: 'value=None, method=None',
    help: 'Pone un valor donde falta, en cada columna.',
    example: "df[['a', 'b']].fillna(0).sum(axis=1) > 0",
    call: fillna,
  },
  {
    name: 'combine_first',
    on: 'columna',
    params: 'other',
    help: 'Toma el valor de la otra columna donde falta.',
    example: "df['telefono'].combine_first(df['celular']).notna()",
    call: (c) => fill(c, c.self_(), matching(c, c.self_(), 'other')),
  },
  {
    name: 'clip',
    on: 'columna',
    params: 'lower=None, upper=None',
    help: 'Limita los valores a un rango.',
    example: "df['descuento'].clip(0, 100) == df['descuento']",
    call: clip,
  },
  {
    name: 'abs',
    on: 'columna',
    params: '',
    help: 'Valor absoluto.',
    example: "df['cantidad'].abs() == df['cantidad']",
    call: absolute,
  },
  {
    name: 'round',
    on: 'columna',
    params: 'decimals=0',
    help: 'Redondea a n decimales (la mitad, al par).',
    example: "df['precio'].round(2) == df['precio']",
    call: (c) => roundTo(c.self_('int', 'float', 'bool'), c.integer('decimals')),
  },
  {
    name: 'where',
    on: 'columna',
    params: 'cond, other=None',
    help: 'Conserva el valor donde la condición es verdadera.',
    example: "df['total'].where(df['estado'] == 'PAGADO', 0) >= 0",
    call: conditional(true),
  },
  {
    name: 'mask',
    on: 'columna',
    params: 'cond, other=None',
    help: 'Cambia el valor donde la condición es verdadera.',
    example: "df['total'].mask(df['estado'] == 'ANULADO', 0) >= 0",
    call: conditional(false),
  },
  monotonic('is_monotonic_increasing', sql`>=`, 'Verdadero si los valores nunca bajan.'),
  monotonic('is_monotonic_decreasing', sql`<=`, 'Verdadero si los valores nunca suben.'),
  {
    name: 'head',
    on: 'columna',
    params: 'n=5',
    help: 'Los primeros n registros.',
    example: "df['total'].head(10).sum() > 0",
    call: (c) => sliceRows(c.column(), 0, c.integer('n'), 1, c.span),
  },
  {
    name: 'tail',
    on: 'columna',
    params: 'n=5',
    help: 'Los últimos n registros.',
    example: "df['total'].tail(10).sum() > 0",
    call: (c) => {
      const n = c.integer('n')
      const self = c.column()
      return n === 0 ? keepRows(self, sql`FALSE`) : sliceRows(self, -n, null, 1, c.span)
    },
  },
  {
    name: 'item',
    on: 'columna',
    params: '',
    help: 'El único valor.',
    example: "df['total'].head(1).item() > 0",
    call: (c) => nth(c.column(), 0),
  },
]
