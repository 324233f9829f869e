export type Ending = 'cancelled' | 'shutdown'

export interface ExecutionQueue {
  add(id: string): void
  /** Starts what fits now; to be called after the limit grew. */
  pump(): void
  /** `waiting`: taken out of the queue. `running`: its signal was aborted; it ends soon. `absent`: nothing to do. */
  cancel(id: string): 'waiting' | 'running' | 'absent'
  readonly running: number
  /** Aborts what runs, drops what waits, and resolves when nothing runs. */
  stop(): Promise<void>
}

/**
 * Runs jobs in the order they came, at most `limit()` at once. `job` must not throw: what an execution ends like is its own to tell.
 * The signal's reason says whether a person cancelled it or the engine is closing.
 */
export function createQueue(
  limit: () => number,
  job: (id: string, signal: AbortSignal) => Promise<void>,
): ExecutionQueue {
  const waiting: string[] = []
  const running = new Map<string, { abort: AbortController; done: Promise<void> }>()
  let stopped = false

  const pump = (): void => {
    while (!stopped && running.size < limit()) {
      const id = waiting.shift()
      if (id === undefined) return
      const abort = new AbortController()
      const done = job(id, abort.signal).finally(() => {
        running.delete(id)
        pump()
      })
      running.set(id, { abort, done })
    }
  }

  return {
    add(id) {
      waiting.push(id)
      pump()
    },
    pump,
    cancel(id) {
      const index = waiting.indexOf(id)
      if (index >= 0) {
        waiting.splice(index, 1)
        return 'waiting'
      }
      const current = running.get(id)
      if (!current) return 'absent'
      current.abort.abort('cancelled' satisfies Ending)
      return 'running'
    },
    get running() {
      return running.size
    },
    async stop() {
      stopped = true
      waiting.length = 0
      for (const { abort } of running.values()) abort.abort('shutdown' satisfies Ending)
      await Promise.allSettled([...running.values()].map(({ done }) => done))
    },
  }
}
