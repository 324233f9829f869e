import type { OperationInput, OperationOutput } from '@shared/contract'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { type CallError, call } from '../../api/client'

/** Rows by index: all here, or brought by pages as they come into view. */
export interface GridSource<T> {
  total: number
  rowAt(index: number): T | undefined
  /** What is in view, so that its pages are brought. */
  show(from: number, to: number): void
  /** Rows of a stretch, brought if needed: to copy them. */
  range(from: number, to: number): Promise<T[]>
  loading: boolean
  error: CallError | null
  retry(): void
}

/** Rows that are all here. */
export function useLocalSource<T>(
  rows: readonly T[] | undefined,
  state: { loading: boolean; error: CallError | null; retry: () => void },
): GridSource<T> {
  const { loading, error, retry } = state
  return useMemo(() => {
    const all = rows ?? []
    return {
      total: all.length,
      rowAt: (index: number) => all[index],
      show: () => undefined,
      range: async (from: number, to: number) => all.slice(from, to + 1),
      loading,
      error,
      retry,
    }
  }, [rows, loading, error, retry])
}

/** Rows from the end at which the next page is asked for. */
const AHEAD = 60

/** The rows that were brought in their order, and one more that stands for those that are still to come. */
export function useGrowingSource<T>(
  rows: readonly T[],
  hayMas: boolean,
  more: () => void,
  state: { loading: boolean; error: CallError | null; retry: () => void },
): GridSource<T> {
  const { loading, error, retry } = state
  return useMemo(
    () => ({
      total: rows.length + (hayMas ? 1 : 0),
      rowAt: (index) => rows[index],
      show: (_from, to) => {
        if (hayMas && to >= rows.length - AHEAD) more()
      },
      range: async (from, to) => rows.slice(from, to + 1),
      loading,
      error,
      retry,
    }),
    [rows, hayMas, more, loading, error, retry],
  )
}

const PAGE = 200
type Paged<T> = { items: T[]; total: number }

type PagedOp =
  | 'executions.list'
  | 'executions.findings'
  | 'recepcion.archivos'
  | 'calendario.list'
  | 'cargas.list'

export interface PagedSource<T> extends GridSource<T> {
  /** When what is listed was asked for, in milliseconds; 0 before. */
  at: number
}

/** Pages of an operation that takes `limit` and `offset`. The first one gives the exact total. */
export function usePagedSource<N extends PagedOp, T>(
  op: N,
  input: Omit<OperationInput<N>, 'limit' | 'offset'>,
  pick: (output: OperationOutput<N>) => Paged<T>,
): PagedSource<T> {
  const key = JSON.stringify(input)
  const [view, setView] = useState({ key, from: 0, to: 0 })
  const pages = useMemo(() => {
    if (view.key !== key) return []
    const first = Math.floor(view.from / PAGE)
    const last = Math.floor(view.to / PAGE)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((page) => page > 0)
  }, [view, key])

  const fetchPage = useCallback(
    async (page: number, signal?: AbortSignal): Promise<Paged<T>> => {
      // The input was a value of this operation's input before it became a key.
      const request = { ...JSON.parse(key), limit: PAGE, offset: page * PAGE } as OperationInput<N>
      return pick(await call(op, request, signal))
    },
    [key, op, pick],
  )

  const first = useQuery<Paged<T>, CallError>({
    queryKey: [op, key, 0],
    queryFn: ({ signal }) => fetchPage(0, signal),
    placeholderData: keepPreviousData,
  })
  const rest = useQueries({
    queries: pages.map((page) => ({
      queryKey: [op, key, page],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(page, signal),
    })),
    combine: (results) => results.map((result) => result.data),
  })

  const [kept, setKept] = useState<{ key: string; pages: ReadonlyMap<number, T[]> }>({
    key,
    pages: new Map(),
  })
  useEffect(() => {
    setKept((before) => {
      const map = new Map(before.key === key ? before.pages : [])
      let changed = before.key !== key
      pages.forEach((page, index) => {
        const items = rest[index]?.items
        if (items && map.get(page) !== items) {
          map.set(page, items)
          changed = true
        }
      })
      return changed ? { key, pages: map } : before
    })
  }, [key, pages, rest])

  const firstPage = first.data
  return useMemo(
    () => ({
      total: firstPage?.total ?? 0,
      rowAt: (index) => {
        const page = Math.floor(index / PAGE)
        if (page === 0) return firstPage?.items[index]
        return kept.key === key ? kept.pages.get(page)?.[index % PAGE] : undefined
      },
      show: (from, to) =>
        setView((before) =>
          before.key === key && before.from === from && before.to === to ? before : { key, from, to },
        ),
      range: async (from, to) => {
        const found: T[] = []
        for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page += 1) {
          const { items } = await fetchPage(page)
          items.forEach((item, index) => {
            const at = page * PAGE + index
            if (at >= from && at <= to) found.push(item)
          })
        }
        return found
      },
      loading: first.isPending,
      error: first.error,
      retry: () => void first.refetch(),
      at: first.dataUpdatedAt,
    }),
    [firstPage, kept, key, fetchPage, first.isPending, first.error, first.refetch, first.dataUpdatedAt],
  )
}
