import { useLocalStorage } from '@mantine/hooks'
import { useMemo } from 'react'
import {
  type ColumnLayout,
  EMPTY_LAYOUT,
  floorOf,
  type GridColumn,
  isHidden,
  moved,
  ordered,
  widthOf,
} from './columns'

/** The columns of a grid as this person left them, remembered by the grid's name. */
export function useLayout<T>(gridId: string, columns: readonly GridColumn<T>[]) {
  const [layout, setLayout] = useLocalStorage<ColumnLayout>({
    key: `sage.grid.${gridId}`,
    defaultValue: EMPTY_LAYOUT,
    getInitialValueInEffect: false,
  })
  return useMemo(() => {
    const all = ordered(columns, layout)
    const shown = all.filter((column) => !isHidden(column, layout))
    const template = shown
      .map((column) =>
        column.grow && layout.widths[column.id] === undefined
          ? `minmax(${floorOf(column, layout)}px, 1fr)`
          : `minmax(${floorOf(column, layout)}px, ${widthOf(column, layout)}px)`,
      )
      .join(' ')
    const hasGrow = shown.some((column) => column.grow && layout.widths[column.id] === undefined)
    return {
      all,
      shown,
      // Something has to take what is left, or the lines of the rows would end in the air.
      template: hasGrow ? template : `${template} minmax(0, 1fr)`,
      /** Narrower than this the grid scrolls sideways. */
      minWidth: shown.reduce((sum, column) => sum + floorOf(column, layout), 0),
      width: (column: GridColumn<T>) => widthOf(column, layout),
      hidden: (column: GridColumn<T>) => isHidden(column, layout),
      resize: (id: string, width: number) =>
        setLayout((before) => ({ ...before, widths: { ...before.widths, [id]: Math.round(width) } })),
      toggle: (id: string, hidden: boolean) =>
        setLayout((before) => ({ ...before, hidden: { ...before.hidden, [id]: hidden } })),
      move: (id: string, to: number | { before: string }) =>
        setLayout((before) => moved(columns, before, id, to)),
      reset: () => setLayout(EMPTY_LAYOUT),
    }
  }, [columns, layout, setLayout])
}

export type GridLayout<T> = ReturnType<typeof useLayout<T>>
