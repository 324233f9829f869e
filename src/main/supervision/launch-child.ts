import { fork } from 'node:child_process'
import type { EngineProcess, LaunchEngine } from './engine-process'

/**
 * The engine as a plain child of the Node at `execPath` (SAGE_ENGINE_NODE). `advanced` serialization carries what structured
 * clone carries, so both hosts pass the same values.
 */
export const launchChild =
  (execPath: string): LaunchEngine =>
  ({ entry, args, env, log }): EngineProcess => {
    const child = fork(entry, args, {
      execPath,
      execArgv: ['--no-warnings'],
      env,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child.stdout?.setEncoding('utf8').on('data', log)
    child.stderr?.setEncoding('utf8').on('data', log)
    return {
      pid: child.pid,
      post: (message) => {
        // The callback keeps a broken pipe from being thrown: the exit event follows and rejects what waits.
        if (child.connected) child.send(message, () => {})
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        let told = false
        const once = (how: string): void => {
          if (told) return
          told = true
          listener(how)
        }
        child.once('exit', (code, signal) => once(signal === null ? `código ${code}` : `señal ${signal}`))
        // A program that cannot be started has no exit event.
        child.once('error', (error) => {
          if (child.pid === undefined) once(error.message)
        })
      },
      kill: () => void child.kill('SIGKILL'),
    }
  }
