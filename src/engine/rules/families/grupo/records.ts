import type { Call } from '../../call'
import { keepRows } from '../../plan/frames'
import { AND, COMMA, integer, join, type Sql, sql } from '../../plan/sql'
import { type Column, derive, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'
import { orderOf } from '../ventana/index'
import { overSelected } from './functions'
import { groupOf, keySql, requireKeys } from './keys'

export const perRecord = (
  name: string,
  params: string,
  help: string,
  call: (c: Call, x: Column, keys: Sql[]) => Value,
): FunctionDef => ({
  name,
  on: 'grupo',
  params,
  help,
  example: `df.groupby('cliente')['total'].${name}()${name === 'diff' || name === 'shift' ? '.fillna(0)' : ''} >= 0`,
  call: (c) => {
    const group = groupOf(c)
    const keys = keySql(group)
    const known = keys
      .slice(1)
      .reduce((out, key) => sql`${out} AND ${key} IS NOT NULL`, sql`${keys[0] ?? sql`1`} IS NOT NULL`)
    return overSelected(c, group, (column) => {
      const value = call(c, { ...column, filter: group.frame.filter }, keys)
      if (value.t !== 'column') return c.refuse('esta operación no se admite')
      return {
        ...derive(value, value.kind, sql`CASE WHEN ${known} THEN ${value.sql} END`, 'null', value.infinite),
        name: undefined,
      }
    })
  },
})

export function cumcount(c: Call): Value {
  const group = groupOf(c)
  requireKeys(c, group)
  const any = group.keys[0]
  if (!any) return c.refuse('falta la clave del groupby')
  const x: Column = { ...any, filter: group.frame.filter, name: undefined }
  const by = keySql(group)
  const partition = by.slice(1).reduce((out, key) => sql`${out}, ${key}`, sql`${by[0] ?? sql`1`}`)
  const live = x.filter ? sql`(${x.filter}) IS TRUE, ` : sql``
  const at = x.universe.lift(
    sql`row_number() OVER (PARTITION BY ${live}${partition} ${orderOf(x, !c.flag('ascending'))})`,
  )
  const known = by
    .slice(1)
    .reduce((out, key) => sql`${out} AND ${key} IS NOT NULL`, sql`${by[0] ?? sql`1`} IS NOT NULL`)
  return { ...x, kind: 'int', sql: sql`CASE WHEN ${known} THEN ${at} - 1 END`, nulls: 'null' }
}

/** The record at a place of each group, from 0; from its end when negative. */
export function nthRow(c: Call): Value {
  const n = c.integer('n')
  return n >= 0
    ? rowsOfGroup(c, false, sql`= ${integer(n + 1)}`)
    : rowsOfGroup(c, true, sql`= ${integer(-n)}`)
}

export const firstRows = (c: Call, last: boolean): Value =>
  rowsOfGroup(c, last, sql`<= ${integer(c.integer('n'))}`)

/** The number of each record's group, in the order of the keys. */
export function groupNumber(c: Call): Value {
  const group = groupOf(c)
  requireKeys(c, group)
  const any = group.keys[0]
  if (!any) return c.refuse('falta la clave del groupby')
  const keys = keySql(group)
  const by = join(keys, COMMA)
  const at = any.universe.lift(sql`dense_rank() OVER (ORDER BY ${by})`)
  const known = join(
    keys.map((key) => sql`${key} IS NOT NULL`),
    AND,
  )
  return {
    ...any,
    filter: group.frame.filter,
    name: undefined,
    kind: 'int',
    sql: sql`CASE WHEN ${known} THEN ${at} - 1 END`,
    nulls: 'null',
  }
}

function rowsOfGroup(c: Call, last: boolean, place: Sql): Value {
  const group = groupOf(c)
  requireKeys(c, group)
  const any = group.keys[0]
  if (!any) return c.refuse('falta la clave del groupby')
  const x: Column = { ...any, filter: group.frame.filter }
  const by = keySql(group).reduce(
    (out, key) => sql`${out}, ${key}`,
    sql`${x.filter ? sql`(${x.filter}) IS TRUE` : sql`1`}`,
  )
  const at = x.universe.lift(sql`row_number() OVER (PARTITION BY ${by} ${orderOf(x, last)})`)
  const known = keySql(group).map((key) => sql`${key} IS NOT NULL`)
  const kept = known.reduce((frame, one) => keepRows(frame, one), keepRows(group.frame, sql`${at} ${place}`))
  const only = group.single ? group.select?.[0] : undefined
  return only === undefined ? kept : c.compiler.columnOf(kept, only, c.span)
}
