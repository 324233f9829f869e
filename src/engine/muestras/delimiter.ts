import type { TextFileInfo } from '@engine/formats'
import { headRecords } from '@engine/validation'
import { shapeOf } from './cells'

/** Records looked at to judge a file's shape. */
export const HEAD = 200
const COMMON = [',', ';', '|', '\t'] as const
const RARE = ['^', '~', '¦', '\u0001', ':'] as const

export interface Sniffed {
  delimiter: string
  /** First records, split by it. */
  head: string[][]
  /** Columns that most of them have. */
  width: number
  /** Records of the head with another number of columns. */
  odd: number
}

/** Columns that most records have; the larger at a tie. */
function commonWidth(head: string[][]): { width: number; share: number } {
  const counts = new Map<number, number>()
  for (const cells of head) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [best = [1, 0]] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])
  return { width: best[0], share: head.length === 0 ? 0 : best[1] / head.length }
}

/** Cut by the wrong mark, cells still hold the right one. A comma is let pass: it is in decimals and in sentences. */
function cleanShare(head: string[][], delimiter: string): number {
  let cells = 0
  let clean = 0
  for (const record of head) {
    for (const cell of record) {
      cells++
      const holdsOther = COMMON.some((mark) => mark !== ',' && mark !== delimiter && cell.includes(mark))
      if (!holdsOther || shapeOf(cell) !== 'text') clean++
    }
  }
  return cells === 0 ? 0 : clean / cells
}

export async function splitHead(
  path: string,
  info: TextFileInfo,
  delimiter: string,
  signal?: AbortSignal,
): Promise<Sniffed> {
  const all = await headRecords(path, info, delimiter, HEAD, signal)
  const head = all.filter((cells) => cells.some((cell) => cell !== ''))
  const { width } = commonWidth(head)
  return { delimiter, head, width, odd: head.filter((cells) => cells.length !== width).length }
}

/**
 * The mark that separates the columns of a text: the one that cuts its first records into the same number of columns and leaves
 * no other mark inside the cells. A file that none cuts is of one column (comma, which then never matters).
 */
export async function sniffDelimiter(
  path: string,
  info: TextFileInfo,
  signal?: AbortSignal,
): Promise<Sniffed> {
  const scored: { sniffed: Sniffed; score: number }[] = []
  for (const marks of [COMMON, RARE]) {
    for (const mark of marks) {
      const sniffed = await splitHead(path, info, mark, signal)
      if (sniffed.width < 2 || sniffed.head.length === 0) continue
      const share = 1 - sniffed.odd / sniffed.head.length
      const score = share * cleanShare(sniffed.head, mark) + Math.min(sniffed.width, 50) / 10_000
      scored.push({ sniffed, score })
    }
    if (scored.some(({ score }) => score > 0.8)) break
  }
  const [best] = scored.sort((a, b) => b.score - a.score)
  return best && best.score > 0.5 ? best.sniffed : await splitHead(path, info, ',', signal)
}
