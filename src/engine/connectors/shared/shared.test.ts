import { AppError } from '@shared/errors/app-error'
import { describe, expect, it } from 'vitest'
import { Bandwidth } from './bandwidth'
import { busy, cut, denied, fromWire, notFound } from './errors'
import { backoffMs, retrying } from './retry'
import { isStaleTemp } from './stale-temps'

describe('bandwidth', () => {
  it('makes what passes its share wait, and saves up a second at most', () => {
    let now = 0
    const bandwidth = new Bandwidth(1_000, () => now)
    expect(bandwidth.take(1_000)).toBe(0)
    expect(bandwidth.take(500)).toBe(500)
    expect(bandwidth.take(500)).toBe(1_000)
    now = 1_000
    expect(bandwidth.take(0)).toBe(0)
    now = 3_600_000
    expect(bandwidth.take(1_000)).toBe(0)
    expect(bandwidth.take(1_000)).toBe(1_000)
  })

  it('is no limit when there is none', () => {
    expect(new Bandwidth(null).take(1e12)).toBe(0)
  })
})

describe('retry', () => {
  const policy = { attempts: 4, baseMs: 1, maxMs: 4 }

  it('tries again what is passing, and only that', async () => {
    let tries = 0
    const passing = retrying(policy, undefined, async (attempt) => {
      tries = attempt
      if (attempt < 3) throw cut('x')
      return 'ya'
    })
    expect(await passing).toBe('ya')
    expect(tries).toBe(3)
    await expect(
      retrying(policy, undefined, async (attempt) => {
        tries = attempt
        throw notFound('a', 'x')
      }),
    ).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
    expect(tries).toBe(1)
    await expect(
      retrying(policy, undefined, async (attempt) => {
        tries = attempt
        throw busy('x')
      }),
    ).rejects.toMatchObject({ code: 'REMOTE_BUSY' })
    expect(tries).toBe(4)
  })

  it('stops waiting when it is cancelled', async () => {
    const stop = new AbortController()
    const work = retrying({ attempts: 9, baseMs: 3_600_000, maxMs: 3_600_000 }, stop.signal, async () => {
      throw busy('x')
    })
    stop.abort()
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('waits longer each time, to a limit, and never all at once', () => {
    const growing = { attempts: 9, baseMs: 100, maxMs: 1_000 }
    expect([1, 2, 3, 4, 9].map((n) => backoffMs(growing, n, () => 1))).toEqual([100, 200, 400, 800, 1_000])
    expect(backoffMs(growing, 3, () => 0)).toBe(200)
  })
})

describe('errors', () => {
  const coded = (code: string, cause?: unknown) => Object.assign(new Error('x', { cause }), { code })

  it.each([
    ['ECONNREFUSED', 'REMOTE_UNREACHABLE', true],
    ['ETIMEDOUT', 'REMOTE_UNREACHABLE', true],
    ['ECONNRESET', 'REMOTE_CUT', true],
    ['ENOTFOUND', 'REMOTE_DNS', false],
    ['EAI_AGAIN', 'REMOTE_DNS', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'REMOTE_TLS', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'REMOTE_TLS', false],
  ])('%s is %s', (code, ours, retryable) => {
    expect(fromWire(coded(code), 'el servidor x')).toMatchObject({ code: ours, retryable })
    expect(fromWire(coded('OTRO', coded(code)), 'el servidor x')).toMatchObject({ code: ours })
  })

  it('leaves to the plug what it does not know', () => {
    expect(fromWire(coded('NoSuchKey'), 'x')).toBeNull()
    const ours = denied('escritura', 'a.txt', 'el bucket ventas')
    expect(fromWire(ours, 'x')).toBe(ours)
    expect(ours).toBeInstanceOf(AppError)
    expect(ours.message).toBe('La credencial no tiene permiso de escritura en el bucket ventas («a.txt»).')
  })
})

it('takes for left behind only what is ours and two days old', () => {
  const now = Date.UTC(2026, 10, 27)
  const hours = (n: number) => now - n * 3_600_000
  expect(isStaleTemp('.sage-1', hours(49), now)).toBe(true)
  expect(isStaleTemp('.sage-1', hours(47), now)).toBe(false)
  expect(isStaleTemp('ventas.csv', hours(999), now)).toBe(false)
})
