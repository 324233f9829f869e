import type { Call } from '../../call'
import { asDouble, strictBool } from '../../plan/operators'
import { AND, COMMA, join, OR, type Sql, sql } from '../../plan/sql'
import { type Column, derive, type Frame, isNumeric, type Kind, type Value } from '../../plan/values'

const PLUS = sql` + `

/** An aggregate of each record over the table's columns (`axis=1`). */
export function acrossRow(c: Call, frame: Frame, name: string): Value {
  const columns = c.compiler.columnsOf(frame, c.span)
  const rows = columns[0]
  if (!rows) return c.refuse('la tabla no tiene columnas')
  if (name === 'all' || name === 'any') return truthOf(c, columns, rows, name)
  if (name === 'count')
    return derive(
      rows,
      'int',
      join(
        columns.map((x) => sql`(${present(x)})::INT`),
        PLUS,
      ),
      'none',
    )
  if (name === 'nunique') {
    const numeric = columns.every((x) => isNumeric(x.kind))
    if (!numeric && new Set(columns.map((x) => x.kind)).size > 1)
      return c.refuse('las columnas son de tipos distintos')
    return derive(
      rows,
      'int',
      sql`len(list_distinct([${join(
        columns.map((x) => (numeric ? asDouble(x) : x.sql)),
        COMMA,
      )}]))`,
      'none',
    )
  }
  if (name === 'min' || name === 'max') return extreme(c, columns, rows, name)
  const numbers = columns.filter((x) => isNumeric(x.kind) || x.kind === 'bool')
  if (numbers.length === 0) return c.refuse('no hay columnas numéricas')
  const total = sql`(${join(
    numbers.map((x) => sql`coalesce(${asDouble(x)}, 0)`),
    PLUS,
  )})`
  const n = sql`(${join(
    numbers.map((x) => sql`(${present(x)})::INT`),
    PLUS,
  )})`
  if (name === 'sum')
    return derive(rows, numbers.every((x) => x.kind !== 'float') ? 'int' : 'float', total, 'none')
  if (name === 'mean') return derive(rows, 'float', sql`(${total} / nullif(${n}, 0))`)
  const list = sql`[${join(
    numbers.map((x) => sql`CASE WHEN abs(${asDouble(x)}) < 1e150 THEN ${asDouble(x)} END`),
    COMMA,
  )}]`
  if (name === 'median') return derive(rows, 'float', sql`list_aggregate(${list}, 'median')`)
  if (name === 'std') return derive(rows, 'float', sql`list_aggregate(${list}, 'stddev_samp')`)
  if (name === 'var') return derive(rows, 'float', sql`list_aggregate(${list}, 'var_samp')`)
  if (name === 'prod' || name === 'product')
    return derive(rows, 'float', sql`coalesce(list_aggregate(${list}, 'product'), 1)`)
  return c.refuse(`\`${name}(axis=1)\` no se admite`)
}

const present = (x: Column): Sql => (x.nulls === 'null' ? sql`${x.sql} IS NOT NULL` : sql`TRUE`)

function truthOf(c: Call, columns: Column[], rows: Column, name: 'all' | 'any'): Value {
  const cells = columns.map((x): Sql => {
    if (x.kind === 'bool')
      return x.nulls === 'null' && name === 'all' ? sql`coalesce(${x.sql}, TRUE)` : strictBool(x)
    if (isNumeric(x.kind))
      return name === 'all' ? sql`coalesce(${x.sql} <> 0, TRUE)` : sql`coalesce(${x.sql} <> 0, FALSE)`
    if (x.kind === 'text')
      return name === 'all' ? sql`coalesce(${x.sql} <> '', TRUE)` : sql`coalesce(${x.sql} <> '', FALSE)`
    return c.refuse(`\`${name}(axis=1)\` se aplica a verdadero/falso`)
  })
  return derive(rows, 'bool', sql`(${join(cells, name === 'all' ? AND : OR)})`, 'none')
}

function extreme(c: Call, columns: Column[], rows: Column, name: 'min' | 'max'): Value {
  const kinds = new Set<Kind>(columns.map((x) => x.kind))
  const numeric = [...kinds].every((kind) => isNumeric(kind))
  if (!numeric && kinds.size > 1) return c.refuse('las columnas son de tipos distintos')
  const kind: Kind = numeric ? (kinds.has('float') ? 'float' : 'int') : (columns[0]?.kind ?? 'float')
  const cells = columns.map((x) =>
    x.kind === 'bool' ? strictBool(x) : numeric && kinds.size > 1 ? asDouble(x) : x.sql,
  )
  return derive(rows, kind, sql`${name === 'min' ? sql`least` : sql`greatest`}(${join(cells, COMMA)})`)
}
