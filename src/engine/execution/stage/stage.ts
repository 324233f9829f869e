import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteLiteral } from '@engine/duckdb'
import { type CheckOutcome, RECORD, type ScannedCatalog, typedSql } from '@engine/validation'
import type { Politica } from '@shared/model/execution'
import type { Folder } from '../folder'
import { refusedNames } from '../listing/findings'
import { catalogsWithErrors } from '../verdict'
import { applyTransformations } from './transformations'

export interface StagedCatalog {
  catalog: string
  file: string
  records: number
}

export interface StageResult {
  staged: StagedCatalog[]
}

interface StageInput {
  folder: Folder
  politica: Politica
  scanned: ScannedCatalog[]
  outcomes: CheckOutcome[]
}

/**
 * Writes the accepted records of each catalog, transformed, as typed Parquet in `aceptados/`. What is accepted follows the policy: all or
 * nothing; whole catalogs without errors; or every record without an error. Decimals keep the digits of their text, so they are text here.
 * Columns stand in the order of the fields; of names that differ only by case the later ones carry their place (`id_1`).
 */
export async function stageAccepted(duck: Duck, input: StageInput): Promise<StageResult> {
  const errors = input.outcomes.some(({ check, count }) => check.severity === 'error' && count > 0)
  if (errors && input.politica === 'todo_o_nada') return { staged: [] }
  const bad = catalogsWithErrors(input.outcomes)
  const names = refusedNames(input.scanned)
  const folder = join(input.folder.dir, 'aceptados')
  await mkdir(folder, { recursive: true })
  const staged: StagedCatalog[] = []
  for (const [index, scanned] of input.scanned.entries()) {
    const { catalog } = scanned.plan
    if (input.politica === 'por_catalogo' && bad.has(catalog.id)) continue
    const file = (names[index] ?? `${index}.csv`).replace(/\.csv$/, '.parquet')
    const source = acceptedSql(scanned, input.outcomes)
    const shaped = applyTransformations(catalog, source)
    // Told as an error of the rule: half transformed records are never handed on.
    if (shaped.problems.length > 0) continue
    await duck.run(
      `COPY (SELECT ${shaped.select} FROM ${shaped.from}) TO ${quoteLiteral(join(folder, file))} (FORMAT parquet, COMPRESSION snappy)`,
    )
    const [row] = await duck.rows(
      `SELECT count(*) AS n FROM read_parquet(${quoteLiteral(join(folder, file))})`,
    )
    staged.push({ catalog: catalog.id, file: `aceptados/${file}`, records: Number(row?.n ?? 0) })
  }
  return { staged }
}

/** The typed records of a catalog without the refused ones; numbering is asked for only when it is needed or some are refused. */
export function acceptedSql(
  scanned: ScannedCatalog,
  outcomes: readonly CheckOutcome[],
  numbered = false,
): string {
  const { plan, source } = scanned
  const ids = outcomes
    .filter(
      ({ check, recordCount }) =>
        check.severity === 'error' &&
        recordCount > 0 &&
        check.recordsOf === plan.catalog.id &&
        check.kind !== 'structure',
    )
    .map(({ check }) => check.id)
  if (ids.length === 0) return `(${numbered ? typedSql(plan, source, true) : typedSql(plan, source)})`
  return `(SELECT * FROM (${typedSql(plan, source, true)}) ANTI JOIN (SELECT DISTINCT ${RECORD} FROM hits WHERE cat = ${plan.index} AND check_id IN (${ids.join(', ')})) USING (${RECORD}))`
}
