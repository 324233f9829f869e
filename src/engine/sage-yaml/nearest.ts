/** Text as people compare names: no case, no accents, no blanks around. */
export const foldName = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()

/** Longest text worth comparing: past it a distance costs much and says nothing. */
const LONGEST = 64

/** Edits (insert, delete, replace, swap of neighbours) from one text to the other. */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1
  let beforeLast = new Array<number>(width).fill(0)
  let last = Array.from({ length: width }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const row = new Array<number>(width).fill(0)
    row[0] = i
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      }
      row[j] = best
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/**
 * The candidate that a person most likely meant, or undefined when none is close (more than a third of the letters wrong).
 * Case and accents don't count as edits.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const folded = foldName(text)
  if (folded === '' || folded.length > LONGEST) return undefined
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(folded.length / 3)) + 1
  for (const candidate of candidates) {
    const other = foldName(candidate)
    if (Math.abs(other.length - folded.length) >= bestDistance) continue
    const distance = editDistance(folded, other)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `¿quisiste decir `x`?` or, when nothing is near, the list of what is possible. */
export function suggest(
  text: string,
  candidates: readonly string[],
  what = 'Valores posibles',
): string | undefined {
  const near = nearest(text, candidates)
  if (near !== undefined) return `¿quisiste decir \`${near}\`?`
  if (candidates.length === 0) return undefined
  const shown = candidates.slice(0, 12).map((c) => `\`${clip(c)}\``)
  return `${what}: ${shown.join(', ')}${candidates.length > shown.length ? '…' : ''}.`
}

/** A text of the file cut and with its line breaks and control characters shown, fit for a message. */
export function clip(text: string, max = 60): string {
  const head = text.length > max * 2 ? text.slice(0, max * 2) : text
  const flat = head.replace(/\s+/g, ' ').replace(/\p{C}/gu, '·')
  return flat.length > max ? `${flat.slice(0, max)}…` : flat
}
