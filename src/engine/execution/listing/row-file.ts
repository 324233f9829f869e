import { closeSync, openSync, writeSync } from 'node:fs'
import type { CsvPlan } from '@engine/formats'

const FLUSH = 1 << 20
/** More text than this of one cell explains nothing. */
export const MAX_VALUE = 1000

/** A text file written in large pieces from a synchronous walk. */
export class TextFile {
  private parts: string[] = []
  private size = 0
  private readonly fd: number

  constructor(readonly path: string) {
    this.fd = openSync(path, 'w')
  }

  write(text: string): void {
    this.parts.push(text)
    this.size += text.length
    if (this.size >= FLUSH) this.flush()
  }

  private flush(): void {
    if (this.size === 0) return
    const bytes = Buffer.from(this.parts.join(''), 'utf8')
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at)
    this.parts = []
    this.size = 0
  }

  close(): void {
    try {
      this.flush()
    } finally {
      closeSync(this.fd)
    }
  }
}

export const clip = (text: string): string =>
  text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text

/** One cell in the one form every CSV reader understands. */
export const quoteCell = (cell: string, delimiter: string): string =>
  cell.includes('"') || cell.includes(delimiter) || cell.includes('\n') || cell.includes('\r')
    ? `"${cell.replaceAll('"', '""')}"`
    : cell

/** The delimiter of our own working files never depends on the sender's. */
export const OWN = ','

/** A record of the working file of listed rows: record, line, file it came from and its cells as text, clipped. */
export function ownRow(
  record: number,
  line: number,
  file: string,
  cells: readonly string[],
  plan: CsvPlan,
): string {
  const own = Array.from({ length: plan.columns }, (_, i) => quoteCell(clip(cells[i] ?? ''), OWN))
  return `${record}${OWN}${line}${OWN}${quoteCell(file, OWN)}${OWN}${own.join(OWN)}\n`
}
