export interface Throttled<T> {
  add(values: readonly T[]): void
  stop(): void
}

/** Hands over what was added: at once, and then at most every so often, the last of it always. */
export function throttled<T>(everyMs: number, run: (values: ReadonlySet<T>) => void): Throttled<T> {
  let waiting = new Set<T>()
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = () => {
    const values = waiting
    waiting = new Set()
    timer = values.size > 0 ? setTimeout(flush, everyMs) : null
    if (values.size > 0) run(values)
  }
  return {
    add(values) {
      for (const value of values) waiting.add(value)
      if (timer === null) flush()
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      waiting = new Set()
    },
  }
}
