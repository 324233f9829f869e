import { stagedSql } from '@engine/execution'
import { AppError } from '@shared/errors/app-error'
import { openAccepted } from '../rows'
import { fractionDigits, plainDigits, wholeDigits } from '../rows/decimal-sql'

/** What was seen of a column in what was accepted. */
export interface ColumnProfile {
  /** Most digits before and after the point, of a decimal. */
  enteros: number
  decimales: number
  /** Some date has a time. */
  conHora: boolean
  /** It had values at all. */
  visto: boolean
}

/** By catalog and column name. */
export type Profiles = ReadonlyMap<string, ReadonlyMap<string, ColumnProfile>>

/**
 * Looks at what some executions accepted, to choose types. Executions whose records were cleaned are passed over. Errors: those of DuckDB,
 * CANCELLED.
 */
export async function profileAccepted(dirs: readonly string[], signal?: AbortSignal): Promise<Profiles> {
  const found = new Map<string, Map<string, ColumnProfile>>()
  for (const dir of dirs) await profileOne(dir, found, signal)
  return found
}

async function profileOne(
  dir: string,
  found: Map<string, Map<string, ColumnProfile>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const accepted = await openAccepted(dir, signal ? { signal } : {}).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'STAGED_MISSING') return null
    throw error
  })
  if (!accepted) return
  try {
    for (const staged of accepted.catalogs.values()) {
      const looked = staged.columns.flatMap(({ name, type }, i) =>
        type === 'decimal' || type === 'fecha' ? [{ name, type, x: `x${i}` }] : [],
      )
      if (looked.length === 0) continue
      const select = looked.map(
        ({ type, x }, i) => `${type === 'decimal' ? digitsOf(x) : timeOf(x)} AS v${i}`,
      )
      const [row] = await accepted.duck.rows(`SELECT ${select.join(', ')} FROM ${stagedSql(staged)}`)
      const columns = found.get(staged.catalog) ?? new Map<string, ColumnProfile>()
      found.set(staged.catalog, columns)
      looked.forEach(({ name, type }, i) => {
        columns.set(name, joined(columns.get(name), type, row?.[`v${i}`]))
      })
    }
  } finally {
    await accepted.close()
  }
}

/** Most digits on each side of the point, as `6 2`. */
function digitsOf(x: string): string {
  const plain = `(${plainDigits(x)})`
  return `max(strlen(${wholeDigits(plain)}))::VARCHAR || ' ' || max(strlen(${fractionDigits(plain)}))::VARCHAR`
}

const timeOf = (x: string): string => `bool_or(${x} <> date_trunc('day', ${x}))`

function joined(before: ColumnProfile | undefined, type: 'decimal' | 'fecha', value: unknown): ColumnProfile {
  const old = before ?? { enteros: 0, decimales: 0, conHora: false, visto: false }
  if (value === null || value === undefined) return old
  if (type === 'fecha') return { ...old, conHora: old.conHora || value === true, visto: true }
  const [whole = 0, fraction = 0] = String(value).split(' ').map(Number)
  return {
    ...old,
    enteros: Math.max(old.enteros, whole),
    decimales: Math.max(old.decimales, fraction),
    visto: true,
  }
}
