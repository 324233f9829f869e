import type { Universe } from './universe'

/** A column of a universe: `cN`, `_rec`, or one that a lower stage computed. */
export interface ColRef {
  tag: 'col'
  universe: Universe
  name: string
  depth: number
}

/** One aggregate call over a universe; how it is written depends on the stage (FILTER in a shared scan, or a subquery). */
export interface AggRef {
  tag: 'agg'
  universe: Universe
  call: Sql
  filter: Sql | null
}

/** A subquery that stands alone: `SELECT select FROM universe WHERE where`. */
export interface QueryRef {
  tag: 'query'
  universe: Universe
  select: Sql
  where: Sql | null
  distinct: boolean
}

export type Part = string | ColRef | AggRef | QueryRef

/** Beyond this the text of one rule's SQL costs more to plan than to run. */
export const MAX_SQL = 150_000

/** Thrown when a rule would grow past MAX_SQL; the compiler knows the place. */
export class SqlTooLarge extends Error {}

/**
 * A piece of SQL whose references are still symbolic. The only ways to make one are the `sql` template (constant text and
 * other pieces), `lit` (a quoted value) and references: text from a rule can't become SQL by accident.
 */
export class Sql {
  readonly size: number
  constructor(readonly parts: readonly Part[]) {
    let size = 0
    for (const part of parts) size += typeof part === 'string' ? part.length : partSize(part)
    if (size > MAX_SQL) throw new SqlTooLarge()
    this.size = size
  }

  /** Equal keys mean equal SQL. */
  get key(): string {
    return this.parts
      .map((part) => {
        if (typeof part === 'string') return part
        const where = `${part.tag}${part.universe.id}`
        if (part.tag === 'col') return `⟦${where}.${part.name}⟧`
        if (part.tag === 'agg') return `⟦${where}.${part.call.key}|${part.filter?.key ?? ''}⟧`
        return `⟦${where}.${part.select.key}|${part.where?.key ?? ''}|${part.distinct}⟧`
      })
      .join('')
  }
}

function partSize(part: ColRef | AggRef | QueryRef): number {
  if (part.tag === 'col') return 8
  if (part.tag === 'agg') return 40 + part.call.size + (part.filter?.size ?? 0)
  return 40 + part.select.size + (part.where?.size ?? 0)
}

/** Template of SQL: `sql`${a} + ${b}``. Numbers must be integers of ours (positions, lengths). */
export function sql(strings: TemplateStringsArray, ...values: (Sql | number)[]): Sql {
  const parts: Part[] = []
  const push = (part: Part): void => {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else if (part !== '') parts.push(part)
  }
  strings.forEach((text, i) => {
    push(text)
    const value = values[i]
    if (value === undefined) return
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) throw new Error('sql`` only takes integers')
      push(String(value))
    } else for (const part of value.parts) push(part)
  })
  return new Sql(parts)
}

export function join(pieces: readonly Sql[], separator: Sql): Sql {
  let out: Sql | undefined
  for (const piece of pieces) out = out === undefined ? piece : sql`${out}${separator}${piece}`
  return out ?? sql``
}

export const COMMA = sql`, `
export const AND = sql` AND `
export const OR = sql` OR `

/** The one quoting of identifiers. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""').replaceAll('\0', '')}"`
}

/** The one quoting of text. Control characters go as chr(n), so no byte of a rule reaches the SQL raw. */
export function quoteText(text: string): string {
  // A lone surrogate has no UTF-8; Buffer and the engine would disagree about it.
  const clean = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
  if (!hasControl(clean)) return `'${clean.replaceAll("'", "''")}'`
  const pieces: string[] = []
  let run = ''
  for (const char of clean) {
    const code = char.codePointAt(0) ?? 0
    if (code >= 32 && code !== 127) {
      run += char
      continue
    }
    if (run !== '') pieces.push(`'${run.replaceAll("'", "''")}'`)
    run = ''
    pieces.push(`chr(${code})`)
  }
  if (run !== '') pieces.push(`'${run.replaceAll("'", "''")}'`)
  return `(${pieces.join(' || ')})`
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 127) return true
  }
  return false
}

export const text = (value: string): Sql => new Sql([quoteText(value)])

export function integer(value: number | bigint): Sql {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error('not an integer')
  return new Sql([`${value < 0 ? `(${value})` : value}`])
}

export function double(value: number): Sql {
  if (Number.isNaN(value)) return new Sql(['NULL::DOUBLE'])
  if (value === Number.POSITIVE_INFINITY) return new Sql(["'inf'::DOUBLE"])
  if (value === Number.NEGATIVE_INFINITY) return new Sql(["'-inf'::DOUBLE"])
  // With an exponent DuckDB reads a DOUBLE; without one, a DECIMAL that would round elsewhere.
  const digits = String(value)
  return new Sql([
    `${value < 0 ? '(' : ''}${digits.includes('e') ? digits : `${digits}e0`}${value < 0 ? ')' : ''}`,
  ])
}

export const TRUE = sql`TRUE`
export const FALSE = sql`FALSE`
export const NULL = sql`NULL`

export function col(universe: Universe, name: string, depth = 0): Sql {
  return new Sql([{ tag: 'col', universe, name, depth }])
}

/** How many stages of `universe` must exist before this can be computed. */
export function depthIn(piece: Sql, universe: Universe): number {
  let depth = 0
  for (const part of piece.parts) {
    if (typeof part !== 'string' && part.tag === 'col' && part.universe === universe)
      depth = Math.max(depth, part.depth)
  }
  return depth
}

/** The deepest stage of `universe` that any of the pieces needs. */
export function depthOf(universe: Universe, pieces: readonly (Sql | null)[]): number {
  return pieces.reduce((depth, piece) => Math.max(depth, piece ? depthIn(piece, universe) : 0), 0)
}

/** True when it can be computed from one record alone: no aggregate, subquery or computed stage. */
export function isRowLocal(piece: Sql): boolean {
  return piece.parts.every((part) => typeof part === 'string' || (part.tag === 'col' && part.depth === 0))
}
