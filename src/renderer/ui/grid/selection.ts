/** Rows chosen in a grid, by index; `anchor` is where a Shift range starts. */
export interface Selection {
  anchor: number
  rows: ReadonlySet<number>
}

export const NO_SELECTION: Selection = { anchor: 0, rows: new Set() }

export function range(from: number, to: number): number[] {
  const low = Math.min(from, to)
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => low + index)
}

/** A click or a key on a row: plain chooses it alone, Ctrl adds or takes it away, Shift extends from the anchor. */
export function choose(
  selection: Selection,
  row: number,
  keys: { shift: boolean; ctrl: boolean },
): Selection {
  if (keys.shift) {
    const chosen = range(selection.anchor, row)
    return { anchor: selection.anchor, rows: new Set(keys.ctrl ? [...selection.rows, ...chosen] : chosen) }
  }
  if (keys.ctrl) {
    const rows = new Set(selection.rows)
    if (!rows.delete(row)) rows.add(row)
    return { anchor: row, rows }
  }
  return { anchor: row, rows: new Set([row]) }
}

/** Consecutive stretches of the chosen rows, ascending: what is fetched to copy them. */
export function stretches(rows: ReadonlySet<number>): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const row of [...rows].sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last && last.to === row - 1) last.to = row
    else found.push({ from: row, to: row })
  }
  return found
}
