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
/** Nothing to take from an existing row: its columns are null. */
const noRow = ({ shape, mapped }: ChangesInput): string => {
  const others = shape.columnas.filter(({ nombre }) => !mapped.some((own) => own.nombre === nombre))
  return others.length === 0
    ? ''
    : `, (SELECT ${others.map(({ nombre }) => `NULL AS ${quoteIdent(nombre)}`).join(', ')}) m`
}

/** New rows by themselves: of a mark to delete, those that have it are left out. */
function onlyFresh(input: ChangesInput): Changes {
  const from = `${input.fresh} n WHERE NOT ${markOf(input)}`
  return {
    result: `SELECT ${input.shape.fresh} FROM ${input.fresh} n${noRow(input)} WHERE NOT ${markOf(input)}`,
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
    result: `${kept}SELECT ${shape.fresh} FROM ${fresh} n${noRow(input)}`,
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
  const match = (alias: string): string =>
    keys.map((key) => `${shape.old(alias, key)} = n.${quoteIdent(key.nombre)}`).join(' AND ')
  const mark = markOf(input)
  // A key that is there twice becomes one row: what the key says.
  const first = `(SELECT DISTINCT ON (${keys.map((key) => shape.old('d', key)).join(', ')}) * FROM ${existing} d)`
  const differs = mapped
    .filter(({ nombre }) => !clave.includes(nombre))
    .map((columna) => `(${shape.differs('m', columna)})`)
  const changed = differs.length === 0 ? 'false' : differs.join(' OR ')
  const there = `(${shape.old('m', keys[0] ?? column(input, ''))}) IS NOT NULL`
  const joined = `${fresh} n LEFT JOIN ${first} m ON ${match('m')}`
  const filter = (condition: string): string => `count(*) FILTER (WHERE ${condition})`
  return {
    result: `SELECT ${shape.kept} FROM ${existing} o ANTI JOIN ${fresh} n ON ${match('o')}
      UNION ALL SELECT ${shape.fresh} FROM ${joined} WHERE NOT ${mark}`,
    counts: `SELECT ${filter(`NOT ${mark} AND NOT ${there}`)} AS insertadas, ${filter(`NOT ${mark} AND ${there} AND (${changed})`)} AS actualizadas, ${filter(`${mark} AND ${there}`)} AS eliminadas, ${filter(`NOT ${mark} AND ${there} AND NOT (${changed})`)} AS sin_cambio FROM ${joined}`,
    sample: (limit) =>
      `SELECT CASE WHEN ${mark} THEN 'eliminada' WHEN ${there} THEN 'actualizada' ELSE 'insertada' END AS cambio,
        CASE WHEN ${there} THEN ${oldCells(input, 'm')} END AS antes, CASE WHEN NOT ${mark} THEN ${freshCells(input)} END AS despues
       FROM ${joined} WHERE (${mark} AND ${there}) OR (NOT ${mark} AND (NOT ${there} OR ${changed})) LIMIT ${limit}`,
  }
}

function deleteInserted(
  input: ChangesInput,
  existing: string,
  { borrar }: Extract<Estrategia, { tipo: 'delete_insert' }>,
): Changes {
  if (borrar.por === 'condicion') return replaced(input, existing, condition(borrar.condiciones, input))
  const names = borrar.por === 'clave' ? borrar.clave : borrar.columnas
  const columns = names.map((nombre) => column(input, nombre))
  const list = columns.map(({ nombre }) => `n.${quoteIdent(nombre)}`).join(', ')
  // A partition without a value is one too; a key never is.
  const same = borrar.por === 'clave' ? '=' : 'IS NOT DISTINCT FROM'
  const match = columns
    .map((columna) => `${input.shape.old('o', columna)} ${same} n.${quoteIdent(columna.nombre)}`)
    .join(' AND ')
  return replaced(
    input,
    existing,
    `EXISTS (SELECT 1 FROM (SELECT DISTINCT ${list} FROM ${input.fresh} n) n WHERE ${match})`,
  )
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
