import { expect, it } from 'vitest'
import { createQueue, type Work, type WorkSource } from './work-queue'

const flat = (): number => 0
const settled = (): Promise<void> => new Promise(setImmediate)

function jobs() {
  const started: string[] = []
  const finish = new Map<string, () => void>()
  const reasons: unknown[] = []
  const work = (id: string): Work => ({
    id,
    run(signal) {
      started.push(id)
      return new Promise((done) => {
        finish.set(id, done)
        signal.addEventListener('abort', () => {
          reasons.push([id, signal.reason])
          done()
        })
      })
    },
  })
  return { work, started, finish, reasons }
}

/** Work that ends at once, so many of each lane. */
function backlog(counts: Record<number, number>, started: string[]): WorkSource {
  const done: Record<number, number> = {}
  return {
    lanes: () => Object.keys(counts).map(Number),
    take(lane) {
      const n = (done[lane] ?? 0) + 1
      if (n > (counts[lane] ?? 0)) return null
      done[lane] = n
      const id = `${lane}.${n}`
      return {
        id,
        async run() {
          started.push(id)
        },
      }
    },
  }
}

async function drained(started: string[], count: number): Promise<void> {
  while (started.length < count) await settled()
}

it('runs in order, no more than the limit, which may grow', async () => {
  let limit = 1
  const { work, started, finish } = jobs()
  const queue = createQueue(() => limit, flat)
  for (const id of ['a', 'b', 'c', 'd']) queue.add(1, work(id))
  expect(started).toEqual(['a'])
  finish.get('a')?.()
  await settled()
  expect(started).toEqual(['a', 'b'])
  limit = 2
  queue.pump()
  expect(started).toEqual(['a', 'b', 'c'])
  expect(queue.running).toBe(2)
})

it('gives each lane its turn, in order of arrival inside it, whatever the burst of another', async () => {
  const started: string[] = []
  const queue = createQueue(() => 1, flat)
  queue.attach(backlog({ 1: 50, 2: 3, 3: 2 }, started))
  await drained(started, 55)
  expect(started.slice(0, 8)).toEqual(['1.1', '2.1', '3.1', '1.2', '2.2', '3.2', '1.3', '2.3'])
  expect(started.filter((id) => id.startsWith('1.'))).toEqual(
    Array.from({ length: 50 }, (_, i) => `1.${i + 1}`),
  )
})

it('gives more turns to a higher priority, and never all of them', async () => {
  const started: string[] = []
  const queue = createQueue(
    () => 1,
    (lane) => (lane === 2 ? 5 : 0),
  )
  queue.attach(backlog({ 1: 40, 2: 40 }, started))
  await drained(started, 80)
  const first = started.slice(0, 30)
  expect(first.filter((id) => id.startsWith('2.'))).toHaveLength(20)
})

it('lets a lane that was idle in, without the turns it did not use', async () => {
  const started: string[] = []
  const { work, finish, started: own } = jobs()
  const queue = createQueue(() => 1, flat)
  queue.attach(backlog({ 1: 20 }, started))
  await drained(started, 20)
  for (const id of ['x', 'y', 'z']) queue.add(7, work(id))
  queue.attach(backlog({ 8: 3 }, started))
  for (const id of ['x', 'y', 'z']) {
    while (!finish.has(id)) await settled()
    finish.get(id)?.()
  }
  await drained(started, 23)
  expect(own).toEqual(['x', 'y', 'z'])
})

it('cancels what waits, what runs, and neither of the others', async () => {
  const { work, started, reasons } = jobs()
  const queue = createQueue(() => 1, flat)
  for (const id of ['a', 'b', 'c']) queue.add(1, work(id))
  expect(queue.cancel('b')).toBe('waiting')
  expect(queue.cancel('a')).toBe('running')
  expect(queue.cancel('z')).toBe('absent')
  await settled()
  expect(started).toEqual(['a', 'c'])
  expect(reasons).toEqual([['a', 'cancelled']])
})

it('stops: what runs is told, what waits never starts', async () => {
  const { work, started, reasons } = jobs()
  const queue = createQueue(() => 1, flat)
  queue.add(1, work('a'))
  queue.add(2, work('b'))
  await queue.stop()
  expect(started).toEqual(['a'])
  expect(reasons).toEqual([['a', 'shutdown']])
  expect(queue.running).toBe(0)
})
