import type {
  EventName,
  EventPayload,
  OperationInput,
  OperationName,
  OperationOutput,
  SageBridge,
} from '@shared/contract'
import type { AppErrorData } from '@shared/errors/app-error'
import { contextBridge, ipcRenderer, webUtils } from 'electron'

// The sandboxed preload is one file: it takes types from shared, never code. The names are those of src/main/gate.ts.
const CALL = 'sage:call'
const CANCEL = 'sage:cancel'
const EVENT = 'sage:event'
const GRANT = 'files.grant'

type Reply = { ok: true; output: unknown } | { ok: false; error: AppErrorData }
type Listener = (payload: unknown) => void

const listeners = new Map<string, Set<Listener>>()
/** The engine's state is told when it changes; whoever listens later gets the last one at once. */
let engineState: unknown

ipcRenderer.on(EVENT, (_event, message: { topic: string; payload: unknown }) => {
  if (message.topic === 'engine.state') engineState = message.payload
  for (const listener of listeners.get(message.topic) ?? []) listener(message.payload)
})

const invalid = (message: string): AppErrorData => ({
  code: 'INPUT_INVALID',
  kind: 'input',
  message,
  retryable: false,
})

/** Rejections are plain AppErrorData: an Error loses its fields on the way through the bridge. */
async function invoke(op: string, input: unknown, key?: string): Promise<unknown> {
  let reply: Reply
  try {
    reply = await ipcRenderer.invoke(CALL, key === undefined ? { op, input } : { op, input, key })
  } catch (error) {
    throw invalid(`La petición no se pudo enviar: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (reply.ok) return reply.output
  throw reply.error
}

/** Electron before 32 put the path on the File; later ones ask webUtils. A File made by a script has none in both. */
function pathOf(file: File): string {
  const utils: typeof webUtils | undefined = webUtils
  if (utils !== undefined) return utils.getPathForFile(file)
  const path: unknown = Reflect.get(file, 'path')
  return typeof path === 'string' ? path : ''
}

const bridge: SageBridge = {
  call: <N extends OperationName>(op: N, input: OperationInput<N>, key?: string) => {
    // A page may not name a path as if it were a dropped file.
    if (String(op) === GRANT) return Promise.reject(invalid(`No existe la operación «${GRANT}».`))
    // Main or the engine answered this operation, whose output is of this type.
    return invoke(op, input, key) as Promise<OperationOutput<N>>
  },
  cancel: (key) => ipcRenderer.send(CANCEL, key),
  on: <N extends EventName>(topic: N, listener: (payload: EventPayload<N>) => void) => {
    // Kept as unknown in the table of all topics; the contract's emitter sends this topic's payload.
    const kept: Listener = (payload) => listener(payload as EventPayload<N>)
    const all = listeners.get(topic) ?? new Set<Listener>()
    listeners.set(topic, all.add(kept))
    if (topic === 'engine.state' && engineState !== undefined) kept(engineState)
    return () => void all.delete(kept)
  },
  grantFile: async (file) => {
    const path = file instanceof File ? pathOf(file) : ''
    if (path === '') throw invalid('Solo se puede conceder un archivo elegido o arrastrado en la ventana.')
    return (await invoke(GRANT, { path })) as { token: string; name: string; bytes: number }
  },
}

contextBridge.exposeInMainWorld('sage', bridge)
