import type { Connector } from '@engine/connectors'

/** Opens a provider by its number. @throws AppError when there is none, or its credential can't be had */
export type OpenProveedor = (id: number) => Promise<Connector>

/** One connection of each provider for all the casillas that watch it, opened when it is first asked for. */
export class ProviderPool {
  private readonly open = new Map<number, Promise<Connector>>()

  constructor(private readonly openProveedor: OpenProveedor) {}

  get(id: number): Promise<Connector> {
    const known = this.open.get(id)
    if (known) return known
    const opening = this.openProveedor(id)
    this.open.set(id, opening)
    // What failed to open is tried again by the next who asks.
    opening.catch(() => this.open.delete(id))
    return opening
  }

  /** It changed, or nobody watches it any more: the next who asks opens it anew. */
  async forget(id: number): Promise<void> {
    const opening = this.open.get(id)
    this.open.delete(id)
    await opening?.then((connector) => connector.close()).catch(() => undefined)
  }

  async keepOnly(used: (id: number) => boolean): Promise<void> {
    await Promise.all([...this.open.keys()].filter((id) => !used(id)).map((id) => this.forget(id)))
  }

  close(): Promise<void> {
    return this.keepOnly(() => false)
  }
}
