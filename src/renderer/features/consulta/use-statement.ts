import type { OperationOutput } from '@shared/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type CallError, call, toCallError } from '../../api/client'
import { useGrowingSource } from '../../ui/grid/source'

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
const NO_ROWS: readonly SqlRow[] = []
/** How the statement itself fares is told beside the grid. */
const SETTLED = { loading: false, error: null, retry: () => undefined }

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

  const { filas = NO_ROWS, hayMas = false } = result ?? {}
  const source = useGrowingSource(filas, hayMas, more, SETTLED)

  return { result, running, error, run, cancel, source }
}
