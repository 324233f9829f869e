import type { EventName, EventPayload } from './events'
import type { OperationInput, OperationName, OperationOutput, OperationParams } from './operations'

export * from './events'
export * from './messages'
export * from './operation'
export * from './operations'

export interface CallContext {
  /** Aborted when the caller cancels or its deadline passes. */
  signal: AbortSignal
}

/** Operations that Electron main answers; all others are the engine's. */
export const MAIN_OPERATIONS = [
  'dialog.chooseFile',
  'dialog.chooseFolder',
  'app.preferences.get',
  'app.preferences.set',
  'files.readText',
  'shell.openArtifact',
  'shell.showExport',
  'app.info',
  'clipboard.write',
  'engine.restart',
] as const
export type MainOperationName = (typeof MAIN_OPERATIONS)[number]
export type EngineOperationName = Exclude<OperationName, MainOperationName>

type Handler<N extends OperationName> = (
  input: OperationParams<N>,
  context: CallContext,
) => Promise<OperationOutput<N>> | OperationOutput<N>

/** A missing handler does not compile. */
export type EngineHandlers = { [N in EngineOperationName]: Handler<N> }
export type MainHandlers = { [N in MainOperationName]: Handler<N> }

export type Emit = <N extends EventName>(topic: N, payload: EventPayload<N>) => void

/** What the preload gives to the renderer as `window.sage`. */
export interface SageBridge {
  /** Rejects with AppErrorData. Pass `key` to be able to cancel the call. */
  call<N extends OperationName>(op: N, input: OperationInput<N>, key?: string): Promise<OperationOutput<N>>
  cancel(key: string): void
  /** Returns the function that stops listening. */
  on<N extends EventName>(topic: N, listener: (payload: EventPayload<N>) => void): () => void
  /** A grant for a File the person dropped or picked; only a genuine File has a path. */
  grantFile(file: unknown): Promise<{ token: string; name: string; bytes: number }>
}
