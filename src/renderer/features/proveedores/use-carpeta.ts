import type { OperationOutput } from '@shared/contract'
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type CallError, call } from '../../api/client'
import { queryClient } from '../../api/hooks'
import { useGrowingSource } from '../../ui/grid/source'

type Page = OperationOutput<'proveedores.explorar'>

/** As many as a provider gives at once: a hundred thousand come in a hundred pages, as they are scrolled to. */
const PAGE = 1000

const keyOf = (id: number, ruta: string) => ['proveedores.explorar', { id, ruta }] as const

/** After a change: listed anew from its first page, since where it stands among the others is not known. */
export function resetCarpeta(id: number, ruta: string): Promise<void> {
  // What was seen of a file may be of what was there before.
  queryClient.removeQueries({ queryKey: ['proveedores.vistaPrevia'] })
  return queryClient.resetQueries({ queryKey: keyOf(id, ruta), exact: true })
}

/** What is in a folder of a provider, brought by pages. */
export function useCarpeta(id: number, ruta: string) {
  const query = useInfiniteQuery<
    Page,
    CallError,
    InfiniteData<Page>,
    ReturnType<typeof keyOf>,
    string | null
  >({
    queryKey: keyOf(id, ruta),
    queryFn: ({ pageParam, signal }) =>
      call('proveedores.explorar', { id, ruta, cursor: pageParam, limite: PAGE }, signal),
    initialPageParam: null,
    getNextPageParam: ({ cursor }) => cursor,
    // Asked for again by the person, or after a change: all its pages would be brought one by one.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const { data, hasNextPage, isFetching, fetchNextPage } = query
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const more = useMemo(
    () => () => {
      if (!isFetching) void fetchNextPage()
    },
    [isFetching, fetchNextPage],
  )
  const source = useGrowingSource(items, hasNextPage, more, {
    loading: query.isPending,
    // What was brought stays in sight when a later page fails.
    error: data ? null : query.error,
    retry: query.refetch,
  })
  return {
    items,
    source,
    hayMas: hasNextPage,
    puede: data?.pages[0]?.puede ?? { enlace: false, crearContenedor: false },
    error: query.error,
    /** Of a page after the first. */
    pageError: data ? query.error : null,
    more,
  }
}
