import type { Call } from '../../call'
import { windowAggregate } from '../../plan/aggregates'
import { refuseOpen } from '../../plan/frames'
import { constant } from '../../plan/operators'
import { Sql, sql } from '../../plan/sql'
import {
  type Column,
  derive,
  describeValue,
  type Frame,
  type Operand,
  type Scalar,
  scalar,
  type Value,
} from '../../plan/values'

/** How many rows. */
export function rowCount(of: { universe: Frame['universe']; filter: Sql | null }): Scalar {
  const call = sql`count(*)`
  return scalar('int', new Sql([{ tag: 'agg', universe: of.universe, call, filter: of.filter }]), 'none')
}

/** How many rows, of the group where it is one's. */
export function rowsOf(c: Call, of: Frame | Column): Operand {
  refuseOpen(of, c.span)
  return of.partition ? groupSize(of) : rowCount(of)
}

/** `len(x)`. */
export function sizeOf(c: Call, value: Value): Value {
  switch (value.t) {
    case 'frame':
    case 'column': {
      // A record in a lambda: its columns.
      if (value.t === 'frame' && value.elem) return constant(value.columns.size)
      if (value.t === 'column' && value.elem && (value.kind === 'text' || value.kind === 'list')) {
        return derive(
          value,
          'int',
          value.kind === 'text' ? sql`length(${value.sql})` : sql`len(${value.sql})`,
          value.nulls,
        )
      }
      if (value.t === 'column' && value.elem && !value.partition)
        return c.refuse(`${describeValue(value)} no tiene largo`, 'convertirlo antes: `len(str(x))`', 'x')
      if (value.partition) return groupSize(value)
      return rowCount(value)
    }
    case 'scalar':
      if (typeof value.konst === 'string') return constant([...value.konst].length)
      if (value.kind === 'text') return scalar('int', sql`length(${value.sql})`)
      return c.refuse('un número no tiene largo', undefined, 'x')
    case 'list':
      if (value.flavour !== 'set') return constant(value.items.length)
      return constant(
        new Set(value.items.map((item) => (item.t === 'scalar' ? `${typeof item.konst}:${item.konst}` : '')))
          .size,
      )
    case 'dict':
      return constant(value.entries.length)
    case 'vector':
      return constant(value.entries.size)
    case 'package':
      return constant(value.frames.size)
    case 'set': {
      const column = value.column
      const distinct = c.compiler.call(
        { t: 'function', on: 'columna', name: 'unique', self: column },
        [],
        c.span,
      )
      return distinct.t === 'column' ? rowCount(distinct) : distinct
    }
    case 'group': {
      const counted = c.compiler.call({ t: 'function', on: 'grupo', name: 'size', self: value }, [], c.span)
      return counted.t === 'column' ? rowCount(counted) : counted
    }
    default:
      return c.refuse(`${describeValue(value)} no tiene largo`, undefined, 'x')
  }
}

/** The rows of the group a row is in. */
function groupSize(value: Frame | Column): Operand {
  const any = value.t === 'column' ? value : [...value.columns.values()][0]
  if (!any) return constant(0)
  const column = { ...any, filter: value.filter, partition: value.partition, elem: true }
  return windowAggregate('size', column, value.partition ?? [], {}, { from: 0, to: 0 })
}

export function frameOf(c: Call): Frame {
  return c.self.t === 'frame' ? c.self : c.refuse('se esperaba una tabla')
}
