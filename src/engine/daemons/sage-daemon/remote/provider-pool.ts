import type { Connector } from '@engine/connectors'

/** Opens a provider by its number. @throws AppError when there is none, or its credential can't be had */
export type OpenProveedor = (id: number) => Promise<Connector>

interface Held {
  version: string | null
  opening: Promise<Connector>
}

/** One connection of each provider for all the casillas that watch it, opened when it is first asked for and anew when it has changed. */
export class ProviderPool {
  private readonly held = new Map<number, Held>()

  constructor(
    private readonly open: OpenProveedor,
    /** Another one when its configuration has changed. */
    private readonly versionOf: (id: number) => string | null,
  ) {}

  get(id: number): Promise<Connector> {
    const version = this.versionOf(id)
    const known = this.held.get(id)
    if (known && known.version === version) return known.opening
    if (known) void this.forget(id)
    const opening = this.open(id)
    const held = { version, opening }
    this.held.set(id, held)
    // What failed to open is tried again by the next who asks.
    opening.catch(() => {
      if (this.held.get(id) === held) this.held.delete(id)
    })
    return opening
  }

  /** What goes on over those that are closed fails in passing, and is tried again. */
  async keepOnly(used: (id: number) => boolean): Promise<void> {
    await Promise.all([...this.held.keys()].filter((id) => !used(id)).map((id) => this.forget(id)))
  }

  close(): Promise<void> {
    return this.keepOnly(() => false)
  }

  private async forget(id: number): Promise<void> {
    const held = this.held.get(id)
    this.held.delete(id)
    await held?.opening.then((connector) => connector.close()).catch(() => undefined)
  }
}
