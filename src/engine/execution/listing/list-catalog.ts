import { join } from 'node:path'
import { type Duck, quoteLiteral } from '@engine/duckdb'
import { eachRecord, fileOfRecord, MAX_RECORD_BYTES } from '@engine/formats'
import { RECORD, type ScannedCatalog } from '@engine/validation'
import { faultMessage } from './faults'
import { clip, OWN, ownRow, quoteCell, TextFile } from './row-file'

/** The records of one catalog that some check lists, and why each is refused. */
interface Wanted {
  record: Float64Array
  /** Index into `reasons`; -1 when only warnings name the record. */
  reason: Int32Array
  reasons: string[]
}

export interface ListedRows {
  /** Relation with `_rec`, `line` and `k0`.. of the listed records; null when there are none. */
  rows: string | null
  /** Relation with `_rec`, `line`, `message`, `value` of the records that don't fit the structure. */
  faults: string | null
  refusedFile: string | null
}

/**
 * Reads again only the records that some check lists: as received into `rechazados/<catalog>.csv` with their reasons, and their cells
 * into a working file that the findings are joined with. One pass that stops at the last record wanted.
 */
export async function listCatalog(
  duck: Duck,
  scanned: ScannedCatalog,
  folders: { temp: string; refused: string },
  refusedName: string,
  signal?: AbortSignal,
): Promise<ListedRows> {
  const { plan, source } = scanned
  const wanted = await wantedRecords(duck, plan.index)
  const faults = source.plan.faults
  // Several files read as one: each record keeps its own.
  const from = (record: number): string =>
    source.plan.parts ? fileOfRecord(source.plan, record).file : source.file
  const last = Math.max(
    wanted.record.at(-1) ?? 0,
    faults && faults.count > 0 ? (faults.record[faults.count - 1] ?? 0) : 0,
  )
  if (last === 0) return { rows: null, faults: null, refusedFile: null }
  const rows = new TextFile(join(folders.temp, `filas-${plan.index}.csv`))
  const broken = new TextFile(join(folders.temp, `fallas-${plan.index}.csv`))
  const refused = new RefusedFile(join(folders.refused, refusedName), scanned)
  try {
    let w = 0
    let f = 0
    await eachRecord(
      source.plan,
      (item) => {
        if (faults && faults.record[f] === item.record && f < faults.count) {
          const message = faultMessage(faults, f, source.plan)
          const { raw } = item.text(MAX_RECORD_BYTES)
          const line = faults.line[f] ?? item.line
          broken.write(
            `${item.record}${OWN}${line}${OWN}${quoteCell(from(item.record), OWN)}${OWN}${quoteCell(message, OWN)}${OWN}${quoteCell(clip(raw), OWN)}\n`,
          )
          refused.add(item.record, line, message, raw)
          f++
        } else if (wanted.record[w] === item.record) {
          const text = item.text(MAX_RECORD_BYTES)
          rows.write(ownRow(item.record, item.line, from(item.record), text.cells, source.plan))
          const reason = wanted.reasons[wanted.reason[w] ?? -1]
          if (reason !== undefined) refused.add(item.record, item.line, reason, text.raw)
          w++
        }
        return item.record < last
      },
      signal,
    )
  } finally {
    rows.close()
    broken.close()
    refused.close()
  }
  return {
    rows: wanted.record.length > 0 ? ownRelation(rows.path, source.plan.columns) : null,
    faults: faults && faults.count > 0 ? faultRelation(broken.path) : null,
    refusedFile: refused.count > 0 ? refusedName : null,
  }
}

/** `rechazados/<catalog>.csv`: where the record was, why it is refused, and the record as received. Made only when it has something. */
class RefusedFile {
  count = 0
  private file: TextFile | null = null

  constructor(
    private readonly path: string,
    private readonly scanned: ScannedCatalog,
  ) {}

  add(record: number, line: number, reason: string, raw: string): void {
    const { delimiter } = this.scanned.source.plan
    this.file ??= this.start(delimiter)
    this.file.write(
      `${record}${delimiter}${line}${delimiter}${quoteCell(reason, delimiter)}${delimiter}${raw}\n`,
    )
    this.count++
  }

  private start(delimiter: string): TextFile {
    const file = new TextFile(this.path)
    const { catalog } = this.scanned.plan
    const names: string[] = []
    catalog.fields.forEach((field, i) => {
      names[this.scanned.source.columns[i] ?? i] = field.name
    })
    const cells = Array.from(
      { length: this.scanned.source.plan.columns },
      (_, i) => names[i] ?? `columna_${i + 1}`,
    )
    file.write(
      `${['registro', 'línea', 'motivo', ...cells].map((cell) => quoteCell(cell, delimiter)).join(delimiter)}\n`,
    )
    return file
  }

  close(): void {
    this.file?.close()
  }
}

async function wantedRecords(duck: Duck, cat: number): Promise<Wanted> {
  const checks = await duck.rows(
    `SELECT check_id, rule, message FROM checks WHERE severity = 'error' ORDER BY check_id`,
  )
  const told = new Map(
    checks.map((row) => [String(row.check_id), `${String(row.rule)}: ${String(row.message)}`]),
  )
  const [size] = await duck.rows(`SELECT count(DISTINCT ${RECORD}) AS n FROM hits WHERE cat = ${cat}`)
  const total = Number(size?.n ?? 0)
  const wanted: Wanted = {
    record: new Float64Array(total),
    reason: new Int32Array(total).fill(-1),
    reasons: [],
  }
  if (total === 0) return wanted
  const known = new Map<string, number>()
  let at = 0
  await duck.each(
    `SELECT ${RECORD}::DOUBLE AS r, string_agg(check_id::VARCHAR, ',' ORDER BY check_id) FILTER (severity = 'error') AS codes
     FROM hits JOIN checks USING (check_id) WHERE cat = ${cat} GROUP BY ${RECORD} ORDER BY ${RECORD}`,
    ([record, codes]) => {
      wanted.record[at] = Number(record)
      if (typeof codes === 'string') {
        let index = known.get(codes)
        if (index === undefined) {
          index = wanted.reasons.length
          known.set(codes, index)
          wanted.reasons.push(
            codes
              .split(',')
              .map((id) => told.get(id) ?? id)
              .join(' · '),
          )
        }
        wanted.reason[at] = index
      }
      at++
    },
  )
  return wanted
}

const OWN_OPTIONS = `auto_detect=false, header=false, delim='${OWN}', quote='"', escape='"', new_line='\\n', nullstr=''`

const ownRelation = (path: string, columns: number): string => {
  const cells = Array.from({ length: columns }, (_, i) => `'k${i}': 'VARCHAR'`)
  return `read_csv(${quoteLiteral(path)}, ${OWN_OPTIONS}, columns={'${RECORD}': 'BIGINT', 'line': 'BIGINT', 'file': 'VARCHAR', ${cells.join(', ')}})`
}

const faultRelation = (path: string): string =>
  `read_csv(${quoteLiteral(path)}, ${OWN_OPTIONS}, columns={'${RECORD}': 'BIGINT', 'line': 'BIGINT', 'file': 'VARCHAR', 'message': 'VARCHAR', 'value': 'VARCHAR'})`
