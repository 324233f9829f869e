import { existsSync } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Duck } from '@engine/duckdb'
import { duckType, nombreTipo } from '@engine/materialization/rows'
import type {
  FormatoArchivo,
  ProblemaMaterializacion,
  TablaMaterializada,
  TipoColumna,
} from '@shared/model/materializacion'
import type { ColumnSpec } from '../types'
import { tipoOf } from './describe'
import { notJson } from './errors'
import { headerSql, readFiles } from './formats'
import type { LedgerEntry } from './ledger'
import { LINE } from './line-shape'
import { CURRENT, formatOf, type Place } from './place'
import type { Known, Sight } from './shelf'

type Problem = Omit<ProblemaMaterializacion, 'tabla'>

/** A table of files as it stands, against the mapping. */
export interface Inspected {
  files: string[]
  /** Relation with its rows; null when there are none, or they were not read. */
  relation: string | null
  /** Its rows, where they were not read. */
  filasAntes: number | null
  /** Names in the files. */
  existing: string[]
  others: Map<string, TipoColumna>
  /** Columns of the mapping that are written. */
  mapped: ColumnSpec[]
  descartadas: string[]
  agregadas: string[]
  problems: Problem[]
}

/** Format and disposition as the ledger keeps them. */
export const writtenAs = (formato: FormatoArchivo, { disposicion }: Place): string =>
  `${formato.tipo}/${disposicion}`

/** A table against its mapping. `known`: what its last load says, where that is enough and no file is read. */
export async function inspectTable(
  duck: Duck,
  sight: Sight,
  tabla: TablaMaterializada,
  known: Known | null,
): Promise<Inspected> {
  const { place, last } = sight
  const formato = formatOf(tabla)
  const found: Inspected = {
    files: [],
    relation: null,
    filasAntes: known?.filas ?? null,
    existing: [],
    others: new Map(last?.columnas.map(({ nombre, tipo }) => [nombre, tipo]) ?? []),
    mapped: tabla.columnas.map(({ nombre, tipo, nulos }) => ({ nombre, tipo, nulos })),
    descartadas: [],
    agregadas: [],
    problems: [],
  }
  if (last && last.formato !== writtenAs(formato, place)) {
    found.problems.push(
      problem(
        'FORMATO_DISTINTO',
        null,
        `«${place.nombre}» se venía escribiendo como ${last.formato}.`,
        'Dar otro nombre a la tabla, o mover lo anterior y su registro de _sage_cargas.',
      ),
    )
    return found
  }
  found.files = known ? [] : await sight.files()
  if (!known && found.files.length === 0) {
    if (!tabla.crear && last === null)
      found.problems.push(
        problem(
          'TABLA_NO_EXISTE',
          null,
          `No hay nada escrito de «${place.nombre}».`,
          'Permitir que se cree sola.',
        ),
      )
    return found
  }
  const typed = known
    ? known.columnas.map(({ nombre, tipo }) => ({
        nombre,
        tipo: formato.tipo === 'parquet' ? duckType(tipo) : null,
      }))
    : await columnsOf(duck, formato, found.files, sight, tabla)
  found.existing = typed.map(({ nombre }) => nombre)
  for (const { nombre, tipo } of typed) {
    const equal = tipo === null ? null : tipoOf(tipo)
    if (equal !== null) found.others.set(nombre, equal)
  }
  compare(found, tabla, typed)
  if (!known && formato.tipo !== 'excel')
    found.relation = `(SELECT * FROM ${readFiles(formato, found.files, found.existing, last?.lineaMayor ?? 0)})`
  return found
}

/** The files in force. */
export async function filesOf({ disposicion, path, extension }: Place): Promise<string[]> {
  if (disposicion === 'archivo') return existsSync(path) ? [path] : []
  const folder = disposicion === 'cargas' ? path : await currentVersion(path)
  if (folder === null) return []
  if (!existsSync(folder)) return []
  const names = await readdir(folder, { recursive: disposicion === 'particiones' })
  return names
    .filter((name) => name.endsWith(`.${extension}`))
    .sort()
    .map((name) => join(folder, name))
}

/** Folder of the version in force of a table of partitions. */
export async function currentVersion(path: string): Promise<string | null> {
  const link = await readlink(join(path, CURRENT)).catch(() => null)
  // A version stands beside its link: what points elsewhere is not ours.
  const name = link?.split(/[\\/]/).filter(Boolean).at(-1)
  return name && /^[0-9a-f-]{36}$/.test(name) && existsSync(join(path, name)) ? join(path, name) : null
}

async function columnsOf(
  duck: Duck,
  formato: FormatoArchivo,
  files: string[],
  { place, last }: Sight,
  tabla: TablaMaterializada,
): Promise<{ nombre: string; tipo: string | null }[]> {
  if (formato.tipo === 'parquet') {
    const rows = await duck.rows(`DESCRIBE SELECT * FROM ${readFiles(formato, files, [], 0)}`)
    return rows.map((row) => ({ nombre: String(row.column_name), tipo: String(row.column_type) }))
  }
  // A file for each load: none of them says the columns of all.
  const isOne = place.disposicion === 'archivo'
  if (formato.tipo === 'csv' && formato.encabezado && (isOne || last === null)) {
    const names: string[] = []
    for (const file of files) {
      const rows = await duck.rows(headerSql(formato, file, last?.lineaMayor ?? 0))
      names.push(...rows.map((row) => String(row.column_name)))
    }
    return [...new Set(names)].map((nombre) => ({ nombre, tipo: null }))
  }
  // A text without header says nothing of its columns: they are those of its last load.
  const told = (last?.columnas ?? tabla.columnas).map(({ nombre }) => nombre)
  const touches = tabla.estrategia.tipo === 'upsert' || tabla.estrategia.tipo === 'delete_insert'
  if (formato.tipo !== 'jsonl' || !touches) return told.map((nombre) => ({ nombre, tipo: null }))
  // Lines do: whoever else writes there may have put others.
  const there = await memberNames(duck, formato, files, last)
  return [...new Set([...(last ? told : []), ...there])].map((nombre) => ({ nombre, tipo: null }))
}

/** Names of the members of all lines. @throws AppError ARCHIVO_ILEGIBLE */
async function memberNames(
  duck: Duck,
  formato: FormatoArchivo,
  files: readonly string[],
  last: LedgerEntry | null,
): Promise<string[]> {
  const linesOf = (some: readonly string[]) => readFiles(formato, some, [], last?.lineaMayor ?? 0)
  try {
    const rows = await duck.rows(
      `SELECT DISTINCT unnest(json_keys(${LINE})) AS nombre FROM ${linesOf(files)} ORDER BY 1`,
    )
    return rows.map(({ nombre }) => String(nombre))
  } catch (error) {
    for (const file of files) {
      const [row] = await duck.rows(
        `SELECT n::DOUBLE AS n FROM (SELECT ${LINE}, row_number() OVER () AS n FROM ${linesOf([file])}) WHERE NOT json_valid(${LINE}) ORDER BY n LIMIT 1`,
      )
      if (row) throw notJson(basename(file), Number(row.n), error)
    }
    throw error
  }
}

const problem = (
  codigo: string,
  columna: string | null,
  mensaje: string,
  sugerencia: string,
  severidad: Problem['severidad'] = 'error',
): Problem => ({ severidad, codigo, columna, mensaje, sugerencia })

function compare(
  found: Inspected,
  tabla: TablaMaterializada,
  existing: readonly { nombre: string; tipo: string | null }[],
): void {
  found.mapped = found.mapped.filter((columna) => {
    const there = existing.find(({ nombre }) => nombre === columna.nombre)
    if (there) {
      if (there.tipo !== null && plainType(there.tipo) !== plainType(duckType(columna.tipo)))
        found.problems.push(otherType(columna, there.tipo))
      return true
    }
    if (tabla.deriva === 'evolucionar') {
      found.agregadas.push(columna.nombre)
      return true
    }
    if (tabla.deriva === 'descartar' && !neededColumns(tabla).includes(columna.nombre)) {
      found.descartadas.push(columna.nombre)
      found.problems.push(
        problem(
          'COLUMNA_DESCARTADA',
          columna.nombre,
          `Lo escrito no tiene «${columna.nombre}»: no se carga.`,
          'Cambiar qué se hace con las columnas nuevas.',
          'aviso',
        ),
      )
      return false
    }
    found.problems.push(
      problem(
        'COLUMNA_NO_EXISTE',
        columna.nombre,
        `Lo escrito de «${tabla.tabla}» no tiene «${columna.nombre}».`,
        'Quitarla de la asignación o cambiar qué se hace con las columnas nuevas.',
      ),
    )
    return true
  })
}

const otherType = ({ nombre, tipo }: ColumnSpec, there: string): Problem =>
  problem(
    'TIPO_NO_CABE',
    nombre,
    `«${nombre}» está escrita como ${there} y la asignación pide ${nombreTipo(tipo)}.`,
    'Volver al tipo anterior, o escribir en otra tabla.',
  )

const plainType = (type: string): string =>
  type.replaceAll(' ', '').replace('TIMESTAMPWITHTIMEZONE', 'TIMESTAMPTZ')

/** Columns without which the strategy or the partitions can't do their work: they are never left out. */
function neededColumns({ estrategia, formato }: TablaMaterializada): string[] {
  const partitions = formato?.tipo === 'parquet' ? formato.particiones : []
  if (estrategia.tipo === 'upsert')
    return [...partitions, ...estrategia.clave, ...(estrategia.borrarSi ? [estrategia.borrarSi.columna] : [])]
  if (estrategia.tipo !== 'delete_insert') return partitions
  const { borrar } = estrategia
  if (borrar.por === 'clave') return [...partitions, ...borrar.clave]
  return [
    ...partitions,
    ...(borrar.por === 'particion' ? borrar.columnas : borrar.condiciones.map(({ columna }) => columna)),
  ]
}
