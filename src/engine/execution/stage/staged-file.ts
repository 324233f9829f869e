import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteLiteral } from '@engine/duckdb'
import { RECORD } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import { fieldTypeSchema } from '@shared/model/schema'
import { z } from 'zod'
import { readVerdict } from '../folder'
import { fileNames } from '../listing/findings'
import { readSchema } from '../schema'
import { applyTransformations } from './transformations'

export const STAGED_FOLDER = 'aceptados'
/** Key of our own metadata in the Parquet. */
export const STAGED_KEY = 'sage'

export const ROW_NUMBER = 'file_row_number'

/** What a staged Parquet says of itself: a text and a decimal are both text in it, and names may have been changed to be unique. */
const stagedInfoSchema = z.object({
  version: z.literal(1),
  catalog: z.string(),
  /** The first columns of the file, in order, under the names that the transformations left. */
  columns: z.array(z.object({ name: z.string(), type: fieldTypeSchema })),
  /** Where the record's number is: row n is record n, or the column after the others says it. */
  numbering: z.enum(['position', 'column']),
  /** Files of the catalog in order, each with how many records come before its first. */
  files: z.array(z.object({ file: z.string(), before: z.number().int().nonnegative() })).min(1),
})
export type StagedInfo = z.infer<typeof stagedInfoSchema>

export interface StagedCatalog extends Omit<StagedInfo, 'version' | 'numbering'> {
  path: string
  /** `unknown`: of an execution of before the numbers were kept; only the place among the accepted is known. */
  numbering: StagedInfo['numbering'] | 'unknown'
}

/**
 * What a finished execution accepted, by catalog. `duck` must reach the folder of the execution. Files of an execution of before they
 * told what they hold are explained by its YAML and its verdict. Error: STAGED_MISSING when nothing was staged or it was cleaned.
 */
export async function stagedCatalogs(duck: Duck, dir: string): Promise<Map<string, StagedCatalog>> {
  const folder = join(dir, STAGED_FOLDER)
  const names = existsSync(folder)
    ? (await readdir(folder)).filter((name) => name.endsWith('.parquet')).sort()
    : []
  if (names.length === 0) throw nothingStaged()
  const found = new Map<string, StagedCatalog>()
  const unexplained: string[] = []
  for (const name of names) {
    const path = join(folder, name)
    const info = await readInfo(duck, path)
    if (info) found.set(info.catalog, { ...info, path })
    else unexplained.push(name)
  }
  if (unexplained.length > 0) await explain(dir, unexplained, found)
  return found
}

/**
 * The records of a staged catalog as a subquery: `x<i>` for each of its columns, as the file holds it (a decimal is its digits), and `_rec`,
 * the record's number; where that is not known, the place of the row among the accepted.
 */
export function stagedSql({ path, columns, numbering }: StagedCatalog): string {
  const named = columns.some(({ name }) => name.toLowerCase() === ROW_NUMBER)
  const place = numbering !== 'column' && !named
  const read = `read_parquet(${quoteLiteral(path)}${place ? `, ${ROW_NUMBER} = true` : ''})`
  const names = columns.map((_, i) => `x${i}`)
  const all = [...names, ...(numbering === 'column' ? [RECORD] : place ? ['place'] : [])]
  const record =
    numbering === 'column' ? RECORD : `${place ? 'place + 1' : 'row_number() OVER ()'} AS ${RECORD}`
  return `(SELECT ${[...names, record].join(', ')} FROM (SELECT * FROM ${read}) AS t(${all.join(', ')}))`
}

async function readInfo(duck: Duck, path: string): Promise<StagedInfo | null> {
  const rows = await duck.rows(
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${quoteLiteral(path)}) WHERE decode(key) = ${quoteLiteral(STAGED_KEY)}`,
  )
  const [row] = rows
  return row ? stagedInfoSchema.parse(JSON.parse(String(row.value))) : null
}

/** Names of files are those the stage gave to the catalogs it read, in their order. */
async function explain(dir: string, names: string[], found: Map<string, StagedCatalog>): Promise<void> {
  const verdict = await readVerdict(dir)
  if (!verdict) throw nothingStaged()
  const schema = readSchema(await readFile(join(dir, 'input.yaml'), 'utf8'))
  const read = verdict.files.filter(({ state }) => state === 'procesado')
  const given = fileNames(read.map(({ catalog }) => catalog))
  read.forEach(({ catalog: id, file }, i) => {
    const name = `${given[i]}.parquet`
    const catalog = schema.catalogs.get(id)
    if (!catalog || !names.includes(name)) return
    found.set(id, {
      catalog: id,
      path: join(dir, STAGED_FOLDER, name),
      columns: applyTransformations(catalog, 'x').columns,
      numbering: 'unknown',
      files: [{ file, before: 0 }],
    })
  })
}

const nothingStaged = (): AppError =>
  new AppError('STAGED_MISSING', {
    kind: 'not-found',
    message: 'Los registros aceptados de esta ejecución ya no están en su carpeta.',
    hint: 'Volver a procesar el archivo.',
  })
