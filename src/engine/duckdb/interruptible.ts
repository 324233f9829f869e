import type { DuckDBConnection } from '@duckdb/node-api'

const AGAIN_MS = 20

/**
 * Runs `work` on a connection; aborting `signal` interrupts it. It is said again until the work ends: DuckDB forgets an interruption that
 * comes between two statements, or before the one just sent has started.
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    connection.interrupt()
    timer = setInterval(() => connection.interrupt(), AGAIN_MS)
  }
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) onAbort()
  try {
    return await work()
  } finally {
    signal?.removeEventListener('abort', onAbort)
    clearInterval(timer)
  }
}
