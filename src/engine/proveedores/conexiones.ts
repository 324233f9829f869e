import { type Connector, openConnector } from '@engine/connectors'
import type { Secretos } from '@engine/secrets'
import type { RedProveedor } from '@shared/model/proveedor'

/** A person who explores asks again soon; then the server is let go of. */
const IDLE_MS = 60_000

export interface Conexion {
  tipo: string
  config: Record<string, unknown>
  red: RedProveedor
  secretoId: number | null
}

interface Held {
  opening: Promise<Connector>
  users: number
  idle: NodeJS.Timeout | null
}

/** The address of the proxy with who goes through it. */
function proxyOf(red: RedProveedor, password: string | undefined): string | undefined {
  if (red.proxy === null) return undefined
  const url = new URL(red.proxy)
  if (red.proxyUsuario !== null) url.username = red.proxyUsuario
  if (password !== undefined) url.password = password
  return url.href
}

/** Connectors of saved providers, shared by what is asked of one at the same time, closed after a while. */
export class Conexiones {
  private readonly held = new Map<number, Held>()

  constructor(private readonly secretos: Pick<Secretos, 'reveal'>) {}

  /**
   * One of its own; whoever asks closes it. `valores` go before those of the secret: they were typed and are not saved yet.
   * @throws AppError those of `Secretos.reveal` and `openConnector`
   */
  async open(
    { tipo, config, red, secretoId }: Conexion,
    valores: Readonly<Record<string, string>> = {},
  ): Promise<Connector> {
    const saved = secretoId === null ? {} : await this.secretos.reveal(secretoId)
    const { proxyPassword, ...secrets } = { ...saved, ...valores }
    return openConnector({
      kind: tipo,
      config,
      secrets,
      context: {
        proxy: proxyOf(red, proxyPassword),
        ca: red.ca ?? undefined,
        minTls: red.tlsMinimo === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
      },
      policy: { bytesPerSecond: red.bytesPorSegundo, concurrency: red.concurrencia },
    })
  }

  /** Works over the shared one of a saved provider. @throws AppError as `open`, and those of the work */
  async use<T>(id: number, conexion: Conexion, work: (connector: Connector) => Promise<T>): Promise<T> {
    const held = this.held.get(id) ?? { opening: this.open(conexion), users: 0, idle: null }
    this.held.set(id, held)
    if (held.idle) clearTimeout(held.idle)
    held.idle = null
    held.users++
    try {
      return await work(await held.opening)
    } finally {
      held.users--
      await this.rest(id, held)
    }
  }

  private async rest(id: number, held: Held): Promise<void> {
    if (held.users > 0) return
    // Dropped meanwhile: nobody else will close it. One that did not open is not kept for the next.
    const failed = await held.opening.then(
      () => false,
      () => true,
    )
    if (failed && this.held.get(id) === held) this.held.delete(id)
    if (this.held.get(id) !== held) return closeHeld(held)
    held.idle = setTimeout(() => this.drop(id), IDLE_MS)
    held.idle.unref()
  }

  /** After a change: the next to ask connects anew, and who is at work goes on to the end. */
  drop(id: number): void {
    const held = this.held.get(id)
    this.held.delete(id)
    if (held?.idle) clearTimeout(held.idle)
    if (held && held.users === 0) void closeHeld(held)
  }

  /** A credential changed: which ones had it is not worth knowing. */
  dropAll(): void {
    for (const id of [...this.held.keys()]) this.drop(id)
  }

  async close(): Promise<void> {
    const all = [...this.held.values()]
    this.held.clear()
    for (const { idle } of all) if (idle) clearTimeout(idle)
    await Promise.all(all.map(closeHeld))
  }
}

async function closeHeld({ opening }: Held): Promise<void> {
  const connector = await opening.catch(() => null)
  await connector?.close()
}
