import type { Diagnostic, Position } from '@shared/model/schema'

export type Range = readonly [number, number]

/** Mistakes listed at most: a hostile file must not answer with a report larger than itself. */
export const MAX_DIAGNOSTICS = 300

/** Offset to line and column, both 1-based; columns count UTF-16 units, as editors do. */
export class Lines {
  private readonly starts: number[] = [0]

  /** `base`: characters taken off the front of the person's text (a byte order mark), added back to offsets. */
  constructor(
    private readonly text: string,
    private readonly base = 0,
  ) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1)
  }

  position([from, to]: Range): Position {
    const offset = Math.min(Math.max(from, 0), this.text.length)
    const endOffset = Math.min(Math.max(to, offset), this.text.length)
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const column = offset - (this.starts[low] ?? 0) + 1
    return { line: low + 1, column, offset: offset + this.base, endOffset: endOffset + this.base }
  }
}

export interface Mistake {
  code: string
  path: string
  range: Range
  message: string
  hint?: string | undefined
}

/** Collects the mistakes of one file, each once, and knows whether one of them keeps the schema from being built. */
export class Reporter {
  private readonly list: Diagnostic[] = []
  private readonly seen = new Set<string>()
  private dropped = 0
  /** Errors so far that prevent building a schema: readers compare it before and after a part. */
  blockingCount = 0

  constructor(private readonly lines: Lines) {}

  /** True when the file has an error that prevents building a schema. */
  get blocking(): boolean {
    return this.blockingCount > 0
  }

  lineOf(range: Range): number {
    return this.lines.position(range).line
  }

  get count(): number {
    return this.list.length + this.dropped
  }

  error(mistake: Mistake): void {
    this.blockingCount += 1
    this.add({ severity: 'error', ...mistake })
  }

  warning(mistake: Mistake): void {
    this.add({ severity: 'warning', ...mistake })
  }

  /** A mistake of a rule's expression: listed with its severity, never blocking. */
  rule(
    mistake: Mistake & {
      severity: 'error' | 'warning'
      expression: { text: string; from: number; to: number }
    },
  ): void {
    this.add(mistake)
  }

  private add(
    item: Mistake & { severity: 'error' | 'warning'; expression?: Diagnostic['expression'] },
  ): void {
    const { severity, code, path, range, message, hint, expression } = item
    const key = `${code}\u0000${range[0]}\u0000${path}\u0000${message}`
    if (this.seen.has(key)) return
    if (this.list.length >= MAX_DIAGNOSTICS) {
      this.dropped += 1
      return
    }
    this.seen.add(key)
    this.list.push({
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      path,
      position: this.lines.position(range),
      ...(expression === undefined ? {} : { expression }),
    })
  }

  /** In the order of the file, errors before warnings of the same place. */
  finish(): Diagnostic[] {
    const rank = (d: Diagnostic): number => (d.severity === 'error' ? 0 : 1)
    const sorted = [...this.list].sort((a, b) => a.position.offset - b.position.offset || rank(a) - rank(b))
    if (this.dropped === 0) return sorted
    const last = sorted[sorted.length - 1]
    const position = last?.position ?? { line: 1, column: 1, offset: 0, endOffset: 0 }
    sorted.push({
      severity: this.blocking ? 'error' : 'warning',
      code: 'TOO_MANY_DIAGNOSTICS',
      message: `Hay ${this.dropped} avisos más; se muestran los primeros ${MAX_DIAGNOSTICS}.`,
      hint: 'Corregir los de arriba y volver a revisar.',
      path: '',
      position,
    })
    return sorted
  }
}

const PLAIN_KEY = /^[\p{L}\p{N}_-]+$/u

/** `catalogs.ventas`, or `catalogs["mi catálogo"]` for a key that would not read well after a dot. */
export function childPath(parent: string, key: string): string {
  if (!PLAIN_KEY.test(key)) return `${parent}[${JSON.stringify(key.slice(0, 80))}]`
  return parent === '' ? key : `${parent}.${key}`
}

/** `catalogs.ventas.fields[3]` */
export const itemPath = (parent: string, index: number): string => `${parent}[${index}]`
