import { type ReactNode, useMemo, useState } from 'react'
import type { CallError } from '../../api/client'
import { SearchBox } from '../search-box'
import type { GridColumn } from './columns'
import { DataGrid } from './data-grid'
import type { GridSort } from './grid-head'
import { type ListRules, listRows } from './list-rows'
import { useLocalSource } from './source'

interface ListGridProps<T> {
  id: string
  label: string
  columns: readonly GridColumn<T>[]
  /** The whole list, as it was asked for. */
  query: {
    data: { items: T[] } | undefined
    isPending: boolean
    error: CallError | null
    refetch: () => Promise<unknown>
  }
  /** Made once, outside the screen. */
  rules: ListRules<T>
  searchLabel: string
  onOpen: (row: T) => void
  counter: (n: number) => string
  /** `none`: nothing matches; `nothing`: there is nothing yet. */
  empty: { none: string; nothing?: { text: string; action?: ReactNode } }
}

/** A list short enough to be all here: looked through and sorted in the window, by name to begin with. */
export function ListGrid<T>(props: ListGridProps<T>) {
  const { query, rules, searchLabel, empty, ...grid } = props
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<GridSort>({ column: 'nombre', direction: 'asc' })
  const items = query.data?.items
  const rows = useMemo(() => listRows(items ?? [], rules, search, sort), [items, rules, search, sort])
  const source = useLocalSource(rows, {
    loading: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
  })
  const nothing = items?.length === 0 ? empty.nothing : undefined
  return (
    <DataGrid
      {...grid}
      source={source}
      sort={sort}
      onSort={setSort}
      resetKey={search}
      empty={nothing ?? { text: empty.none }}
      toolbar={
        <SearchBox
          label={searchLabel}
          width={260}
          delay={0}
          value={search}
          onChange={(text) => setSearch(text ?? '')}
        />
      }
    />
  )
}
