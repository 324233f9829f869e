import type { RuleProblem } from './types'

/** A place in the expression. */
export interface Span {
  from: number
  to: number
}

/** Refusal of an expression. It never leaves the compiler: `compileRule` turns it into a `RuleProblem`. */
export class RuleError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly span: Span,
    readonly hint?: string,
  ) {
    super(message)
    this.name = 'RuleError'
  }

  toProblem(length: number): RuleProblem {
    const from = Math.max(0, Math.min(this.span.from, length))
    const to = Math.max(from, Math.min(this.span.to, length))
    const problem: RuleProblem = { code: this.code, message: this.message, from, to }
    if (this.hint !== undefined) problem.hint = this.hint
    return problem
  }
}

export function fail(code: string, message: string, span: Span, hint?: string): never {
  throw new RuleError(code, message, { from: span.from, to: span.to }, hint)
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

/** The candidate closest to what was written, when it is close enough to be a slip of the hand. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  const key = fold(written)
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(key.length / 3)) + 1
  if (written.length > 60) return undefined
  for (const candidate of candidates) {
    const d = distance(key, fold(candidate))
    if (d < bestDistance) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}

/** Case and accents do not count as a difference when guessing. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
}

export function didYouMean(written: string, candidates: Iterable<string>): string {
  const near = nearest(written, candidates)
  return near === undefined ? '' : `; ¿quisiste decir \`${near}\`?`
}
