import { utilityProcess } from 'electron'
import type { LaunchEngine } from './engine-process'

/** The engine as a utilityProcess: Node inside of Electron's own executable, the way the packaged program runs it. */
export const launchUtility: LaunchEngine = ({ entry, args, env, log }) => {
  const child = utilityProcess.fork(entry, args, { env, stdio: 'pipe', serviceName: 'SAGE motor' })
  child.stdout?.on('data', (chunk: Buffer) => log(chunk.toString('utf8')))
  child.stderr?.on('data', (chunk: Buffer) => log(chunk.toString('utf8')))
  return {
    get pid() {
      return child.pid
    },
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(`código ${code}`)),
    kill: () => void child.kill(),
  }
}
