import { quoteIdent, quoteLiteral } from '@engine/duckdb'
import { compileTransformValue, type RuleProblem } from '@engine/rules'
import { RECORD, typedCell } from '@engine/validation'
import type { CatalogSpec, FieldType, TransformationSpec } from '@shared/model/schema'

/** A column as it stands between two transformations: its typed value and, where digits matter, the text to write. */
interface Column {
  name: string
  type: FieldType
}

export interface TransformProblem {
  spec: TransformationSpec
  problems: RuleProblem[]
}

export interface Transformed {
  /** Select list of the columns in the end, under their names. */
  select: string
  from: string
  columns: Column[]
  problems: TransformProblem[]
  /** For each `otherwise: error`: the condition of the records it refuses, over the relation it is applied to. */
  refusals: { spec: TransformationSpec; from: string; condition: string }[]
}

const SQL_TYPES: Record<FieldType, string> = {
  texto: 'VARCHAR',
  entero: 'BIGINT',
  decimal: 'DOUBLE',
  fecha: 'TIMESTAMP',
  booleano: 'BOOLEAN',
}

/**
 * Applies a catalog's transformations, in order, to a relation with `x<i>` (text) and `c<i>` (typed) per field. Each step is a
 * subquery over the one before, so nothing is materialised. A step that does not compile is told and left out. With `numbered` the
 * relation carries the record's number (`_rec`) and so do all the results.
 */
export function applyTransformations(
  catalog: CatalogSpec,
  source: string,
  { now = new Date(), numbered = false }: { now?: Date; numbered?: boolean } = {},
): Transformed {
  const columns = catalog.fields.map(({ name, type }) => ({ name, type }))
  const kept = numbered ? [RECORD] : []
  const first = columns.map(({ type }, i) => cellSql(catalog, type, i))
  const state: State = {
    catalog,
    now,
    columns,
    kept,
    from: `(SELECT ${[...kept, ...first].join(', ')} FROM ${source})`,
    problems: [],
    refusals: [],
  }
  for (const spec of catalog.transformations) step(state, spec)
  const select = state.columns.map(
    ({ name, type }, i) => `${type === 'decimal' ? `x${i}` : `c${i}`} AS ${quoteIdent(name)}`,
  )
  return {
    select: select.join(', '),
    from: state.from,
    columns: state.columns,
    problems: state.problems,
    refusals: state.refusals,
  }
}

interface State {
  catalog: CatalogSpec
  now: Date
  columns: Column[]
  /** Columns that go along with every step: the record's number. */
  kept: string[]
  from: string
  problems: TransformProblem[]
  refusals: Transformed['refusals']
}

function cellSql(catalog: CatalogSpec, type: FieldType, i: number): string {
  if (type !== 'decimal') return `c${i}, false AS b${i}`
  const field = catalog.fields[i]
  const plain = field ? typedCell(field, []).plain(`x${i}`) : `x${i}`
  // A bad cell has no value, so it has no digits either.
  return `c${i}, false AS b${i}, CASE WHEN c${i} IS NOT NULL THEN ${plain} END AS x${i}`
}

function step(state: State, spec: TransformationSpec): void {
  switch (spec.kind) {
    case 'set':
      setColumn(state, spec)
      return
    case 'drop':
      keep(
        state,
        state.columns.flatMap((column, i) => (spec.columns.includes(column.name) ? [] : [i])),
      )
      return
    case 'rename':
      state.columns = state.columns.map((column) => ({ ...column, name: renamed(spec.names, column.name) }))
      return
    case 'filter': {
      const sql = compiled(state, spec, spec.condition)
      if (sql)
        state.from = `(SELECT * EXCLUDE (pasa) FROM (SELECT *, coalesce(CAST(${sql.sql} AS BOOLEAN), false) AS pasa FROM ${state.from}) WHERE pasa)`
      return
    }
    case 'map':
      mapColumn(state, spec)
  }
}

/** A map from a YAML: only its own keys, whatever they are called. */
const renamed = (names: Record<string, string>, name: string): string =>
  Object.hasOwn(names, name) ? (names[name] ?? name) : name

function compiled(state: State, spec: TransformationSpec, expression: string) {
  const result = compileTransformValue(
    expression,
    { catalog: state.catalog.id, relation: state.from, columns: state.columns },
    state.now,
  )
  if (result.ok) return result
  state.problems.push({ spec, problems: result.problems })
  return null
}

const cells = (column: Column, i: number, at = i): string =>
  column.type === 'decimal'
    ? `c${i} AS c${at}, b${i} AS b${at}, x${i} AS x${at}`
    : `c${i} AS c${at}, b${i} AS b${at}`

function keep(state: State, indexes: number[]): void {
  const list = indexes.flatMap((i, at) => {
    const column = state.columns[i]
    return column ? [cells(column, i, at)] : []
  })
  if (list.length === 0) return
  state.from = `(SELECT ${[...state.kept, ...list].join(', ')} FROM ${state.from})`
  state.columns = indexes.flatMap((i) => state.columns[i] ?? [])
}

/** Puts a value under a column's name: the existing column's place, or a new last one. */
function put(state: State, column: Column, value: string): void {
  const found = state.columns.findIndex(({ name }) => name === column.name)
  const at = found < 0 ? state.columns.length : found
  const rest = state.columns.flatMap((other, i) => (i === at ? [] : [cells(other, i)]))
  const text = column.type === 'decimal' ? `, CAST(${value} AS VARCHAR) AS x${at}` : ''
  const cast = `TRY_CAST(${value} AS ${SQL_TYPES[column.type]})`
  state.from = `(SELECT ${[...state.kept, ...rest, `${cast} AS c${at}, false AS b${at}${text}`].join(', ')} FROM ${state.from})`
  state.columns = state.columns.toSpliced(at, found < 0 ? 0 : 1, column)
}

function setColumn(state: State, spec: Extract<TransformationSpec, { kind: 'set' }>): void {
  const result = compiled(state, spec, spec.value)
  if (result) put(state, { name: spec.column, type: spec.type }, `(${result.sql})`)
}

function mapColumn(state: State, spec: Extract<TransformationSpec, { kind: 'map' }>): void {
  const at = state.columns.findIndex(({ name }) => name === spec.column)
  const column = state.columns[at]
  if (!column) {
    const message = `La columna «${spec.column}» no existe en este punto.`
    state.problems.push({ spec, problems: [{ code: 'UNKNOWN_COLUMN', message, from: 0, to: 0 }] })
    return
  }
  const text = column.type === 'decimal' ? `x${at}` : `CAST(c${at} AS VARCHAR)`
  const entries = Object.entries(spec.values)
  const known = `${text} IN (${entries.map(([from]) => quoteLiteral(from)).join(', ')})`
  if (spec.otherwise === 'error') {
    const condition = entries.length > 0 ? `(c${at} IS NOT NULL AND NOT ${known})` : `c${at} IS NOT NULL`
    state.refusals.push({ spec, from: state.from, condition })
    state.from = `(SELECT * FROM ${state.from} WHERE NOT (${condition}))`
  }
  const fallback = spec.otherwise === 'keep' ? text : 'NULL'
  const cases = entries.map(([from, to]) => `WHEN ${quoteLiteral(from)} THEN ${quoteLiteral(to)}`)
  const value = cases.length > 0 ? `CASE ${text} ${cases.join(' ')} ELSE ${fallback} END` : fallback
  put(state, { name: column.name, type: 'texto' }, value)
}
