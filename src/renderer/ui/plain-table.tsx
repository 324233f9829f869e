import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import './plain-table.css'

interface PlainTableProps {
  label: string
  columns: readonly string[]
  rows: readonly (readonly (string | null)[])[]
  /** First cell of each row, such as its record number. */
  head?: { title: string; of: (index: number) => string }
  /** Cells that stand out, by row and column. */
  isMarked?: (row: number, column: number) => boolean
  /** What becomes of a row: it comes or it goes. Said by `head` too, never by colour alone. */
  tone?: (row: number) => 'added' | 'removed' | null
}

const toneClass = (tone: 'added' | 'removed' | null | undefined) => (tone ? `is-${tone}` : undefined)

/** Cells as received, with as many columns as come: for previews, not for work. */
export function PlainTable({ label, columns, rows, head, isMarked, tone }: PlainTableProps) {
  const scroll = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 28,
    overscan: 20,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section ref={scroll} className="plain-scroll" aria-label={label} tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            {head ? <th scope="col">{head.title}</th> : null}
            {columns.map((column) => (
              <th key={column} scope="col" title={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr aria-hidden style={{ height: before }} /> : null}
          {items.map((item) => (
            <tr key={item.key} style={{ height: 28 }} className={toneClass(tone?.(item.index))}>
              {head ? <th scope="row">{head.of(item.index)}</th> : null}
              {columns.map((column, index) => {
                const value = rows[item.index]?.[index] ?? ''
                return (
                  <td key={column} title={value} className={isMarked?.(item.index, index) ? 'is-marked' : ''}>
                    {value}
                  </td>
                )
              })}
            </tr>
          ))}
          {after > 0 ? <tr aria-hidden style={{ height: after }} /> : null}
        </tbody>
      </table>
    </section>
  )
}
