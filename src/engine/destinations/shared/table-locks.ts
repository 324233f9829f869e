import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'

/** Who waits or holds each key, in order of arrival; the first one holds it. */
const queues = new Map<string, symbol[]>()
const wakers = new Map<symbol, () => void>()

const holds = (keys: readonly string[], owner: symbol): boolean =>
  keys.every((key) => queues.get(key)?.[0] === owner)

function leave(keys: readonly string[], owner: symbol): void {
  for (const key of keys) {
    const left = (queues.get(key) ?? []).filter((one) => one !== owner)
    if (left.length === 0) queues.delete(key)
    else queues.set(key, left)
    const next = left[0]
    if (next) wakers.get(next)?.()
  }
}

/**
 * Locks of tables between the loads of this process, for databases that have none and that no other process writes to meanwhile. All keys
 * are asked for at once and served in order of arrival, so two loads never wait for each other. Gives what lets them go.
 * @throws AppError TABLA_OCUPADA (transient) after `waitMs`; CANCELLED when `signal` aborts first
 */
export async function lockTables(
  keys: readonly string[],
  waitMs: number,
  signal?: AbortSignal,
): Promise<() => void> {
  const owner = Symbol('load')
  for (const key of keys) queues.set(key, [...(queues.get(key) ?? []), owner])
  try {
    await granted(keys, owner, waitMs, signal)
  } catch (error) {
    leave(keys, owner)
    throw error
  } finally {
    wakers.delete(owner)
  }
  return () => leave(keys, owner)
}

function granted(
  keys: readonly string[],
  owner: symbol,
  waitMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((done, fail) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      finish()
    }
    const onAbort = (): void => settle(() => fail(cancelled()))
    const wake = (): void => {
      if (holds(keys, owner)) settle(done)
    }
    const timer = setTimeout(() => settle(() => fail(tableBusy())), waitMs)
    signal?.addEventListener('abort', onAbort)
    wakers.set(owner, wake)
    if (signal?.aborted) onAbort()
    else wake()
  })
}

export const tableBusy = (cause?: unknown): AppError =>
  new AppError('TABLA_OCUPADA', {
    kind: 'transient',
    message: 'Otra carga está escribiendo en la misma tabla.',
    hint: 'Se reintenta sola; si dura, revisar qué programa tiene la tabla bloqueada.',
    cause,
  })
