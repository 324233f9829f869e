import { quoteIdent } from '@engine/duckdb'
import { type CsvPlan, csvRecordsSql, csvRelationSql, recordSql } from '@engine/formats'
import type { CatalogSpec } from '@shared/model/schema'
import { type TypedCell, typedCell } from './typed-cell'
import type { CatalogSource, PlannedCheck } from './types'

/** Bits of one mask column: below 2^53, so that a sum of them is exact whatever reads it. */
export const BITS = 50
/** Column that holds the record's number. */
export const RECORD = '_rec'

/** A catalog as the engine will judge it; its names in SQL are `t<n>` (what the scan keeps) and `v<n>` (what rules see). */
export interface CatalogPlan {
  index: number
  catalog: CatalogSpec
  cells: TypedCell[]
  checks: PlannedCheck[]
  /** Fields whose typed value the scan keeps, for uniqueness and for rules that need the whole frame. */
  stored: Set<number>
  /** Bit of the type check of each typed field. */
  badBits: Map<number, number>
}

export const tableName = (plan: CatalogPlan): string => quoteIdent(`t${plan.index}`)
export const viewName = (plan: CatalogPlan): string => quoteIdent(`v${plan.index}`)

export function newCatalogPlan(index: number, catalog: CatalogSpec): CatalogPlan {
  return {
    index,
    catalog,
    cells: catalog.fields.map((field) => typedCell(field, catalog.format.nullValues)),
    checks: [],
    stored: new Set(),
    badBits: new Map(),
  }
}

/** Adds the checks every catalog has: type, required, unique, max_length. `nextId` numbers them. */
export function addFieldChecks(plan: CatalogPlan, nextId: () => number): void {
  plan.catalog.fields.forEach((field, i) => {
    const add = (
      kind: PlannedCheck['kind'],
      rule: string,
      message: string,
      how: PlannedCheck['how'],
    ): void => {
      plan.checks.push({
        id: nextId(),
        scope: 'catalog',
        target: plan.catalog.id,
        kind,
        rule,
        field: field.name,
        severity: 'error',
        message,
        valueFields: [i],
        recordsOf: plan.catalog.id,
        how,
        countsOnce: false,
      })
    }
    if (plan.cells[i]?.canBeBad) {
      const bit = nextBit(plan)
      plan.badBits.set(i, bit)
      const message = typeMessage(field.name, field.type, field.format)
      add('type', `type:${field.name}`, message, { by: 'mask', bit, sql: `b${i}` })
    }
    if (field.required) {
      const message = `El campo «${field.name}» es obligatorio y está vacío.`
      add('required', `required:${field.name}`, message, {
        by: 'mask',
        bit: nextBit(plan),
        sql: `x${i} IS NULL`,
      })
    }
    if (field.unique) {
      plan.stored.add(i)
      const message = `El campo «${field.name}» no puede repetirse: este valor ya apareció antes.`
      add('unique', `unique:${field.name}`, message, { by: 'unique', column: i })
    }
    if (field.maxLength !== undefined) {
      const sql = `coalesce(length(x${i}) > ${field.maxLength}, false)`
      const message = `El campo «${field.name}» admite como máximo ${field.maxLength} caracteres.`
      add('field', `max_length:${field.name}`, message, { by: 'mask', bit: nextBit(plan), sql })
    }
  })
}

const TYPE_HINTS: Record<string, string> = {
  entero: 'un número entero (por ejemplo 12 o -12)',
  decimal: 'un número decimal con punto (por ejemplo 12.50)',
  fecha: 'una fecha AAAA-MM-DD o una fecha y hora ISO',
  booleano: 'true/false, 1/0, sí/no o verdadero/falso',
  texto: 'un texto',
}

function typeMessage(name: string, type: string, format: string | undefined): string {
  const wanted = format ? `una fecha con la forma ${format}` : (TYPE_HINTS[type] ?? type)
  return `El campo «${name}» debe ser ${wanted}.`
}

export const nextBit = (plan: CatalogPlan): number =>
  plan.checks.reduce((top, check) => (check.how.by === 'mask' ? Math.max(top, check.how.bit + 1) : top), 0)

export const maskTest = (bit: number): string => `(m${Math.floor(bit / BITS)} & ${2 ** (bit % BITS)}) <> 0`
export const maskCount = (plan: CatalogPlan): number => Math.max(1, Math.ceil(nextBit(plan) / BITS))

/**
 * The one scan of a catalog: straight from the CSV, cells as text, typed and judged row by row; it keeps one mask of failed checks per
 * record, in the order of the file, and the typed values that whole-frame rules need.
 */
export function scanSql(plan: CatalogPlan, source: CatalogSource): string {
  const masks = Array.from({ length: maskCount(plan) }, (_, m) => `${maskSql(plan, m)} AS m${m}`)
  const kept = [...plan.stored].sort((a, b) => a - b).map((i) => `c${i}`)
  const record = source.plan.numbered ? [RECORD] : []
  return `CREATE TABLE ${tableName(plan)} AS SELECT ${[...record, ...kept, ...masks].join(', ')} FROM (${typedSql(plan, source)})`
}

/** The bits of the failed checks of a record. Hardly any record fails: one look at all of them spares adding up zeros. */
function maskSql(plan: CatalogPlan, mask: number): string {
  const failed = plan.checks.flatMap(({ how }) =>
    how.by === 'mask' && Math.floor(how.bit / BITS) === mask
      ? [
          {
            test: how.sql,
            term: `(CASE WHEN ${how.sql} THEN ${2 ** (how.bit % BITS)}::BIGINT ELSE 0::BIGINT END)`,
          },
        ]
      : [],
  )
  if (failed.length === 0) return '0::BIGINT'
  const any = failed.map(({ test }) => `(${test})`).join(' OR ')
  return `CASE WHEN ${any} THEN ${failed.map(({ term }) => term).join(' + ')} ELSE 0::BIGINT END`
}

/**
 * The catalog's records with `x<i>` (text), `c<i>` (typed) and `b<i>` (bad cell) for every field. With `numbered` they carry their
 * record's number whatever it costs; without, only when it comes for free.
 */
export function typedSql(plan: CatalogPlan, source: CatalogSource, numbered = source.plan.numbered): string {
  const fields = plan.cells.map((cell, i) => ({ cell, i, raw: `k${source.columns[i] ?? i}` }))
  const texts = fields.map(({ cell, i, raw }) => `${cell.text(raw)} AS x${i}`)
  const values = fields.map(({ cell, i }) => `${cell.value(`x${i}`)} AS c${i}`)
  const bad = fields.map(({ cell, i }) =>
    cell.canBeBad ? `(x${i} IS NOT NULL AND c${i} IS NULL) AS b${i}` : `false AS b${i}`,
  )
  const record = numbered ? `record AS ${RECORD}, ` : ''
  const relation = numbered ? csvRecordsSql(source.plan) : csvRelationSql(source.plan)
  const first = `SELECT ${record}${texts.join(', ')} FROM ${relation}`
  return `SELECT *, ${bad.join(', ')} FROM (SELECT *, ${values.join(', ')} FROM (${first}))`
}

/** What rules see of a scanned catalog: the record's number, the kept values and whether their cell was bad. */
export function viewSql(plan: CatalogPlan, csv: CsvPlan): string {
  const columns = [...plan.stored].flatMap((i) => {
    const bit = plan.badBits.get(i)
    return [`c${i}`, `${bit === undefined ? 'false' : maskTest(bit)} AS b${i}`]
  })
  const masks = Array.from({ length: maskCount(plan) }, (_, m) => `m${m}`)
  const record = csv.numbered ? RECORD : `${recordSql(csv, '(rowid + 1)')} AS ${RECORD}`
  return `CREATE VIEW ${viewName(plan)} AS SELECT ${[record, ...columns, ...masks].join(', ')} FROM ${tableName(plan)}`
}
