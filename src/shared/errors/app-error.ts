import { z } from 'zod'

export const ERROR_KINDS = [
  'input',
  'config',
  'auth',
  'not-found',
  'conflict',
  'unsupported',
  'transient',
  'terminal',
  'cancelled',
  'bug',
] as const
export type ErrorKind = (typeof ERROR_KINDS)[number]

/** What crosses a process border when something fails: no stack, no secret. */
export const appErrorDataSchema = z.object({
  code: z.string(),
  kind: z.enum(ERROR_KINDS),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryable: z.boolean(),
})
export type AppErrorData = z.infer<typeof appErrorDataSchema>

export interface AppErrorInit {
  kind: ErrorKind
  message: string
  hint?: string
  details?: Record<string, unknown>
  retryable?: boolean
  cause?: unknown
}

/**
 * The one error type of the product. `code` is a stable upper-case id (`ZIP_BOMB`), `message` says what happened and where,
 * `hint` what to do next. Data problems are findings, never errors.
 */
export class AppError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly hint: string | undefined
  readonly details: Record<string, unknown> | undefined
  readonly retryable: boolean

  constructor(code: string, init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'AppError'
    this.code = code
    this.kind = init.kind
    this.hint = init.hint
    this.details = init.details
    this.retryable = init.retryable ?? init.kind === 'transient'
  }

  toData(): AppErrorData {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      hint: this.hint,
      details: this.details,
      retryable: this.retryable,
    }
  }

  static fromData(data: AppErrorData): AppError {
    return new AppError(data.code, data)
  }

  /** Any thrown value as an AppError; what is not one of ours is a bug of ours. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error
    const message = error instanceof Error ? error.message : String(error)
    return new AppError('INTERNAL', { kind: 'bug', message, cause: error })
  }
}

export const isCancelled = (error: unknown): boolean =>
  error instanceof AppError && error.kind === 'cancelled'
