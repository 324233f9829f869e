import type { Connector } from '@engine/connectors'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CLAIMS_FOLDER, Claims } from './claims'
import { filesOf, localPlace, type Place } from './places.fixture'

const LEASE = 1_000
let place: Place
let connector: Connector
let clock = 0
beforeEach(async () => {
  place = await localPlace()
  connector = await place.open('base')
  clock = 0
})
afterEach(async () => {
  await connector.close()
  await place.stop()
})

const engine = () => new Claims(LEASE, () => clock)
const file = (relative: string, token: string) => ({ connector, folder: 'data/5', relative, token })

it('gives each file to exactly one of many engines that ask at once, and the same one again', async () => {
  const engines = ['a', 'b', 'c', 'd'].map((token) => ({ token, claims: engine() }))
  for (let n = 0; n < 10; n++) {
    const won = await Promise.all(
      engines.map(({ claims, token }) => claims.take(file(`f${n}.csv`, `${token}${n}`))),
    )
    expect(won.filter(Boolean), `f${n}.csv`).toHaveLength(1)
    const winner = won.indexOf(true)
    expect(await engines[winner]?.claims.take(file(`f${n}.csv`, `${engines[winner]?.token}${n}`))).toBe(true)
  }
})

it('is taken over once its holder shows no life for a whole lease by the clock of who waits, by one only', async () => {
  const [dead, b, c] = [engine(), engine(), engine()]
  expect(await dead.take(file('x.csv', 'dead'))).toBe(true)
  expect([await b.take(file('x.csv', 'b')), await c.take(file('x.csv', 'c'))]).toEqual([false, false])
  clock += LEASE - 1
  expect(await b.take(file('x.csv', 'b'))).toBe(false)
  clock += 1
  const won = await Promise.all([b.take(file('x.csv', 'b')), c.take(file('x.csv', 'c'))])
  expect(won.filter(Boolean)).toHaveLength(1)
  // The one it was taken from is told, and takes nothing back.
  expect((await dead.renew()).map(({ relative }) => relative)).toEqual(['x.csv'])
  expect(await dead.take(file('x.csv', 'dead'))).toBe(false)
})

it('is not taken over while its holder renews it, however long that takes', async () => {
  const [holder, other] = [engine(), engine()]
  await holder.take(file('x.csv', 'holder'))
  for (let n = 0; n < 5; n++) {
    expect(await other.take(file('x.csv', 'other'))).toBe(false)
    clock += LEASE
    expect(await holder.renew()).toEqual([])
  }
  expect(await other.take(file('x.csv', 'other'))).toBe(false)
})

it('is known again by an engine that died with it, and leaves nothing once it is let go of', async () => {
  await engine().take(file('x.csv', 'mine'))
  const restarted = engine()
  await restarted.release(file('x.csv', 'another'))
  expect(await filesOf(connector)).toHaveLength(1)
  expect(await restarted.take(file('x.csv', 'mine'))).toBe(true)
  await restarted.release(file('x.csv', 'mine'))
  expect(await filesOf(connector, `data/5/${CLAIMS_FOLDER}`)).toEqual([])
  expect(await engine().take(file('x.csv', 'next'))).toBe(true)
})

it('of a turn that was taken over is let go of whole', async () => {
  await engine().take(file('x.csv', 'dead'))
  const heir = engine()
  await heir.take(file('x.csv', 'heir'))
  clock += LEASE
  expect(await heir.take(file('x.csv', 'heir'))).toBe(true)
  await engine().release(file('x.csv', 'heir'))
  expect(await filesOf(connector)).toEqual([])
})

it('that is let go of while it is being renewed does not come back', async () => {
  let begun = (): void => undefined
  let goOn = (): void => undefined
  const writing = new Promise<void>((done) => {
    begun = done
  })
  const gate = new Promise<void>((done) => {
    goOn = done
  })
  const inner = connector
  const slow = new Proxy(inner, {
    get(target, name) {
      if (name !== 'write') return Reflect.get(target, name)
      return async (...[path, source, options]: Parameters<Connector['write']>) => {
        if (!options?.ifAbsent) {
          begun()
          await gate
        }
        return inner.write(path, source, options)
      }
    },
  })
  const claims = engine()
  const claimed = { ...file('x.csv', 'mine'), connector: slow }
  await claims.take(claimed)
  const renewing = claims.renew()
  await writing
  const releasing = claims.release(claimed)
  goOn()
  await Promise.all([renewing, releasing])
  expect(await filesOf(connector)).toEqual([])
})
