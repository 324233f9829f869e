import { double, type Sql, sql } from '../../plan/sql'
import { type Operand, remake } from '../../plan/values'

/** Rounds as numpy does: scale, half to even, scale back. */
export function roundTo<T extends Operand>(self: T, decimals: number): T {
  if (self.kind === 'bool') return self
  if (self.kind === 'int' && decimals >= 0) return self
  const x = sql`(${self.sql})::DOUBLE`
  const piece = scaled(x, decimals)
  return remake(self, self.kind, piece, self.nulls, self.infinite)
}

function scaled(x: Sql, decimals: number): Sql {
  if (decimals === 0) return sql`round_even(${x}, 0)`
  const scale = double(10 ** Math.min(300, Math.abs(decimals)))
  if (decimals > 0)
    return sql`coalesce(nullif(round_even(${x} * ${scale}, 0) / ${scale}, 'nan'::DOUBLE), ${x})`
  return sql`(round_even(${x} / ${scale}, 0) * ${scale})`
}
