import { Group, Tooltip, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { announce } from '../../api/events'
import { usePrefs, useText } from '../../app/prefs'
import { Empty } from '../empty'
import { ErrorBlock } from '../error-block'
import { RowsSkeleton } from '../later'
import { notifyDone } from '../notify'
import { severityColor } from '../state-badge'
import type { GridColumn } from './columns'
import './data-grid.css'
import { copyText } from '../use-copy'
import { ColumnMenu } from './column-menu'
import { GridHead, type GridSort } from './grid-head'
import { choose, NO_SELECTION, type Selection, stretches } from './selection'
import type { GridSource } from './source'
import { toTsv } from './tsv'
import { type Cell, handleKey, SELECT_MAX } from './use-keys'
import { useLayout } from './use-layout'

/** A taller element than a browser can scroll would hide its last rows: past this many, filters lead to the rest. */
const SCROLL_MAX = 400_000

/** The rows a person chose. */
export interface Chosen<T> {
  count: number
  rows: () => Promise<T[]>
  clear: () => void
}

interface DataGridProps<T> {
  /** Name under which the person's columns are remembered. */
  id: string
  label: string
  columns: readonly GridColumn<T>[]
  source: GridSource<T>
  sort?: GridSort
  onSort?: (sort: GridSort) => void
  onOpen?: (row: T) => void
  /** Changes when what is listed changes: the view goes back to the top. */
  resetKey?: string
  empty: { text: string; action?: ReactNode }
  /** Filters, left of the tools. */
  toolbar?: ReactNode
  /** More tools, right. */
  tools?: ReactNode
  /** What can be done with the chosen rows: among the tools, where nothing covers it. */
  bulk?: (chosen: Chosen<T>) => ReactNode
  /** How many are chosen, each time that changes. */
  onChosen?: (count: number) => void
  /** Which are chosen, by their place, each time that changes. */
  onSelection?: (rows: ReadonlySet<number>) => void
  /** Word for the counter: `{n|hallazgo|hallazgos}` filled. */
  counter: (total: number) => string
}

function CellView<T>({ column, row }: { column: GridColumn<T>; row: T }) {
  const text = column.text(row)
  const mark = column.mark?.(row)
  return (
    <>
      {column.render ? column.render(row) : <span className="sage-cut">{text}</span>}
      {mark ? (
        <span className="grid-mark" style={{ color: severityColor(mark.severity) }} aria-hidden />
      ) : null}
    </>
  )
}

/** The one table of the console: virtualized rows that come by pages, columns the person arranges, the keyboard of a spreadsheet. */
export function DataGrid<T>(props: DataGridProps<T>) {
  const { id, label, columns, source, sort, onSort, onOpen, resetKey, empty, toolbar, tools, bulk, counter } =
    props
  const { t, number } = useText()
  const { density } = usePrefs()
  const rowHeight = density === 'compact' ? 32 : 40
  const layout = useLayout(id, columns)
  const scroll = useRef<HTMLDivElement>(null)
  const gridId = useId()
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 })
  const [selection, setSelection] = useState<Selection>(NO_SELECTION)
  const shownRows = Math.min(source.total, SCROLL_MAX)

  const virtual = useVirtualizer({
    count: shownRows,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: 32,
  })
  const items = virtual.getVirtualItems()
  const from = items[0]?.index ?? 0
  const to = items.at(-1)?.index ?? 0
  const { show } = source
  useEffect(() => show(from, to), [show, from, to])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of the rows is what is measured anew
  useEffect(() => virtual.measure(), [rowHeight, virtual])
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when what is listed changes
  useEffect(() => {
    scroll.current?.scrollTo({ top: 0 })
    setActive({ row: 0, column: 0 })
    setSelection(NO_SELECTION)
  }, [resetKey])

  const go = (cell: Cell, chosen?: Selection) => {
    setActive(cell)
    if (chosen) setSelection(chosen)
    virtual.scrollToIndex(cell.row)
  }
  const open = (index: number) => {
    const row = source.rowAt(index)
    if (row !== undefined) onOpen?.(row)
  }
  const { onChosen, onSelection } = props
  useEffect(() => onChosen?.(selection.rows.size), [onChosen, selection.rows.size])
  useEffect(() => onSelection?.(selection.rows), [onSelection, selection.rows])
  const chosen = selection.rows.size > 0 ? selection.rows : new Set([active.row])
  const chosenRows = async () => {
    const rows: T[] = []
    for (const part of stretches(new Set([...chosen].sort((a, b) => a - b).slice(0, SELECT_MAX))))
      rows.push(...(await source.range(part.from, part.to)))
    return rows
  }
  const copy = async () => {
    const rows = await chosenRows()
    const text = toTsv(
      layout.shown.map((column) => column.header),
      rows.map((row) => layout.shown.map((column) => column.text(row))),
    )
    if (!(await copyText(text))) return
    const done = t(chosen.size > SELECT_MAX ? 'grid.copiedFirst' : 'grid.copied', { n: rows.length })
    announce(done)
    notifyDone(done)
  }

  const cellId = (row: number, column: number) => `${gridId}-${row}-${column}`
  const activeRow = source.rowAt(active.row)
  const activeMark = activeRow ? layout.shown[active.column]?.mark?.(activeRow) : null

  return (
    <div style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0, minWidth: 0, gap: 8 }}>
      <Group justify="space-between" gap="sm" align="flex-end" wrap="nowrap">
        <Group gap="xs" align="flex-end" style={{ flex: 1 }}>
          {toolbar}
        </Group>
        <Group gap="xs" wrap="nowrap">
          {tools}
          {selection.rows.size > 0
            ? bulk?.({
                count: Math.min(selection.rows.size, SELECT_MAX),
                rows: chosenRows,
                clear: () => setSelection(NO_SELECTION),
              })
            : null}
          <ColumnMenu layout={layout} />
        </Group>
      </Group>
      <div className="grid-frame">
        {source.error ? (
          <div style={{ padding: 16 }}>
            <ErrorBlock error={source.error.data} onRetry={source.retry} />
          </div>
        ) : source.loading ? (
          <div style={{ padding: 16 }}>
            <RowsSkeleton rows={8} />
          </div>
        ) : source.total === 0 ? (
          <Empty {...empty} />
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: a virtualized grid cannot be a table element
          <div
            ref={scroll}
            className="grid-scroll"
            role="grid"
            tabIndex={0}
            aria-label={label}
            aria-rowcount={source.total + 1}
            aria-colcount={layout.shown.length}
            aria-multiselectable
            aria-activedescendant={cellId(active.row, active.column)}
            onKeyDown={(event) =>
              handleKey(event, {
                rows: shownRows,
                columns: layout.shown.length,
                pageRows: Math.max(1, Math.floor((scroll.current?.clientHeight ?? 320) / rowHeight) - 1),
                active,
                selection,
                go,
                open,
                copy: () => void copy(),
                clear: () => setSelection(NO_SELECTION),
              })
            }
          >
            <GridHead layout={layout} sort={sort} onSort={onSort} />
            <div className="grid-body" style={{ height: virtual.getTotalSize(), minWidth: layout.minWidth }}>
              {items.map((item) => {
                const row = source.rowAt(item.index)
                return (
                  // biome-ignore lint/a11y/useSemanticElements: a virtualized grid cannot be a table element
                  // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
                  <div
                    key={item.key}
                    role="row"
                    className="grid-row"
                    aria-rowindex={item.index + 2}
                    aria-selected={selection.rows.has(item.index)}
                    style={{
                      height: rowHeight,
                      transform: `translateY(${item.start}px)`,
                      gridTemplateColumns: layout.template,
                    }}
                    onClick={(event) =>
                      setSelection((before) =>
                        choose(before, item.index, {
                          shift: event.shiftKey,
                          ctrl: event.ctrlKey || event.metaKey,
                        }),
                      )
                    }
                    onDoubleClick={() => open(item.index)}
                    onMouseDown={(event) => event.shiftKey && event.preventDefault()}
                  >
                    {layout.shown.map((column, index) => {
                      const isActive = active.row === item.index && active.column === index
                      const mark = row === undefined ? null : column.mark?.(row)
                      const cell = (
                        // biome-ignore lint/a11y/useSemanticElements: a virtualized grid cannot be a table element
                        // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
                        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
                        <div
                          key={column.id}
                          id={cellId(item.index, index)}
                          role="gridcell"
                          aria-colindex={index + 1}
                          className={`grid-cell${column.align === 'right' ? ' is-right' : ''}${column.mono ? ' is-mono' : ''}${isActive ? ' is-active' : ''}`}
                          title={row === undefined || mark ? undefined : column.text(row)}
                          onClick={() => setActive({ row: item.index, column: index })}
                        >
                          {row === undefined ? (
                            <span className="grid-ghost" />
                          ) : (
                            <CellView column={column} row={row} />
                          )}
                        </div>
                      )
                      return mark ? (
                        <Tooltip key={column.id} label={mark.message} multiline maw={360}>
                          {cell}
                        </Tooltip>
                      ) : (
                        cell
                      )
                    })}
                  </div>
                )
              })}
            </div>
          </div>
        )}
        <div className="grid-foot">
          <span className="sage-numbers" data-testid="grid-counter">
            {source.loading ? '' : counter(source.total)}
            {source.total > SCROLL_MAX ? ` · ${t('grid.tooMany', { n: SCROLL_MAX })}` : ''}
          </span>
          <span className="sage-cut">{activeMark ? activeMark.message : ''}</span>
          {selection.rows.size > 0 ? (
            <Group gap="xs" wrap="nowrap">
              <span className="sage-numbers">
                {t('grid.selected', { n: selection.rows.size, shown: number(selection.rows.size) })}
              </span>
              <UnstyledButton fz="xs" c="var(--mantine-color-anchor)" onClick={() => void copy()}>
                {t('grid.copy')}
              </UnstyledButton>
            </Group>
          ) : (
            <span>{onOpen && source.total > 0 ? t('grid.keys') : ''}</span>
          )}
        </div>
      </div>
    </div>
  )
}
