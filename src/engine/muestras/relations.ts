import type { Duck } from '@engine/duckdb'
import type { CatalogoInferido, ColumnaInferida, RelacionInferida } from '@shared/model/muestra'
import { fold } from './cells'

/** A catalog with the relation its records are read from. */
export interface Related {
  catalog: CatalogoInferido
  relation: string
}

interface Side {
  table: Related
  index: number
  column: ColumnaInferida
}

const COVERED = 0.9
const FIRST = 200
/** Distinct values kept of one side. */
const DISTINCT_MOST = 1_000_000
const PAIRS_MOST = 400

const words = (name: string): string[] =>
  fold(name)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2)
const GENERIC = new Set([
  'codigo',
  'cod',
  'nombre',
  'fecha',
  'numero',
  'num',
  'nro',
  'descripcion',
  'columna',
])

/** The names say that they speak of the same thing. */
function alike(a: Side, b: Side): boolean {
  if (fold(a.column.nombre) === fold(b.column.nombre)) return true
  const other = new Set([...words(b.column.nombre), ...words(b.table.catalog.nombre)].map(singular))
  return words(a.column.nombre).some((word) => !GENERIC.has(word) && other.has(singular(word)))
}

const singular = (word: string): string => word.replace(/(es|s)$/, '')

/** What two columns hold can refer to the same thing: codes of one type; numbers only when their names agree, for 1, 2, 3 are in any list. */
function mayRefer(from: Side, to: Side): boolean {
  const types: readonly string[] = ['texto', 'entero']
  if (!types.includes(to.column.tipo) || from.column.tipo !== to.column.tipo) return false
  if (from.column.distintos < 1 || from.column.distintos > DISTINCT_MOST) return false
  if (from.column.distintos * COVERED > to.column.distintos) return false
  if (alike(from, to)) return true
  return from.column.tipo === 'texto' && from.column.distintos >= 3 && from.column.valores === null
}

/** Columns of one file whose values are those of a column that does not repeat in another, with how many are found there. */
export async function findRelations(duck: Duck, tables: Related[]): Promise<RelacionInferida[]> {
  const sides = tables.flatMap((table) =>
    table.catalog.columnas.map((column, index): Side => ({ table, index, column })),
  )
  const targets = sides.filter(({ column }) => column.sinRepetir && column.nulos === 0)
  const pairs = targets
    .flatMap((to) =>
      sides.filter((from) => from.table !== to.table && mayRefer(from, to)).map((from) => ({ from, to })),
    )
    .sort((a, b) => Number(alike(b.from, b.to)) - Number(alike(a.from, a.to)))
    .slice(0, PAIRS_MOST)
  const kept = new Map<Side, string>()
  const found: RelacionInferida[] = []
  for (const { from, to } of pairs) {
    const own = await distinct(duck, kept, from)
    const other = await distinct(duck, kept, to)
    if ((await coverage(duck, `(SELECT * FROM ${own} LIMIT ${FIRST})`, other)) < COVERED / 2) continue
    const cobertura = await coverage(duck, own, other)
    if (cobertura < COVERED) continue
    found.push({
      desde: { catalogo: from.table.catalog.id, columna: from.column.nombre },
      hacia: { catalogo: to.table.catalog.id, columna: to.column.nombre },
      cobertura,
    })
  }
  return withoutMirrors(found, sides).sort((a, b) => b.cobertura - a.cobertura)
}

/** Two keys that hold each other are one relation: the one from the smaller list. */
function withoutMirrors(found: RelacionInferida[], sides: Side[]): RelacionInferida[] {
  const size = (end: RelacionInferida['desde']): number =>
    sides.find(({ table, column }) => table.catalog.id === end.catalogo && column.nombre === end.columna)
      ?.column.distintos ?? 0
  const key = (a: RelacionInferida['desde'], b: RelacionInferida['desde']): string =>
    JSON.stringify([a.catalogo, a.columna, b.catalogo, b.columna])
  const kept = new Set<string>()
  return found.filter(({ desde, hacia }) => {
    const mirrored = found.some((other) => key(other.desde, other.hacia) === key(hacia, desde))
    if (mirrored && (size(desde) > size(hacia) || kept.has(key(hacia, desde)))) return false
    kept.add(key(desde, hacia))
    return true
  })
}

async function distinct(duck: Duck, kept: Map<Side, string>, side: Side): Promise<string> {
  const known = kept.get(side)
  if (known !== undefined) return known
  const name = `valores_${kept.size}`
  const raw = side.column.recortar ? `trim(k${side.index})` : `k${side.index}`
  await duck.run(
    `CREATE TEMP TABLE ${name} AS SELECT DISTINCT ${raw} AS v FROM ${side.table.relation} WHERE k${side.index} IS NOT NULL`,
  )
  kept.set(side, name)
  return name
}

async function coverage(duck: Duck, own: string, other: string): Promise<number> {
  const [row] = await duck.rows(
    `SELECT count(*) AS n, count(*) FILTER (WHERE v IN (SELECT v FROM ${other})) AS found FROM ${own} AS own`,
  )
  const n = Number(row?.n ?? 0)
  return n === 0 ? 0 : Number(row?.found ?? 0) / n
}
