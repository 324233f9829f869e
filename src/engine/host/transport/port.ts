import type { FromEngine } from '@shared/contract'

/** One channel to whoever started the engine. Both hosts speak the same messages over it. */
export interface EnginePort {
  host: 'utility' | 'child'
  post(message: FromEngine): void
  onMessage(listener: (message: unknown) => void): void
  /** The other side went away: nobody is left to work for. */
  onClose(listener: () => void): void
}

/** Electron's `process.parentPort` in a utilityProcess; @types/node does not know it and the engine never imports electron. */
interface UtilityParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

const isUtilityParentPort = (value: unknown): value is UtilityParentPort =>
  typeof value === 'object' &&
  value !== null &&
  'postMessage' in value &&
  typeof value.postMessage === 'function' &&
  'on' in value &&
  typeof value.on === 'function'

/**
 * The port of this process to its parent: `process.parentPort` in Electron's utilityProcess, `process.send` in a plain Node
 * child. Null when the process was started by a person (the terminal command).
 */
export function parentPort(): EnginePort | null {
  const utility: unknown = Reflect.get(process, 'parentPort')
  if (isUtilityParentPort(utility)) {
    return {
      host: 'utility',
      post: (message) => utility.postMessage(message),
      onMessage: (listener) => utility.on('message', (event) => listener(event.data)),
      // Chromium ends a utility process together with the browser process: there is no event to wait for.
      onClose: () => {},
    }
  }
  if (process.send === undefined) return null
  return {
    host: 'child',
    post: (message) => {
      // After a disconnect `send` throws or reports EPIPE: the close listener is already ending us.
      if (process.connected) process.send?.(message, undefined, undefined, () => {})
    },
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.on('disconnect', listener),
  }
}
