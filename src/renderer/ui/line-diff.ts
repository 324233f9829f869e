export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
  /** 1-based, in the text it is of; null in the other. */
  before: number | null
  after: number | null
}

/** A run of lines shown, or of equal lines left out (from line `at` of the list). */
export type DiffPart = { kind: 'lines'; lines: DiffLine[] } | { kind: 'gap'; at: number; count: number }

/** Lines changed past which the shortest way is not looked for: work and memory grow with its square. */
const MOST_CHANGES = 800

/**
 * The changes that turn one text into another, line by line, the fewest there are (Myers, "An O(ND) difference algorithm and its
 * variations"). Texts with nothing in common for thousands of lines are told as removed whole and added whole.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const middle = shortest(a.slice(start, endA), b.slice(start, endB))
  const same = (from: number, to: number, shift: number): DiffLine[] =>
    a.slice(from, to).map((text, i) => line('same', text, from + i, from + i + shift))
  return [
    ...same(0, start, 0),
    ...middle.map(({ kind, text, before: x, after: y }) =>
      line(kind, text, x === null ? null : x + start, y === null ? null : y + start),
    ),
    ...same(endA, a.length, endB - endA),
  ]
}

/** From 0-based places. */
const line = (kind: DiffLine['kind'], text: string, x: number | null, y: number | null): DiffLine => ({
  kind,
  text,
  before: x === null ? null : x + 1,
  after: y === null ? null : y + 1,
})

interface Step {
  kind: DiffLine['kind']
  text: string
  before: number | null
  after: number | null
}

const removed = (a: readonly string[], x: number): Step => ({
  kind: 'removed',
  text: a[x] ?? '',
  before: x,
  after: null,
})
const added = (b: readonly string[], y: number): Step => ({
  kind: 'added',
  text: b[y] ?? '',
  before: null,
  after: y,
})

function shortest(a: readonly string[], b: readonly string[]): Step[] {
  const most = Math.min(a.length + b.length, MOST_CHANGES)
  /** Furthest place in `a` reached on each diagonal, one map per number of changes. */
  const trace: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let d = 0; d <= most; d++) {
    trace.push(new Map(reach))
    for (let k = -d; k <= d; k += 2) {
      let x = down(reach, k, d) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reach.set(k, x)
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace, d)
    }
    reach = new Map(reach)
  }
  return [...a.map((_, x) => removed(a, x)), ...b.map((_, y) => added(b, y))]
}

/** On diagonal `k` after `d` changes: the last one was a line added (else removed). */
const down = (reach: ReadonlyMap<number, number>, k: number, d: number): boolean =>
  k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))

function walkBack(
  a: readonly string[],
  b: readonly string[],
  trace: readonly Map<number, number>[],
  changes: number,
): Step[] {
  const steps: Step[] = []
  let x = a.length
  let y = b.length
  for (let d = changes; d >= 0; d--) {
    const reach = trace[d] ?? new Map<number, number>()
    const k = x - y
    const wasAdded = down(reach, k, d)
    const fromX = wasAdded ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0)
    const fromY = fromX - (wasAdded ? k + 1 : k - 1)
    while (x > fromX && y > fromY && x > 0 && y > 0 && a[x - 1] === b[y - 1]) {
      x--
      y--
      steps.push({ kind: 'same', text: a[x] ?? '', before: x, after: y })
    }
    if (d === 0) break
    if (wasAdded) steps.push(added(b, --y))
    else steps.push(removed(a, --x))
  }
  return steps.reverse()
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
