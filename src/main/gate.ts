import { type EventName, type OperationName, operations } from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import { z } from 'zod'
import { isAppUrl } from './app-url'

/** The three channels between console and main. The preload knows the same names. */
export const CHANNELS = { call: 'sage:call', cancel: 'sage:cancel', event: 'sage:event' } as const

/** Asked by the preload alone, with the path of a genuine File: not an operation of the contract. */
export const GRANT_OPERATION = 'files.grant'

const callSchema = z.strictObject({
  op: z.string().max(64),
  input: z.unknown(),
  key: z.string().max(100).optional(),
})
const grantSchema = z.strictObject({ path: z.string().min(1).max(4096) })
const cancelSchema = z.string().max(100)

/** Operations that name a file or a folder of the person's, and where in their input. */
export const GRANTED: Partial<Record<OperationName, string>> = {
  'executions.start': 'source',
  'casillas.create': 'carpeta',
  'casillas.update': 'carpeta',
  'destinos.create': 'lugar',
  'destinos.update': 'lugar',
  'destinos.probar': 'lugar',
  'proveedores.create': 'lugar',
  'proveedores.update': 'lugar',
  'proveedores.probar': 'lugar',
  'proveedores.subir': 'lugar',
  'proveedores.descargar': 'lugar',
  'muestras.inferir': 'archivo',
  'muestras.probar': 'archivo',
}

export type Reply = { ok: true; output: unknown } | { ok: false; error: AppErrorData }

/** The part of Electron's IPC event that says who is asking. `senderFrame` is null once the frame is gone. */
export interface SenderEvent {
  sender: { id: number }
  senderFrame: { url: string; parent: unknown } | null
}

export interface GateOptions {
  /** Answers of main: `dialog.chooseFile`, `app.info`... */
  main: (op: OperationName, input: unknown) => Promise<unknown>
  engine: (op: OperationName, input: unknown, signal: AbortSignal) => Promise<unknown>
  grant: (path: string) => Promise<unknown>
  pathOf: (token: string) => string
  isConsole: (senderId: number) => boolean
  devServer: string | null
  note: (line: string) => void
}

/**
 * Everything the renderer can ask passes here. It answers the main frame of the console's own window at the console's own origin
 * and nobody else; it never lets a path from the renderer reach the engine.
 */
export class Gate {
  private readonly running = new Map<string, AbortController>()

  constructor(private readonly options: GateOptions) {}

  async call(event: SenderEvent, request: unknown): Promise<Reply> {
    try {
      this.checkSender(event)
      const parsed = callSchema.safeParse(request)
      if (!parsed.success) throw malformed()
      const { op, input, key } = parsed.data
      return {
        ok: true,
        output: await this.cancellable(event.sender.id, key, (signal) => this.answer(op, input, signal)),
      }
    } catch (error) {
      return { ok: false, error: AppError.from(error).toData() }
    }
  }

  cancel(event: SenderEvent, request: unknown): void {
    try {
      this.checkSender(event)
    } catch {
      return
    }
    const key = cancelSchema.safeParse(request)
    if (key.success) this.running.get(`${event.sender.id} ${key.data}`)?.abort()
  }

  /** The page went away (reload, close): nobody waits for its calls. */
  forget(senderId: number): void {
    for (const [key, abort] of this.running) if (key.startsWith(`${senderId} `)) abort.abort()
  }

  private checkSender({ sender, senderFrame }: SenderEvent): void {
    const { isConsole, devServer, note } = this.options
    const trusted =
      senderFrame !== null &&
      senderFrame.parent === null &&
      isConsole(sender.id) &&
      isAppUrl(senderFrame.url, devServer)
    if (trusted) return
    note(`seguridad: llamada de ${senderFrame?.url.slice(0, 200) ?? 'un marco cerrado'} denegada`)
    throw new AppError('FORBIDDEN', { kind: 'auth', message: 'Esta página no puede hablar con SAGE.' })
  }

  private async answer(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    if (name === GRANT_OPERATION) {
      const grant = grantSchema.safeParse(input)
      if (!grant.success) throw malformed()
      return this.options.grant(grant.data.path)
    }
    if (!isOperation(name)) {
      throw new AppError('UNKNOWN_OPERATION', { kind: 'input', message: `No existe la operación «${name}».` })
    }
    if (operations[name].owner === 'main') return this.options.main(name, input)
    return this.options.engine(name, this.forEngine(name, input), signal)
  }

  /** What the engine opens is named by a grant, which becomes its path here; a path of the renderer's own is refused. */
  private forEngine(op: OperationName, input: unknown): unknown {
    if (op === 'executions.artifactPath') throw forbidden(op)
    const field = GRANTED[op]
    if (field === undefined) return input
    const parsed = operations[op].input.safeParse(input)
    if (!parsed.success) throw malformed(parsed.error.issues[0]?.message)
    const given = z.record(z.string(), z.unknown()).parse(parsed.data)
    const source = z.looseObject({}).safeParse(given[field])
    if (!source.success) return given
    if ('path' in source.data) throw forbidden(op)
    const token = z.object({ token: z.string() }).safeParse(source.data)
    return token.success ? { ...given, [field]: { path: this.options.pathOf(token.data.token) } } : given
  }

  private async cancellable(
    senderId: number,
    key: string | undefined,
    work: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<unknown> {
    const abort = new AbortController()
    // A call without a key can't be cancelled by name, but it ends with its page all the same.
    const id = `${senderId} ${key ?? `#${Math.random()}`}`
    if (this.running.has(id)) {
      throw new AppError('KEY_IN_USE', {
        kind: 'conflict',
        message: 'Ya hay una llamada en curso con esa clave.',
      })
    }
    this.running.set(id, abort)
    try {
      return await work(abort.signal)
    } finally {
      this.running.delete(id)
    }
  }
}

const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name)

const malformed = (why?: string): AppError =>
  new AppError('INPUT_INVALID', {
    kind: 'input',
    message: `La petición no es válida${why === undefined ? '' : `: ${why}`}.`,
  })

const forbidden = (op: string): AppError =>
  new AppError('FORBIDDEN', { kind: 'auth', message: `La consola no puede pedir ${op} de esa forma.` })

/** What travels on the event channel. */
export interface EventMessage {
  topic: EventName
  payload: unknown
}
