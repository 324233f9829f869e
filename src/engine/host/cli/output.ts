import { redactError } from '@engine/security/redact'
import { AppError } from '@shared/errors/app-error'

export const EXIT = { ok: 0, dataErrors: 1, couldNotRun: 2 } as const

/** Writes what went wrong to stderr, as one readable paragraph or as JSON, and gives the exit code. */
export function fail(error: unknown, json: boolean): number {
  const failure = redactError(AppError.from(error).toData())
  if (json) {
    process.stderr.write(`${JSON.stringify({ error: failure })}\n`)
  } else {
    const hint = failure.hint ? ` ${failure.hint}` : ''
    process.stderr.write(`Error: ${failure.message}${hint} [${failure.code}]\n`)
  }
  return EXIT.couldNotRun
}

/** stdout is awaited: a pipe cut short would lose the end of a long object. */
export const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
