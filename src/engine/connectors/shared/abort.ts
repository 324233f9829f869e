import { cancelled } from './errors'

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled()
}

/** The work, or CANCELLED as soon as the signal says so: for work that can't be stopped, or stops late. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  let listener: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    listener = () => reject(cancelled())
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
  })
  // Whichever comes second must not be an unhandled rejection.
  work.catch(() => undefined)
  aborted.catch(() => undefined)
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (listener) signal.removeEventListener('abort', listener)
  }
}

/** Waits, or throws CANCELLED. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<void>((done) => {
    timer = setTimeout(done, ms)
  })
  try {
    await abortable(waited, signal)
  } finally {
    clearTimeout(timer)
  }
}
