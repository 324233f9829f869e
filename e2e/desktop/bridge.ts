import type { Page } from '@playwright/test'
import type { SageBridge } from '../../src/shared/contract'
import type { AppErrorData } from '../../src/shared/errors/app-error'

declare global {
  interface Window {
    sage: SageBridge
  }
}

export type Outcome = { ok: true; output: unknown } | { ok: false; error: AppErrorData }

/** Calls through the window's own bridge, as any script of the page could: nothing is checked on the way. */
export const rawCall = (page: Page, op: string, input: unknown, key?: string): Promise<Outcome> =>
  page.evaluate(
    ([name, value, cancelKey]) => {
      const call = window.sage.call as (op: string, input: unknown, key?: string) => Promise<unknown>
      return call(name, value, cancelKey).then(
        (output) => ({ ok: true as const, output }),
        (error) => ({ ok: false as const, error }),
      )
    },
    [op, input, key] as const,
  )

export async function codeOf(outcome: Promise<Outcome>): Promise<string> {
  const known = await outcome
  return known.ok ? `answered ${JSON.stringify(known.output)}` : known.error.code
}
