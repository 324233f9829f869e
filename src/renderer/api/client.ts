import type { OperationInput, OperationName, OperationOutput, SageBridge } from '@shared/contract'
import type { AppErrorData } from '@shared/errors/app-error'

/** What a failed call throws here: the error's data, as words and a code. */
export class CallError extends Error {
  constructor(readonly data: AppErrorData) {
    super(data.message)
    this.name = 'CallError'
  }
}

const isErrorData = (value: unknown): value is AppErrorData =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'kind' in value

/** Any rejection as a CallError: the bridge rejects with AppErrorData, anything else is a bug of ours. */
export function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error
  if (isErrorData(error)) return new CallError(error)
  const message = error instanceof Error ? error.message : String(error)
  return new CallError({ code: 'INTERNAL', kind: 'bug', message, retryable: false })
}

export function bridge(): SageBridge {
  if (window.sage) return window.sage
  throw new CallError({
    code: 'NO_BRIDGE',
    kind: 'config',
    message: 'Esta página se abre desde SAGE Desktop, no desde un navegador.',
    retryable: false,
  })
}

let calls = 0

/** Calls an operation; aborting the signal cancels it on the other side too. */
export async function call<N extends OperationName>(
  op: N,
  input: OperationInput<N>,
  signal?: AbortSignal,
): Promise<OperationOutput<N>> {
  try {
    const door = bridge()
    if (!signal) return await door.call(op, input)
    calls += 1
    const key = `c${calls}`
    const cancel = () => door.cancel(key)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await door.call(op, input, key)
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  } catch (error) {
    throw toCallError(error)
  }
}
