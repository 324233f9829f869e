import { diffArrays } from 'diff'

export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
  /** 1-based, in the text it is of; null in the other. */
  before: number | null
  after: number | null
}

/** A run of lines shown, or of equal lines left out (from line `at` of the list). */
export type DiffPart = { kind: 'lines'; lines: DiffLine[] } | { kind: 'gap'; at: number; count: number }

/** Lines changed past which the shortest way is not looked for: the work grows with its square. */
const MOST_CHANGES = 800

/**
 * The changes that turn one text into another, line by line, the fewest there are. Texts that share next to nothing for thousands of
 * lines are told as removed whole and added whole.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const runs = diffArrays(a, b, { maxEditLength: MOST_CHANGES }) ?? [
    { removed: true, added: false, value: a },
    { removed: false, added: true, value: b },
  ]
  const lines: DiffLine[] = []
  let [x, y] = [0, 0]
  for (const { added, removed, value } of runs) {
    for (const text of value)
      lines.push({
        kind: added ? 'added' : removed ? 'removed' : 'same',
        text,
        before: added ? null : ++x,
        after: removed ? null : ++y,
      })
  }
  return lines
}

/** The changed lines with some equal ones around; runs of equal lines beyond that become a gap. */
export function withContext(lines: readonly DiffLine[], around = 3): DiffPart[] {
  const shown = lines.map(() => false)
  lines.forEach((item, i) => {
    if (item.kind === 'same') return
    for (let j = Math.max(0, i - around); j <= Math.min(lines.length - 1, i + around); j++) shown[j] = true
  })
  const parts: DiffPart[] = []
  lines.forEach((item, i) => {
    const last = parts.at(-1)
    if (shown[i]) {
      if (last?.kind === 'lines') last.lines.push(item)
      else parts.push({ kind: 'lines', lines: [item] })
    } else if (last?.kind === 'gap') last.count++
    else parts.push({ kind: 'gap', at: i, count: 1 })
  })
  return parts
}

/** The first parts, up to so many lines, and how many lines are left out after them. */
export function firstLines(parts: readonly DiffPart[], most: number): { parts: DiffPart[]; left: number } {
  const kept: DiffPart[] = []
  let room = most
  let left = 0
  for (const part of parts) {
    if (part.kind === 'gap') {
      if (room > 0) kept.push(part)
      continue
    }
    const shown = part.lines.slice(0, room)
    if (shown.length > 0) kept.push({ kind: 'lines', lines: shown })
    room -= shown.length
    left += part.lines.length - shown.length
  }
  return { parts: kept, left }
}
