import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eachRecord, type RecordText, readRecords } from '@engine/formats'
import type { CatalogSource } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { CatalogSpec, SageSchema } from '@shared/model/schema'
import { readSchema } from '../schema'
import type { RecordContext } from '../types'
import { queryFindings, withFolder } from './findings'
import { openSource } from './source'

/** Findings shown around a record at most. */
const FINDINGS = 2000

/** The YAML version that judged a finished execution. */
export const schemaOf = async (dir: string): Promise<SageSchema> =>
  readSchema(await readFile(join(dir, 'input.yaml'), 'utf8'))

export function catalogOf(schema: SageSchema, id: string): CatalogSpec {
  const catalog = schema.catalogs.get(id)
  if (catalog) return catalog
  throw new AppError('UNKNOWN_CATALOG', {
    kind: 'not-found',
    message: `El YAML no tiene el catálogo «${id}».`,
  })
}

/**
 * A record in its place: its cells and its neighbours', as received, with their findings. Cells follow the fields of the catalog; a
 * record of another width shows its cells as they come. Errors: those of the input file, UNKNOWN_CATALOG, FINDINGS_MISSING.
 */
export async function recordContext(
  dir: string,
  catalogId: string,
  record: number,
  around: number,
  signal?: AbortSignal,
): Promise<RecordContext> {
  const catalog = catalogOf(await schemaOf(dir), catalogId)
  const from = Math.max(1, record - around)
  const to = record + around
  const findings = await queryFindings(dir, {
    filter: { catalog: catalogId, records: { from, to } },
    limit: FINDINGS,
    offset: 0,
  })
  const rows = await withFolder(
    dir,
    async (place) => {
      const source = await openSource(place, catalog)
      const texts = await readRecords(source.plan, from, to, signal)
      return texts.map((row) => ({ record: row.record, line: row.line, cells: cellsOf(row, source) }))
    },
    signal,
  )
  return {
    columns: catalog.fields.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => ({
      ...row,
      findings: findings.items.filter((finding) => finding.record === row.record),
    })),
  }
}

/** A record's cells in the order of the fields; empty is null. */
export function cellsOf(row: RecordText, source: CatalogSource): (string | null)[] {
  const cells =
    row.cells.length === source.plan.columns ? source.columns.map((at) => row.cells[at] ?? '') : row.cells
  return cells.map((cell) => (cell === '' ? null : cell))
}

/** The records of a list, as received; `records` ascending. */
export async function pickRecords(
  source: CatalogSource,
  records: readonly number[],
  signal?: AbortSignal,
): Promise<{ record: number; cells: (string | null)[] }[]> {
  const found: { record: number; cells: (string | null)[] }[] = []
  if (records.length === 0) return found
  const wanted = new Set(records)
  await eachRecord(
    source.plan,
    (item) => {
      if (wanted.has(item.record)) {
        found.push({ record: item.record, cells: cellsOf(item.text(), source) })
      }
      return found.length < wanted.size
    },
    signal,
  )
  return found
}
