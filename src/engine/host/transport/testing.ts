import { type EngineHandlers, type EngineOperationName, operations } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'

type Loose = { [N in EngineOperationName]?: EngineHandlers[N] }

/** A full table of handlers for tests of the transport: what a test does not name answers NOT_IN_THIS_TEST. */
export function handlersWith(some: Loose): EngineHandlers {
  const names = Object.keys(operations)
  const absent = names.map((name) => [
    name,
    () => {
      throw new AppError('NOT_IN_THIS_TEST', { kind: 'unsupported', message: name })
    },
  ])
  // Every name of the contract is in the table, which the type can not see from fromEntries.
  return { ...Object.fromEntries(absent), ...some } as EngineHandlers
}
