import { expect, it } from 'vitest'
import { createQueue } from './execution-queue'

function jobs() {
  const started: string[] = []
  const finish = new Map<string, () => void>()
  const reasons: unknown[] = []
  const job = (id: string, signal: AbortSignal): Promise<void> => {
    started.push(id)
    return new Promise((done) => {
      finish.set(id, done)
      signal.addEventListener('abort', () => {
        reasons.push([id, signal.reason])
        done()
      })
    })
  }
  return { job, started, finish, reasons }
}

it('runs in order, no more than the limit, which may grow', async () => {
  let limit = 1
  const { job, started, finish } = jobs()
  const queue = createQueue(() => limit, job)
  for (const id of ['a', 'b', 'c', 'd']) queue.add(id)
  expect(started).toEqual(['a'])
  finish.get('a')?.()
  await new Promise(setImmediate)
  expect(started).toEqual(['a', 'b'])
  limit = 2
  queue.pump()
  expect(started).toEqual(['a', 'b', 'c'])
  expect(queue.running).toBe(2)
})

it('cancels what waits, what runs, and neither of the others', async () => {
  const { job, started, reasons } = jobs()
  const queue = createQueue(() => 1, job)
  for (const id of ['a', 'b', 'c']) queue.add(id)
  expect(queue.cancel('b')).toBe('waiting')
  expect(queue.cancel('a')).toBe('running')
  expect(queue.cancel('z')).toBe('absent')
  await new Promise(setImmediate)
  expect(started).toEqual(['a', 'c'])
  expect(reasons).toEqual([['a', 'cancelled']])
})

it('stops: what runs is told, what waits never starts', async () => {
  const { job, started, reasons } = jobs()
  const queue = createQueue(() => 1, job)
  queue.add('a')
  queue.add('b')
  await queue.stop()
  expect(started).toEqual(['a'])
  expect(reasons).toEqual([['a', 'shutdown']])
  expect(queue.running).toBe(0)
})
