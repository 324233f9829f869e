import type { KeyboardEvent } from 'react'
import { choose, range, type Selection } from './selection'

export interface Cell {
  row: number
  column: number
}

interface KeysInput {
  rows: number
  columns: number
  pageRows: number
  active: Cell
  selection: Selection
  /** `select` is the selection that follows the cell, when a key changes it. */
  go: (cell: Cell, selection?: Selection) => void
  open: (row: number) => void
  copy: () => void
  clear: () => void
}

const clamp = (value: number, max: number) => Math.max(0, Math.min(value, max))

/** Where a key takes the active cell, or null when it is not one that moves. */
export function target(
  key: string,
  ctrl: boolean,
  input: Pick<KeysInput, 'rows' | 'columns' | 'pageRows' | 'active'>,
): Cell | null {
  const { rows, columns, pageRows, active } = input
  const to = (row: number, column: number): Cell => ({
    row: clamp(row, rows - 1),
    column: clamp(column, columns - 1),
  })
  switch (key) {
    case 'ArrowDown':
      return to(active.row + 1, active.column)
    case 'ArrowUp':
      return to(active.row - 1, active.column)
    case 'ArrowLeft':
      return to(active.row, active.column - 1)
    case 'ArrowRight':
      return to(active.row, active.column + 1)
    case 'PageDown':
      return to(active.row + pageRows, active.column)
    case 'PageUp':
      return to(active.row - pageRows, active.column)
    case 'Home':
      return ctrl ? to(0, active.column) : to(active.row, 0)
    case 'End':
      return ctrl ? to(rows - 1, active.column) : to(active.row, columns - 1)
    default:
      return null
  }
}

/** Most rows that Ctrl+A chooses: what a clipboard can hold with sense. The export has no such limit. */
export const SELECT_MAX = 5000

export function handleKey(event: KeyboardEvent, input: KeysInput) {
  if (event.target !== event.currentTarget || input.rows === 0) return
  const ctrl = event.ctrlKey || event.metaKey
  const next = target(event.key, ctrl, input)
  if (next) {
    event.preventDefault()
    if (next.row === input.active.row) input.go(next)
    else input.go(next, choose(input.selection, next.row, { shift: event.shiftKey, ctrl: false }))
    return
  }
  if (event.key === 'Enter') input.open(input.active.row)
  else if (event.key === ' ')
    input.go(
      input.active,
      choose(input.selection, input.active.row, { shift: event.shiftKey, ctrl: !event.shiftKey }),
    )
  else if (event.key === 'Escape') input.clear()
  else if (ctrl && event.key.toLowerCase() === 'a') {
    input.go(input.active, { anchor: 0, rows: new Set(range(0, Math.min(input.rows, SELECT_MAX) - 1)) })
  } else if (ctrl && event.key.toLowerCase() === 'c') {
    // A stretch of text chosen with the mouse is copied by the browser.
    if (String(window.getSelection() ?? '') !== '') return
    input.copy()
  } else return
  event.preventDefault()
}
