import { expect, it } from 'vitest'
import { type Connector, TEST_STEPS } from '../types'
import { bytesOf, contentOf, failure, pathsIn, type Suite } from './support.fixture'

const GONE = { code: 'REMOTE_NOT_FOUND', kind: 'not-found' }
const TAKEN = { code: 'REMOTE_EXISTS', kind: 'conflict' }

export function placing({ connector, again }: Suite): void {
  it('copies, replacing only when it may', async () => {
    await connector().write('copia/a.txt', bytesOf('a'))
    await connector().copy('copia/a.txt', 'copia/nueva/b.txt')
    expect(await contentOf(connector(), 'copia/nueva/b.txt')).toBe('a')
    expect(await contentOf(connector(), 'copia/a.txt')).toBe('a')
    await connector().write('copia/c.txt', bytesOf('c'))
    await expect(connector().copy('copia/a.txt', 'copia/c.txt', { ifAbsent: true })).rejects.toMatchObject(
      TAKEN,
    )
    expect(await contentOf(connector(), 'copia/c.txt')).toBe('c')
    await connector().copy('copia/a.txt', 'copia/c.txt')
    expect(await contentOf(connector(), 'copia/c.txt')).toBe('a')
  })

  it('moves, replacing only when it may', async () => {
    await connector().write('mudanza/a.txt', bytesOf('a'))
    await connector().move('mudanza/a.txt', 'mudanza/procesado/a.txt')
    expect(await contentOf(connector(), 'mudanza/procesado/a.txt')).toBe('a')
    await expect(connector().stat('mudanza/a.txt')).rejects.toMatchObject(GONE)
    await connector().write('mudanza/b.txt', bytesOf('b'))
    const kept = connector().move('mudanza/b.txt', 'mudanza/procesado/a.txt', { ifAbsent: true })
    await expect(kept).rejects.toMatchObject(TAKEN)
    expect(await contentOf(connector(), 'mudanza/b.txt')).toBe('b')
    expect(await contentOf(connector(), 'mudanza/procesado/a.txt')).toBe('a')
    await connector().move('mudanza/b.txt', 'mudanza/procesado/a.txt')
    expect(await contentOf(connector(), 'mudanza/procesado/a.txt')).toBe('b')
    await connector().move('mudanza/procesado/a.txt', 'mudanza/c.txt', { ifAbsent: true })
    expect(await contentOf(connector(), 'mudanza/c.txt')).toBe('b')
    await expect(connector().stat('mudanza/procesado/a.txt')).rejects.toMatchObject(GONE)
  })

  it('lets exactly one of several movers have a file, where a move is one step', async () => {
    const others = await Promise.all([again(), again()])
    const movers: Connector[] = [connector(), ...others]
    for (const ifAbsent of [false, true]) {
      const path = `disputa/${ifAbsent}.txt`
      await connector().write(path, bytesOf('uno solo'))
      const ends = await Promise.allSettled(
        movers.map((mover, i) => mover.move(path, `disputa/${ifAbsent}-${i}.txt`, { ifAbsent })),
      )
      const moved = (await pathsIn(connector(), 'disputa')).filter((one) =>
        one.startsWith(`disputa/${ifAbsent}`),
      )
      const won = ends.flatMap((end, i) =>
        end.status === 'fulfilled' ? [`disputa/${ifAbsent}-${i}.txt`] : [],
      )
      if (connector().capabilities.atomicMove) {
        expect(won).toHaveLength(1)
        expect(moved).toEqual(won)
      } else {
        // What such a provider promises: whoever is told that it moved the file finds it, and the old name is gone.
        expect(won.length).toBeGreaterThan(0)
        expect(moved).toEqual(expect.arrayContaining(won))
        expect(moved).not.toContain(path)
      }
    }
    for (const other of others) await other.close()
  })

  it('removes, and does not mind that nothing is there', async () => {
    await connector().write('borrado/a.txt', bytesOf('a'))
    await connector().remove('borrado/a.txt')
    await connector().remove('borrado/a.txt')
    await connector().remove('borrado/nunca/estuvo.txt')
    await expect(connector().stat('borrado/a.txt')).rejects.toMatchObject(GONE)
  })

  it('says what is missing', async () => {
    for (const work of [
      () => connector().stat('no/está.txt'),
      () => connector().read('no/está.txt'),
      () => connector().copy('no/está.txt', 'b.txt'),
      () => connector().move('no/está.txt', 'b.txt'),
    ]) {
      const error = await failure(work())
      expect(error).toMatchObject(GONE)
      expect(error.message).toContain('no/está.txt')
      expect(error.hint).toBeTruthy()
    }
    if (connector().capabilities.realFolders)
      await expect(connector().list('no/está')).rejects.toMatchObject(GONE)
    else expect(await connector().list('no/está')).toEqual({ entries: [], cursor: null })
  })
}

export function testing({ connector, server }: Suite): void {
  it('tries the way step by step and leaves nothing behind', async () => {
    const before = await pathsIn(connector(), '')
    const told: string[] = []
    const steps = await connector().test({ onStep: (step) => told.push(step.step) })
    expect(steps.map((step) => step.step)).toEqual(TEST_STEPS)
    expect(told).toEqual(TEST_STEPS)
    expect(steps.filter((step) => step.status === 'failed')).toEqual([])
    expect(steps.slice(-3).map((step) => step.status)).toEqual(['ok', 'ok', 'ok'])
    for (const step of steps) expect(step.message).toMatch(/\.$/)
    expect(await pathsIn(connector(), '')).toEqual(before)
  })

  it('says at which step nothing answers', async () => {
    const nowhere = await server().openNowhere()
    const steps = await nowhere.test()
    const failed = steps.filter((step) => step.status === 'failed')
    expect(failed).toMatchObject([{ step: server().nowhereFailsAt }])
    expect(failed[0]?.hint).toBeTruthy()
    const after = steps.slice(steps.findIndex((step) => step.status === 'failed') + 1)
    expect(after.every((step) => step.status === 'skip')).toBe(true)
    await expect(nowhere.stat('a.txt')).rejects.toMatchObject({ code: failed[0]?.code })
    await nowhere.close()
  })

  it('says that the credential is refused', async () => {
    const open = server().openRefused
    // A provider without credentials has nothing to refuse.
    if (open === null) {
      expect(connector().kind).toBe('local')
      return
    }
    const refused = await open()
    const steps = await refused.test()
    expect(steps.find((step) => step.status === 'failed')).toMatchObject({ step: 'login' })
    const error = await failure(refused.list(''))
    expect(error).toMatchObject({ kind: 'auth', retryable: false })
    expect(['REMOTE_LOGIN_REFUSED', 'REMOTE_DENIED']).toContain(error.code)
    await refused.close()
  })
}
