import type { ToEngine } from '@shared/contract'

/** A started engine, whatever hosts it. */
export interface EngineProcess {
  readonly pid: number | undefined
  post(message: ToEngine): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when the process is gone. */
  onExit(listener: (how: string) => void): void
  kill(): void
}

/** What an engine needs to start. `log` receives what it prints. */
export interface EngineStart {
  entry: string
  args: string[]
  env: NodeJS.ProcessEnv
  log: (chunk: string) => void
}

export type LaunchEngine = (start: EngineStart) => EngineProcess

/** Electron's own switch would turn the child into plain Node of the wrong version. */
export function engineEnv(env: NodeJS.ProcessEnv, extra: Record<string, string>): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _runAsNode, NODE_OPTIONS: _options, ...rest } = env
  return { ...rest, ...extra }
}
