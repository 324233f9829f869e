import type { z } from 'zod'

/** What a caller must be allowed to do. `view` reads, `operate` runs executions, `admin` changes configuration. */
export type Role = 'view' | 'operate' | 'admin'

export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** Strict: an unknown key is refused. Parsed at run time where the operation is owned. */
  input: I
  output: O
  role: Role
  /** Safe to send again after ENGINE_LOST without changing the outcome. */
  idempotent: boolean
  /** How long the caller waits before DEADLINE_EXCEEDED, in milliseconds. */
  deadlineMs: number
  /** Which process answers: the engine, or Electron main (dialogs, shell, windows). */
  owner: 'engine' | 'main'
}

type Options = Partial<Pick<Operation, 'role' | 'idempotent' | 'deadlineMs' | 'owner'>>

const define =
  (defaults: Required<Options>) =>
  <I extends z.ZodType, O extends z.ZodType>(
    input: I,
    output: O,
    options: Options = {},
  ): Operation<I, O> => ({
    input,
    output,
    ...defaults,
    ...options,
  })

/** Reads: repeatable, quick. */
export const query = define({ role: 'view', idempotent: true, deadlineMs: 15_000, owner: 'engine' })
/** Changes something. */
export const command = define({ role: 'admin', idempotent: false, deadlineMs: 30_000, owner: 'engine' })
