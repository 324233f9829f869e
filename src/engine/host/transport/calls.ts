import { rememberSecret } from '@engine/security/redact'
import {
  type CallContext,
  type EngineHandlers,
  type EngineOperationName,
  type Operation,
  operations,
  type Role,
} from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { secretValues } from '@shared/model/secret-field'
import type { z } from 'zod'
import { refuseHostileInput } from './hostile-input'

const RANK: Record<Role, number> = { view: 0, operate: 1, admin: 2 }

type LooseHandler = (input: unknown, context: CallContext) => unknown

/** Own keys only: `constructor` or `__proto__` as an operation's name finds nothing. */
const isEngineOperation = (name: string): name is EngineOperationName =>
  Object.hasOwn(operations, name) && operations[name as keyof typeof operations].owner === 'engine'

const issueText = (issue: z.core.$ZodIssue): string =>
  `${issue.path.map(String).join('.') || 'entrada'}: ${issue.message}`

function parseInput(name: string, operation: Operation, input: unknown): unknown {
  refuseHostileInput(input)
  // Before anything can fail with it: whatever is said of this call from here on masks what was typed in its secret fields.
  for (const value of secretValues(operation.input, input)) rememberSecret(value)
  const parsed = operation.input.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 10).map(issueText)
  throw new AppError('INPUT_INVALID', {
    kind: 'input',
    message: `La petición ${name} no es válida: ${issues.join('; ')}`,
    details: { issues },
  })
}

export interface CallOptions {
  /** What this caller may do; an operation that asks for more is refused. */
  role: Role
  /** Development and tests: an output outside of its schema is a bug of ours, better found here than in the console. */
  checkOutput: boolean
}

/**
 * Runs one operation for a caller that is not trusted: name, role and input are checked, then the handler runs until it answers,
 * the caller cancels or the deadline passes. A handler that ignores its signal does not hold the caller back.
 * @throws AppError UNKNOWN_OPERATION, FORBIDDEN, INPUT_INVALID, CANCELLED, DEADLINE_EXCEEDED, OUTPUT_INVALID or the handler's own
 */
export async function runCall(
  handlers: EngineHandlers,
  name: string,
  input: unknown,
  abort: AbortController,
  options: CallOptions,
): Promise<unknown> {
  if (!isEngineOperation(name)) {
    throw new AppError('UNKNOWN_OPERATION', {
      kind: 'input',
      message: `El motor no conoce la operación «${name.slice(0, 80)}».`,
    })
  }
  const operation: Operation = operations[name]
  if (RANK[operation.role] > RANK[options.role]) {
    throw new AppError('FORBIDDEN', {
      kind: 'auth',
      message: `La operación ${name} pide el permiso «${operation.role}».`,
    })
  }
  const params = parseInput(name, operation, input)
  // The input was parsed by this very operation's schema, which is what the handler's type says.
  const handler = handlers[name] as LooseHandler
  const output = await untilAborted(abort, operation.deadlineMs, name, () =>
    handler(params, { signal: abort.signal }),
  )
  if (!options.checkOutput) return output
  const checked = operation.output.safeParse(output)
  if (checked.success) return output
  throw new AppError('OUTPUT_INVALID', {
    kind: 'bug',
    message: `La respuesta de ${name} no cumple su contrato: ${checked.error.issues.slice(0, 10).map(issueText).join('; ')}`,
  })
}

async function untilAborted(
  abort: AbortController,
  deadlineMs: number,
  name: string,
  work: () => unknown,
): Promise<unknown> {
  const { signal } = abort
  let stop: () => void = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof AppError ? signal.reason : cancelled(name))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  const timer = setTimeout(() => abort.abort(deadlineExceeded(name, deadlineMs)), deadlineMs)
  timer.unref()
  try {
    return await Promise.race([aborted, Promise.resolve().then(work)])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

export const cancelled = (name: string): AppError =>
  new AppError('CANCELLED', { kind: 'cancelled', message: `Se canceló ${name}.` })

const deadlineExceeded = (name: string, ms: number): AppError =>
  new AppError('DEADLINE_EXCEEDED', {
    kind: 'transient',
    message: `${name} no terminó en ${Math.round(ms / 1000)} segundos.`,
    hint: 'Intentarlo de nuevo; si se repite, revisar el registro del motor.',
  })
