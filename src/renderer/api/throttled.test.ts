import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { throttled } from './throttled'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('hands over the first at once, gathers what follows, and never loses the last', () => {
  const runs: string[][] = []
  const one = throttled<string>(300, (values) => runs.push([...values]))
  one.add(['a'])
  expect(runs).toEqual([['a']])
  one.add(['b'])
  one.add(['b', 'c'])
  expect(runs).toHaveLength(1)
  vi.advanceTimersByTime(300)
  expect(runs).toEqual([['a'], ['b', 'c']])
  vi.advanceTimersByTime(1000)
  one.add(['d'])
  expect(runs.at(-1)).toEqual(['d'])
})

it('hands over nothing once it is stopped', () => {
  const runs: string[][] = []
  const one = throttled<string>(300, (values) => runs.push([...values]))
  one.add(['a'])
  one.add(['b'])
  one.stop()
  vi.advanceTimersByTime(1000)
  expect(runs).toEqual([['a']])
})
