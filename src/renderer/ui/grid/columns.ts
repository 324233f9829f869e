import type { Severity } from '@shared/model/findings'
import type { Lang } from '@shared/text'
import type { ReactNode } from 'react'

export interface GridColumn<T> {
  id: string
  header: string
  width: number
  /** As narrow as it may become so that the grid fits. Default: its width for numbers, four fifths of it for text. */
  floor?: number
  align?: 'left' | 'right'
  sortable?: boolean
  mono?: boolean
  /** Takes the width that is left. */
  grow?: boolean
  /** Hidden until the person shows it. */
  hidden?: boolean
  /** What is read aloud, cut with a title, and copied. */
  text: (row: T) => string
  render?: (row: T) => ReactNode
  /** A finding on the cell: a corner mark, and its message on hover and focus. */
  mark?: (row: T) => { severity: Severity; message: string } | null
}

/** How a person left the columns of a grid. */
export interface ColumnLayout {
  order: string[]
  hidden: Record<string, boolean>
  widths: Record<string, number>
}

export const EMPTY_LAYOUT: ColumnLayout = { order: [], hidden: {}, widths: {} }
export const MIN_WIDTH = 56

/** A date and its time are never cut: as wide as the language writes them. */
export const dateColumn = (lang: Lang) =>
  lang === 'es' ? { width: 138, floor: 138 } : { width: 154, floor: 154 }

/** What only those who look for it show. */
export const shaColumn: GridColumn<{ sha256: string | null }> = {
  id: 'sha256',
  header: 'SHA-256',
  width: 160,
  hidden: true,
  mono: true,
  text: (row) => row.sha256 ?? '',
}

/** Buttons: nothing of it is read as text. */
export const actionsColumn = (header: string) => ({ id: 'acciones', header, width: 84, text: () => '' })

/** Columns in the person's order; those it does not know yet go where they were defined, at the end. */
export function ordered<T>(columns: readonly GridColumn<T>[], layout: ColumnLayout): GridColumn<T>[] {
  const rank = new Map(layout.order.map((id, index) => [id, index]))
  return columns
    .map((column, index) => ({ column, at: rank.get(column.id) ?? layout.order.length + index }))
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column)
}

export const isHidden = <T>(column: GridColumn<T>, layout: ColumnLayout): boolean =>
  layout.hidden[column.id] ?? column.hidden ?? false

export const widthOf = <T>(column: GridColumn<T>, layout: ColumnLayout): number =>
  Math.max(MIN_WIDTH, layout.widths[column.id] ?? column.width)

/** A width that a person gave is kept; another gives way until its floor when the window is narrow. */
export function floorOf<T>(column: GridColumn<T>, layout: ColumnLayout): number {
  const width = widthOf(column, layout)
  if (layout.widths[column.id] !== undefined) return width
  const floor = column.floor ?? (column.align === 'right' ? column.width : Math.round(column.width * 0.8))
  return Math.max(MIN_WIDTH, Math.min(floor, width))
}

/** Moves a column one place, or to another's place, among those that are shown. */
export function moved<T>(
  columns: readonly GridColumn<T>[],
  layout: ColumnLayout,
  id: string,
  to: number | { before: string },
): ColumnLayout {
  const ids = ordered(columns, layout).map((column) => column.id)
  const from = ids.indexOf(id)
  if (from < 0) return layout
  const target = typeof to === 'number' ? from + to : ids.indexOf(to.before)
  if (target < 0 || target >= ids.length || target === from) return layout
  ids.splice(from, 1)
  ids.splice(target, 0, id)
  return { ...layout, order: ids }
}
