import type { OperationOutput } from '@shared/contract'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type CallError, call, toCallError } from '../../api/client'
import type { GridSource } from '../../ui/grid/source'

type Page = OperationOutput<'sql.consultar'>
export type SqlRow = readonly (string | null)[]

/** What a statement gave, as far as it was brought. */
export interface Result {
  sql: string
  columnas: Page['columnas']
  filas: readonly SqlRow[]
  hayMas: boolean
  ms: number
}

const PAGE = 500
/** Rows from the end at which the next page is asked for. */
const AHEAD = 60

/** The rows that were brought, and one more that stands for those that are still to come. */
function useSource(result: Result | null, more: () => Promise<void>) {
  return useMemo<GridSource<SqlRow>>(() => {
    const rows = result?.filas ?? []
    return {
      total: rows.length + (result?.hayMas ? 1 : 0),
      rowAt: (index) => rows[index],
      show: (_from, to) => {
        if (to >= rows.length - AHEAD) void more()
      },
      range: async (from, to) => rows.slice(from, to + 1),
      loading: false,
      error: null,
      retry: () => undefined,
    }
  }, [result, more])
}

/** Runs one statement at a time; its rows come by pages as they come into view. */
export function useStatement() {
  const [result, setResult] = useState<Result | null>(null)
  const [running, setRunning] = useState<string | null>(null)
  const [error, setError] = useState<{ sql: string; error: CallError } | null>(null)
  const abort = useRef<AbortController | null>(null)
  const bringing = useRef(false)
  const cancel = useCallback(() => {
    abort.current?.abort()
    abort.current = null
    bringing.current = false
    setRunning(null)
  }, [])
  useEffect(() => cancel, [cancel])

  const ask = useCallback(async (sql: string, offset: number): Promise<Page | null> => {
    const control = abort.current ?? new AbortController()
    abort.current = control
    try {
      const page = await call('sql.consultar', { sql, limit: PAGE, offset }, control.signal)
      return control.signal.aborted ? null : page
    } catch (caught) {
      // Whoever cancelled it knows.
      if (!control.signal.aborted) setError({ sql, error: toCallError(caught) })
      return null
    }
  }, [])

  const run = useCallback(
    async (sql: string): Promise<boolean> => {
      cancel()
      setError(null)
      setRunning(sql)
      const page = await ask(sql, 0)
      if (page === null) {
        setRunning((before) => (before === sql ? null : before))
        return false
      }
      setResult({ sql, ...page })
      setRunning(null)
      return true
    },
    [ask, cancel],
  )

  const more = useCallback(async () => {
    if (!result?.hayMas || bringing.current) return
    bringing.current = true
    const page = await ask(result.sql, result.filas.length)
    bringing.current = false
    if (page === null) return
    setResult((before) =>
      before === result
        ? { ...before, filas: [...before.filas, ...page.filas], hayMas: page.hayMas }
        : before,
    )
  }, [ask, result])

  const source = useSource(result, more)

  return { result, running, error, run, cancel, source }
}
