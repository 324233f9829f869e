import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useText } from '../../app/prefs'
import type { GridColumn } from './columns'
import type { GridLayout } from './use-layout'

export interface GridSort {
  column: string
  direction: 'asc' | 'desc'
}

interface HeadProps<T> {
  layout: GridLayout<T>
  sort?: GridSort | undefined
  onSort?: ((sort: GridSort) => void) | undefined
}

/** Follows the pointer until it is let go. */
function startResize(event: PointerEvent<HTMLElement>, resize: (width: number) => void) {
  event.preventDefault()
  event.stopPropagation()
  const start = event.clientX
  const target = event.currentTarget
  // What is seen may be narrower than what was asked for: the edge must not jump.
  const width = target.parentElement?.offsetWidth ?? 0
  target.setPointerCapture(event.pointerId)
  const move = (next: globalThis.PointerEvent) => resize(width + next.clientX - start)
  const stop = () => {
    target.removeEventListener('pointermove', move)
    target.removeEventListener('pointerup', stop)
    target.removeEventListener('pointercancel', stop)
  }
  target.addEventListener('pointermove', move)
  target.addEventListener('pointerup', stop)
  target.addEventListener('pointercancel', stop)
}

/** Sticky header: click sorts, drag moves, the edge resizes; with the keyboard Alt+arrows resize and Ctrl+arrows move. */
export function GridHead<T>({ layout, sort, onSort }: HeadProps<T>) {
  const [dragged, setDragged] = useState<string | null>(null)
  const [target, setTarget] = useState<string | null>(null)
  const { t } = useText()

  const onKey = (event: KeyboardEvent, column: GridColumn<T>) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (step === 0 || !(event.altKey || event.ctrlKey)) return
    event.preventDefault()
    if (event.altKey) layout.resize(column.id, layout.width(column) + step * 16)
    else layout.move(column.id, step)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtualized grid cannot be a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
    <div
      className="grid-head"
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: layout.template, minWidth: layout.minWidth }}
    >
      {layout.shown.map((column, index) => {
        const sorted = sort?.column === column.id ? sort.direction : undefined
        const Arrow = sorted === 'asc' ? IconArrowUp : IconArrowDown
        const ariaSort = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'
        return (
          // biome-ignore lint/a11y/useSemanticElements: a virtualized grid cannot be a table element
          // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={index + 1}
            {...(column.sortable ? { 'aria-sort': ariaSort } : {})}
            className={`grid-head-cell${column.align === 'right' ? ' is-right' : ''}${target === column.id ? ' is-target' : ''}`}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              setDragged(column.id)
            }}
            onDragOver={(event) => {
              if (!dragged) return
              event.preventDefault()
              setTarget(column.id)
            }}
            onDragLeave={() => setTarget(null)}
            onDrop={(event) => {
              event.preventDefault()
              if (dragged) layout.move(dragged, { before: column.id })
            }}
            onDragEnd={() => {
              setDragged(null)
              setTarget(null)
            }}
          >
            <button
              type="button"
              className="grid-sort"
              data-sortable={column.sortable === true}
              title={`${column.header}${column.sortable ? ` · ${t('grid.sortHint')}` : ''}`}
              onKeyDown={(event) => onKey(event, column)}
              onClick={() => {
                if (!column.sortable) return
                onSort?.({ column: column.id, direction: sorted === 'asc' ? 'desc' : 'asc' })
              }}
            >
              <span className="sage-cut">{column.header}</span>
              {sorted ? <Arrow size={14} aria-hidden style={{ flexShrink: 0 }} /> : null}
            </button>
            <span
              className="grid-resize"
              aria-hidden
              onPointerDown={(event) => startResize(event, (width) => layout.resize(column.id, width))}
            />
          </div>
        )
      })}
    </div>
  )
}
