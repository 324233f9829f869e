import { quoteIdent, quoteLiteral } from '@engine/duckdb'
import { duckType } from '@engine/materialization/rows'
import type { TipoColumna } from '@shared/model/materializacion'
import type { ColumnSpec } from '../types'
import type { RowShape } from './row-shape'

/** Name of the only column of a file of lines. */
export const LINE = 'line'

/**
 * JSON lines: the functions of DuckDB read a fraction as a double, so what must keep its digits is taken from the text of the line. `keeps`:
 * lines have members out of the mapping, and the line that replaces one goes on with them.
 */
export function lineShape(
  columnas: readonly ColumnSpec[],
  mapped: readonly ColumnSpec[],
  keeps: boolean,
): RowShape {
  const cells = mapped.map((columna, i) =>
    quoteLiteral(`${i === 0 ? '{' : ','}${JSON.stringify(columna.nombre)}:`),
  )
  const line = mapped.flatMap((columna, i) => [
    cells[i] ?? '',
    jsonValue(`n.${quoteIdent(columna.nombre)}`, columna.tipo),
  ])
  const rest = keeps ? [restOf(`m.${LINE}`, mapped)] : []
  const old = (alias: string, columna: ColumnSpec): string =>
    `TRY_CAST(${textOf(`${alias}.${LINE}`, columna)} AS ${duckType(columna.tipo)})`
  return {
    columnas,
    kept: `o.${LINE} AS ${LINE}`,
    fresh: `concat(${[...line, ...rest, "'}'"].join(', ')}) AS ${LINE}`,
    noOld: keeps ? `, (SELECT CAST(NULL AS VARCHAR) AS ${LINE}) m` : '',
    old,
    compared: (alias, columna) => ({ before: old(alias, columna), after: told(columna) }),
  }
}

/** What a line can say of a value: JSON has no number that is not finite. */
const told = ({ nombre, tipo }: ColumnSpec): string => {
  const value = `n.${quoteIdent(nombre)}`
  return tipo.tipo === 'doble' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value
}

/** A value of JSON with all its digits. */
function jsonValue(sql: string, tipo: TipoColumna): string {
  const text = `CAST(${sql} AS VARCHAR)`
  const bare = tipo.tipo === 'entero' || tipo.tipo === 'decimal' || tipo.tipo === 'booleano'
  if (bare) return `coalesce(${text}, 'null')`
  if (tipo.tipo === 'doble') return `CASE WHEN isfinite(${sql}) THEN ${text} ELSE 'null' END`
  return `coalesce(CAST(to_json(${text}) AS VARCHAR), 'null')`
}

// The grammar of JSON (RFC 8259) as expressions of RE2.
const STRING = String.raw`"(?:[^"\\]|\\.)*"`
/** Levels of lists and objects in a value that are told apart; what is deeper is read with DuckDB's functions. */
const LEVELS = 16
const nested = (levels: number): string =>
  String.raw`[\[{](?:[^\[\]{}"]|${STRING}${levels > 1 ? `|${nested(levels - 1)}` : ''})*[\]}]`
const MEMBER = String.raw`${STRING}\s*:\s*(?:${STRING}|${nested(LEVELS)}|[^\s,:\[\]{}"]+)`

const LIST = String.raw`\s*\{\s*(?:${MEMBER}\s*(?:,\s*${MEMBER}\s*)*)?\}\s*`

/** Whether the expressions tell all its members apart. */
const isTold = (line: string): string => `regexp_full_match(${line}, ${quoteLiteral(LIST)})`
const membersOf = (line: string): string => `regexp_extract_all(${line}, ${quoteLiteral(MEMBER)})`
const keyOf = (member: string): string =>
  `json_extract_string(regexp_extract(${member}, ${quoteLiteral(`^${STRING}`)}), '$')`

/** The members of a line that the mapping does not have, each after a comma, as they stand. */
function restOf(line: string, mapped: readonly ColumnSpec[]): string {
  const own = mapped.map(({ nombre }) => quoteLiteral(nombre)).join(', ')
  const asWritten = `array_to_string([',' || t FOR t IN ${membersOf(line)} IF ${keyOf('t')} NOT IN (${own})], '')`
  const gone = quoteLiteral(JSON.stringify(Object.fromEntries(mapped.map(({ nombre }) => [nombre, null]))))
  const asRead = `regexp_replace(nullif(CAST(json_merge_patch(${line}, ${gone}) AS VARCHAR), '{}'), '^\\{(.+)\\}$', ',\\1')`
  return `coalesce(CASE WHEN ${line} IS NULL THEN '' WHEN ${isTold(line)} THEN ${asWritten} ELSE ${asRead} END, '')`
}

/** The text of a member: a string without its quotes, or a number with all its digits. */
function textOf(line: string, { nombre, tipo }: ColumnSpec): string {
  const read = `json_extract_string(${line}, ${quoteLiteral(pointer(nombre))})`
  if (tipo.tipo !== 'decimal') return read
  const number = (text: string, pattern: string): string =>
    `nullif(regexp_extract(${text}, ${quoteLiteral(pattern)}, 1), '')`
  const member = `[t FOR t IN ${membersOf(line)} IF ${keyOf('t')} = ${quoteLiteral(nombre)}][1]`
  const slow = `CASE WHEN ${isTold(line)} THEN ${number(member, String.raw`^${STRING}\s*:\s*(-?[0-9][0-9.eE+-]*)$`)} END`
  // Within a text every quote is escaped: what follows a comma and stands in quotes is the name of a member, if no object is inside another.
  const isPlain = /^[\p{L}\p{N}_ -]+$/u.test(nombre)
  const fast = number(line, String.raw`[{,]\s*"${nombre}"\s*:\s*(-?[0-9][0-9.eE+-]*)`)
  const digits = isPlain ? `CASE WHEN contains(substr(${line}, 2), '{') THEN ${slow} ELSE ${fast} END` : slow
  return `coalesce(${digits}, ${read})`
}

const pointer = (nombre: string): string => `/${nombre.replaceAll('~', '~0').replaceAll('/', '~1')}`
