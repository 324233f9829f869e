import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteLiteral } from '@engine/duckdb'
import { type CheckOutcome, RECORD, type ScannedCatalog, typedSql } from '@engine/validation'
import type { Politica } from '@shared/model/execution'
import type { TransformationSpec } from '@shared/model/schema'
import type { Folder } from '../folder'
import { fileNames } from '../listing/findings'
import { catalogsWithErrors } from '../verdict'
import { ROW_NUMBER, STAGED_FOLDER, STAGED_KEY, type StagedInfo } from './staged-file'
import { applyTransformations, type Transformed } from './transformations'

interface StageInput {
  folder: Folder
  politica: Politica
  scanned: ScannedCatalog[]
  outcomes: CheckOutcome[]
}

/**
 * Writes the accepted records of each catalog, transformed, as typed Parquet in `aceptados/`. What is accepted follows the policy: all or
 * nothing; whole catalogs without errors; or every record without an error. Decimals keep the digits of their text, so they are text here.
 * Columns stand in the order of the fields; of names that differ only by case the later ones carry their place (`id_1`). What the columns
 * are, and which record each row was, is in the metadata of the file (see `StagedInfo`).
 */
export async function stageAccepted(duck: Duck, input: StageInput): Promise<void> {
  const errors = input.outcomes.some(({ check, count }) => check.severity === 'error' && count > 0)
  if (errors && input.politica === 'todo_o_nada') return
  const bad = catalogsWithErrors(input.outcomes)
  const names = fileNames(input.scanned.map(({ plan }) => plan.catalog.id))
  const folder = join(input.folder.dir, STAGED_FOLDER)
  await mkdir(folder, { recursive: true })
  for (const [index, scanned] of input.scanned.entries()) {
    const { catalog } = scanned.plan
    if (input.politica === 'por_catalogo' && bad.has(catalog.id)) continue
    const plain = applyTransformations(catalog, acceptedSql(scanned, input.outcomes))
    const byPosition = keepsEveryRecord(scanned, input.outcomes, plain)
    const shaped = byPosition
      ? plain
      : applyTransformations(catalog, acceptedSql(scanned, input.outcomes, true), { numbered: true })
    // Told as an error of the rule: half transformed records are never handed on.
    if (shaped.problems.length > 0) continue
    const info = quoteLiteral(JSON.stringify(infoOf(scanned, shaped, byPosition)))
    const target = quoteLiteral(join(folder, `${names[index] ?? index}.parquet`))
    await duck.run(
      `COPY (SELECT ${shaped.select}${byPosition ? '' : `, ${RECORD}`} FROM ${shaped.from}) TO ${target}
       (FORMAT parquet, COMPRESSION snappy, KV_METADATA {${STAGED_KEY}: ${info}})`,
    )
  }
}

/**
 * Whether row n of what is staged is record n of the file. Then its place says its number; otherwise a column of numbers has to be kept,
 * and numbering what does not come numbered makes the scan go in one thread.
 */
function keepsEveryRecord(
  { plan, source }: ScannedCatalog,
  outcomes: readonly CheckOutcome[],
  shaped: Transformed,
): boolean {
  if (source.plan.numbered || (source.plan.faults?.count ?? 0) > 0) return false
  // The name DuckDB gives the place of a row.
  if (shaped.columns.some(({ name }) => name.toLowerCase() === ROW_NUMBER)) return false
  // A window (a `set` by groups, say) gives its rows back in an order of its own.
  if (plan.catalog.transformations.some(dropsRecords) || shaped.from.includes(' OVER (')) return false
  return refusingChecks(plan.catalog.id, outcomes).length === 0
}

const dropsRecords = (spec: TransformationSpec): boolean =>
  spec.kind === 'filter' || (spec.kind === 'map' && spec.otherwise === 'error')

function infoOf({ plan, source }: ScannedCatalog, shaped: Transformed, byPosition: boolean): StagedInfo {
  const parts = source.plan.parts?.map(({ plan: part, before }) => ({ file: part.name, before }))
  return {
    version: 1,
    catalog: plan.catalog.id,
    columns: shaped.columns,
    numbering: byPosition ? 'position' : 'column',
    files: parts ?? [{ file: source.file, before: 0 }],
  }
}

/** The typed records of a catalog without the refused ones; numbering is asked for only when it is needed or some are refused. */
export function acceptedSql(
  scanned: ScannedCatalog,
  outcomes: readonly CheckOutcome[],
  numbered = false,
): string {
  const { plan, source } = scanned
  const ids = refusingChecks(plan.catalog.id, outcomes)
  if (ids.length === 0) return `(${numbered ? typedSql(plan, source, true) : typedSql(plan, source)})`
  return `(SELECT * FROM (${typedSql(plan, source, true)}) ANTI JOIN (SELECT DISTINCT ${RECORD} FROM hits WHERE cat = ${plan.index} AND check_id IN (${ids.join(', ')})) USING (${RECORD}))`
}

/** Checks whose records are refused. Records that don't fit the structure are not in the relation to begin with. */
const refusingChecks = (catalog: string, outcomes: readonly CheckOutcome[]): number[] =>
  outcomes
    .filter(
      ({ check, recordCount }) =>
        check.severity === 'error' &&
        recordCount > 0 &&
        check.recordsOf === catalog &&
        check.kind !== 'structure',
    )
    .map(({ check }) => check.id)
