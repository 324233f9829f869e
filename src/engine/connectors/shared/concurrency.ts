import { abortable, throwIfAborted } from './abort'

/** So many at once; the others wait in order of arrival. */
export class Concurrency {
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(readonly max: number) {}

  /** A turn; give it back by calling what it resolves with (once is enough, more is harmless). @throws AppError CANCELLED */
  async enter(signal?: AbortSignal): Promise<() => void> {
    throwIfAborted(signal)
    if (this.running < this.max) this.running++
    else await this.queue(signal)
    let given = false
    return () => {
      if (given) return
      given = true
      this.leave()
    }
  }

  private async queue(signal: AbortSignal | undefined): Promise<void> {
    let mine: () => void = () => undefined
    const turn = new Promise<void>((resolve) => {
      mine = resolve
      this.waiting.push(resolve)
    })
    try {
      await abortable(turn, signal)
    } catch (error) {
      const at = this.waiting.indexOf(mine)
      // The turn came together with the cancellation: it goes to the next one.
      if (at === -1) this.leave()
      else this.waiting.splice(at, 1)
      throw error
    }
  }

  /** A turn passes from hand to hand: nobody who arrives in between can take it. */
  private leave(): void {
    const next = this.waiting.shift()
    if (next) next()
    else this.running--
  }
}
