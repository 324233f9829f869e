export type Ending = 'cancelled' | 'shutdown'

export interface Work {
  /** Id of the execution it is about: what cancels it. */
  id: string
  /** Must not throw: what it ends like is its own to tell. The signal's reason is an `Ending`. */
  run(signal: AbortSignal): Promise<void>
}

/** Where work comes from besides what is added: files that wait in the store. */
export interface WorkSource {
  /** Casillas that may have something to do now. */
  lanes(): readonly number[]
  /** The next of a casilla; null when there is none. */
  take(lane: number): Work | null
}

export interface WorkQueue {
  /** A person's own execution: first in its casilla. */
  add(lane: number, work: Work): void
  attach(source: WorkSource): void
  /** Starts what fits now; to be called after the limit grew or a source has more. */
  pump(): void
  /** `waiting`: taken out of the queue. `running`: its signal was aborted; it ends soon. `absent`: nothing to do. */
  cancel(id: string): 'waiting' | 'running' | 'absent'
  readonly running: number
  /** Aborts what runs, drops what waits, and resolves when nothing runs. */
  stop(): Promise<void>
}

/** Five points of priority are twice the turns. */
const strideOf = (priority: number): number => 2 ** (-priority / 5)

/**
 * One queue for all casillas, at most `limit()` at once. Each casilla is a lane and lanes take turns (stride scheduling), so that a
 * burst in one never holds up the others; a higher priority gets proportionally more turns, never all of them. In a lane: first come,
 * first served.
 */
export function createQueue(limit: () => number, priorityOf: (lane: number) => number): WorkQueue {
  const waiting: { lane: number; work: Work }[] = []
  const sources: WorkSource[] = []
  const running = new Map<string, { abort: AbortController; done: Promise<void> }>()
  /** How far each lane has gone; the one that went least is next. One that was idle starts where the others are. */
  const passes = new Map<number, number>()
  let reached = 0
  let stopped = false

  const takeFrom = (lane: number): Work | null => {
    const index = waiting.findIndex((one) => one.lane === lane)
    if (index >= 0) return waiting.splice(index, 1)[0]?.work ?? null
    for (const source of sources) {
      const work = source.take(lane)
      if (work) return work
    }
    return null
  }

  const takeNext = (): Work | null => {
    const lanes = new Set([
      ...waiting.map(({ lane }) => lane),
      ...sources.flatMap((source) => source.lanes()),
    ])
    const turns = [...lanes]
      .map((lane) => ({ lane, pass: Math.max(passes.get(lane) ?? 0, reached) }))
      .sort((a, b) => a.pass - b.pass || a.lane - b.lane)
    for (const { lane, pass } of turns) {
      const work = takeFrom(lane)
      if (!work) {
        passes.delete(lane)
        continue
      }
      reached = pass
      passes.set(lane, pass + strideOf(priorityOf(lane)))
      return work
    }
    return null
  }

  const pump = (): void => {
    while (!stopped && running.size < limit()) {
      const work = takeNext()
      if (!work) return
      const abort = new AbortController()
      const done = work.run(abort.signal).finally(() => {
        running.delete(work.id)
        pump()
      })
      running.set(work.id, { abort, done })
    }
  }

  return {
    add(lane, work) {
      waiting.push({ lane, work })
      pump()
    },
    attach(source) {
      sources.push(source)
      pump()
    },
    pump,
    cancel(id) {
      const index = waiting.findIndex(({ work }) => work.id === id)
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
