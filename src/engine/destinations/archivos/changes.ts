import { quoteIdent, quoteLiteral } from '@engine/duckdb'
import { duckType } from '@engine/materialization/rows'
import type { Condicion, Estrategia } from '@shared/model/materializacion'
import type { ColumnSpec } from '../types'
import type { RowShape } from './row-shape'

/** A strategy over files, as queries: what is written and what is counted. */
export interface Changes {
  /** The rows of the table after the load, written whole; null when only the new ones are written (APPEND). */
  result: string
  /** One row: `insertadas`, `actualizadas`, `eliminadas`, `sin_cambio`. */
  counts: string
  /** Some rows that change: `cambio`, and the texts of the mapped columns before and after (lists, or null). */
  sample(limit: number): string
}

export interface ChangesInput {
  estrategia: Estrategia
  shape: RowShape
  /** Columns of the mapping that are written. */
  mapped: readonly ColumnSpec[]
  /** Relations: the typed new rows, and those that are there; null when there are none. */
  fresh: string
  existing: string | null
}

export function changesOf(input: ChangesInput): Changes {
  const { estrategia, existing } = input
  if (existing === null || estrategia.tipo === 'append') return onlyFresh(input)
  switch (estrategia.tipo) {
    case 'truncate_insert':
    case 'full':
      return replaced(input, existing, 'true')
    case 'upsert':
      return upserted(input, existing, estrategia)
    case 'delete_insert':
      return deleteInserted(input, existing, estrategia)
  }
}

const column = ({ mapped }: ChangesInput, nombre: string): ColumnSpec => {
  const found = mapped.find((columna) => columna.nombre === nombre)
  if (!found) throw new RangeError(`No column ${nombre} in the mapping`)
  return found
}
const value = (text: string, { tipo }: ColumnSpec): string =>
  `CAST(${quoteLiteral(text)} AS ${duckType(tipo)})`
const counts = (parts: {
  insertadas: string
  actualizadas?: string
  eliminadas?: string
  sin_cambio?: string
}): string =>
  `SELECT ${parts.insertadas} AS insertadas, ${parts.actualizadas ?? '0'} AS actualizadas, ${parts.eliminadas ?? '0'} AS eliminadas, ${parts.sin_cambio ?? '0'} AS sin_cambio`
/** The texts of a new row, and of an existing one, as lists. */
const freshCells = ({ mapped }: ChangesInput): string =>
  `[${mapped.map(({ nombre }) => `CAST(n.${quoteIdent(nombre)} AS VARCHAR)`).join(', ')}]`
const oldCells = ({ mapped, shape }: ChangesInput, alias: string): string =>
  `[${mapped.map((columna) => `CAST(${shape.old(alias, columna)} AS VARCHAR)`).join(', ')}]`
const countOf = (from: string): string => `(SELECT count(*) FROM ${from})`
/** New rows by themselves: of a mark to delete, those that have it are left out. */
function onlyFresh(input: ChangesInput): Changes {
  const from = `${input.fresh} n WHERE NOT ${markOf(input)}`
  return {
    result: `SELECT ${input.shape.fresh} FROM ${input.fresh} n${input.shape.noOld} WHERE NOT ${markOf(input)}`,
    counts: counts({ insertadas: countOf(from) }),
    sample: (limit) =>
      `SELECT 'insertada' AS cambio, CAST(NULL AS VARCHAR[]) AS antes, ${freshCells(input)} AS despues FROM ${from} LIMIT ${limit}`,
  }
}

function markOf(input: ChangesInput): string {
  const { estrategia } = input
  if (estrategia.tipo !== 'upsert' || !estrategia.borrarSi) return 'false'
  const columna = column(input, estrategia.borrarSi.columna)
  return `coalesce(n.${quoteIdent(columna.nombre)} = ${value(estrategia.borrarSi.valor, columna)}, false)`
}

/** Existing rows (alias `o`) for which `gone` is true leave; all the new ones come. */
function replaced(input: ChangesInput, existing: string, gone: string): Changes {
  const { shape, fresh } = input
  const kept = gone === 'true' ? '' : `SELECT ${shape.kept} FROM ${existing} o WHERE NOT (${gone}) UNION ALL `
  return {
    result: `${kept}SELECT ${shape.fresh} FROM ${fresh} n${input.shape.noOld}`,
    counts: counts({ insertadas: countOf(fresh), eliminadas: countOf(`${existing} o WHERE ${gone}`) }),
    sample: (limit) =>
      `SELECT * FROM (SELECT 'eliminada' AS cambio, ${oldCells(input, 'o')} AS antes, CAST(NULL AS VARCHAR[]) AS despues FROM ${existing} o WHERE ${gone} LIMIT ${Math.ceil(limit / 2)})
       UNION ALL (SELECT 'insertada', NULL, ${freshCells(input)} FROM ${fresh} n LIMIT ${limit}) LIMIT ${limit}`,
  }
}

function upserted(
  input: ChangesInput,
  existing: string,
  { clave }: Extract<Estrategia, { tipo: 'upsert' }>,
): Changes {
  const { shape, fresh, mapped } = input
  const keys = clave.map((nombre) => column(input, nombre))
  const match = keys.map((key) => `${shape.old('m', key)} = n.${quoteIdent(key.nombre)}`).join(' AND ')
  const mark = markOf(input)
  const first = firstOfKey(input, existing, keys)
  const compared = mapped
    .filter(({ nombre }) => !clave.includes(nombre))
    .map((columna) => shape.compared('m', columna))
  const changed = compared.map(({ before, after }) => `(${after} IS DISTINCT FROM ${before})`).join(' OR ')
  const there = `(${shape.old('m', keys[0] ?? column(input, ''))}) IS NOT NULL`
  const joined = `${fresh} n LEFT JOIN ${first} m ON ${match}`
  // Whole rows are joined only where something of the old one stays.
  const written = shape.noOld === '' ? `${fresh} n` : joined
  return {
    result: `SELECT ${shape.kept} FROM ${existing} o WHERE NOT ${isAmong(input, keys)}
      UNION ALL SELECT ${shape.fresh} FROM ${written} WHERE NOT ${mark}`,
    counts: upsertCounts(input, first, keys, compared),
    sample: (limit) =>
      `SELECT CASE WHEN ${mark} THEN 'eliminada' WHEN ${there} THEN 'actualizada' ELSE 'insertada' END AS cambio,
        CASE WHEN ${there} THEN ${oldCells(input, 'm')} END AS antes, CASE WHEN NOT ${mark} THEN ${freshCells(input)} END AS despues
       FROM ${joined} WHERE (${mark} AND ${there}) OR (NOT ${mark} AND (NOT ${there} OR ${changed || 'false'})) LIMIT ${limit}`,
  }
}

/**
 * Rows are compared by their keys and a hash of 64 bits of the rest: whole ones, joined, would take a table's size of memory. Two that
 * differ have one hash once in 10^19: then a row that is updated is counted as one that stays.
 */
function upsertCounts(
  input: ChangesInput,
  first: string,
  keys: readonly ColumnSpec[],
  compared: readonly { before: string; after: string }[],
): string {
  const cells = (key: (columna: ColumnSpec) => string, rest: readonly string[]): string =>
    [...keys.map((columna, i) => `${key(columna)} AS k${i}`), `hash(${['0', ...rest].join(', ')}) AS h`].join(
      ', ',
    )
  const before = cells(
    (key) => input.shape.old('m', key),
    compared.map((pair) => pair.before),
  )
  const after = cells(
    ({ nombre }) => `n.${quoteIdent(nombre)}`,
    compared.map((pair) => pair.after),
  )
  const match = keys.map((_, i) => `m.k${i} = n.k${i}`).join(' AND ')
  const count = (condition: string, name: string): string => `count(*) FILTER (WHERE ${condition}) AS ${name}`
  const there = 'm.k0 IS NOT NULL'
  return `SELECT ${[
    count(`NOT gone AND NOT (${there})`, 'insertadas'),
    count(`NOT gone AND ${there} AND m.h <> n.h`, 'actualizadas'),
    count(`gone AND ${there}`, 'eliminadas'),
    count(`NOT gone AND ${there} AND m.h = n.h`, 'sin_cambio'),
  ].join(', ')} FROM (SELECT ${after}, ${markOf(input)} AS gone FROM ${input.fresh} n) n
    LEFT JOIN (SELECT ${before} FROM ${first} m) m ON ${match}`
}

/**
 * Whether what an existing row (alias `o`) says in some columns comes anew; `nulls`: one without a value is like another. Inside a COALESCE
 * DuckDB makes no anti join of it, of which it would hold the table and not what is new: it takes any text for one of 42 rows.
 */
function isAmong({ shape, fresh }: ChangesInput, columnas: readonly ColumnSpec[], nulls = false): string {
  const old = columnas.map((columna) => shape.old('o', columna))
  const own = columnas.map(({ nombre }) => `n.${quoteIdent(nombre)}`)
  // Within a struct, null is a value.
  const struct = (cells: readonly string[]): string =>
    `{${cells.map((cell, i) => `k${i}: ${cell}`).join(', ')}}`
  const among = nulls
    ? `${struct(old)} IN (SELECT DISTINCT ${struct(own)} FROM ${fresh} n)`
    : `(${old.join(', ')}) IN (SELECT ${own.join(', ')} FROM ${fresh} n)`
  return `coalesce(${among}, false)`
}

/**
 * The existing rows, one of each key: a key that is there twice becomes one row, what the key says. Only rows of repeated keys, nearly always
 * none, are told apart whole: of all of them it would hold the table in memory.
 */
function firstOfKey({ shape }: ChangesInput, existing: string, keys: readonly ColumnSpec[]): string {
  const cells = keys.map((key) => shape.old('d', key))
  const named = cells.map((cell, i) => `${cell} AS k${i}`).join(', ')
  const match = cells.map((cell, i) => `${cell} = r.k${i}`).join(' AND ')
  return `(WITH r AS MATERIALIZED (SELECT ${named} FROM ${existing} d GROUP BY ALL HAVING count(*) > 1)
    SELECT d.* FROM ${existing} d ANTI JOIN r ON ${match}
    UNION ALL SELECT DISTINCT ON (${cells.join(', ')}) d.* FROM ${existing} d SEMI JOIN r ON ${match})`
}

function deleteInserted(
  input: ChangesInput,
  existing: string,
  { borrar }: Extract<Estrategia, { tipo: 'delete_insert' }>,
): Changes {
  if (borrar.por === 'condicion') return replaced(input, existing, condition(borrar.condiciones, input))
  const names = borrar.por === 'clave' ? borrar.clave : borrar.columnas
  const columns = names.map((nombre) => column(input, nombre))
  // A partition without a value is one too; a key never is.
  return replaced(input, existing, isAmong(input, columns, borrar.por !== 'clave'))
}

function condition(condiciones: readonly Condicion[], input: ChangesInput): string {
  const tests = condiciones.map(({ columna: nombre, operador, valores }) => {
    const columna = column(input, nombre)
    const old = input.shape.old('o', columna)
    const [first = ''] = valores
    switch (operador) {
      case 'es_nulo':
        return `${old} IS NULL`
      case 'no_es_nulo':
        return `${old} IS NOT NULL`
      case 'en':
        return `coalesce(${old} IN (${valores.map((text) => value(text, columna)).join(', ')}), false)`
      default:
        return `coalesce(${old} ${operador} ${value(first, columna)}, false)`
    }
  })
  return tests.join(' AND ')
}
