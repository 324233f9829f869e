import { AppError } from '@shared/errors/app-error'
import { pause, throwIfAborted } from './abort'

export interface RetryPolicy {
  /** Tries in all; 1 is no second one. */
  attempts: number
  baseMs: number
  maxMs: number
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 200, maxMs: 10_000 }

/** Half of the wait is chance, so that many that failed together do not come back together. */
export function backoffMs(policy: RetryPolicy, failures: number, random: () => number = Math.random): number {
  const full = Math.min(policy.maxMs, policy.baseMs * 2 ** (failures - 1))
  return full / 2 + (full / 2) * random()
}

/** What the server asked for, never more than a minute. */
function askedFor(error: AppError): number {
  const asked = error.details?.retryAfterMs
  return typeof asked === 'number' ? Math.min(asked, 60_000) : 0
}

/**
 * Does the work again while it fails with something transient. `attempt` is 1 the first time.
 * @throws what the last try threw, or AppError CANCELLED
 */
export async function retrying<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal)
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt >= policy.attempts || !(error instanceof AppError) || !error.retryable) throw error
      await pause(Math.max(backoffMs(policy, attempt), askedFor(error)), signal)
    }
  }
}
