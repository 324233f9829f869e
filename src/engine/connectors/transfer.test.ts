import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fault, type FaultProxy, startFaultProxy } from '@testkit/connectors/fault-proxy'
import { type Sshd, sshdMissing, startSshd } from '@testkit/connectors/sshd'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Connector, download, openConnector, type TransferPolicy } from '.'

const MIB = 1024 * 1024
let sshd: Sshd
let dir: string
let proxy: FaultProxy
let connector: Connector

/** The server through a proxy whose connections go wrong as told; the ones after the last told go well. */
async function through(
  plan: (connection: number) => Fault,
  policy: Partial<TransferPolicy> = {},
): Promise<Connector> {
  const { host, port, user, fingerprint: hostKey, privateKey, data: folder } = sshd
  proxy = await startFaultProxy({ host, port }, plan)
  connector = await openConnector({
    kind: 'sftp',
    config: { host: '127.0.0.1', port: proxy.port, user, auth: 'key', folder, hostKey },
    secrets: { privateKey },
    policy: { retry: { attempts: 6, baseMs: 1, maxMs: 10 }, ...policy },
  })
  return connector
}

describe.skipIf(sshdMissing)(`transfers${sshdMissing ? `: ${sshdMissing}` : ''}`, () => {
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd.stop())
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sage-transfer-'))
  })
  afterEach(async () => {
    await connector.close()
    await proxy.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('goes on with a download from where it was cut', async () => {
    const content = randomBytes(4 * MIB)
    writeFileSync(join(sshd.data, 'a.bin'), content)
    const cuts = [MIB, MIB, MIB]
    await through((n) => (cuts[n] === undefined ? {} : { cut: { way: 'down', after: cuts[n] } }))
    const target = join(dir, 'a.bin')
    const progress: number[] = []
    await download(connector, 'a.bin', target, { onProgress: (done) => progress.push(done) })
    expect(readFileSync(target).equals(content)).toBe(true)
    expect(proxy.told.cuts).toBe(3)
    // Never back to the beginning.
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(readdirSync(dir)).toEqual(['a.bin'])
  })

  it('begins a download again when the file changed while it was cut', async () => {
    const [before, after] = [randomBytes(3 * MIB), randomBytes(2 * MIB)]
    const file = join(sshd.data, 'b.bin')
    writeFileSync(file, before)
    await through((n) => {
      if (n === 0) return { cut: { way: 'down', after: MIB } }
      writeFileSync(file, after)
      utimesSync(file, 1_000_000_000, 1_000_000_000)
      return {}
    })
    const target = join(dir, 'b.bin')
    const taken = await download(connector, 'b.bin', target)
    expect(taken.bytes).toBe(after.length)
    expect(readFileSync(target).equals(after)).toBe(true)
  })

  it('gives up a file that keeps changing, and leaves nothing of it', async () => {
    const file = join(sshd.data, 'c.bin')
    writeFileSync(file, randomBytes(MIB))
    let turn = 0
    await through(() => {
      turn++
      writeFileSync(file, randomBytes(MIB + turn))
      return { cut: { way: 'down', after: MIB / 2 } }
    })
    await expect(download(connector, 'c.bin', join(dir, 'c.bin'))).rejects.toMatchObject({
      code: 'REMOTE_CHANGED',
    })
    expect(readdirSync(dir)).toEqual([])
  })

  it('sends a file again from its first byte after a cut, and a stream never', async () => {
    const content = randomBytes(2 * MIB)
    const source = join(dir, 'd.bin')
    writeFileSync(source, content)
    await through((n) => (n % 2 === 0 ? { cut: { way: 'up', after: MIB } } : {}))
    const written = await connector.write('d.bin', { file: source }, { ifAbsent: true })
    expect(written.bytes).toBe(content.length)
    expect(readFileSync(join(sshd.data, 'd.bin')).equals(content)).toBe(true)
    await connector.close()
    await proxy.stop()
    await through(() => ({ cut: { way: 'up', after: MIB } }))
    const { createReadStream } = await import('node:fs')
    const once = connector.write('e.bin', { stream: createReadStream(source), bytes: content.length })
    await expect(once).rejects.toMatchObject({ code: 'REMOTE_CUT', retryable: true })
    expect(proxy.told.cuts).toBe(1)
    expect(readdirSync(sshd.data)).not.toContain('e.bin')
  })

  it('leaves a connection that says nothing any more for another one', async () => {
    const content = randomBytes(2 * MIB)
    writeFileSync(join(sshd.data, 'f.bin'), content)
    await through((n) => (n === 0 ? { stallAfter: MIB } : {}), { idleMs: 1_500 })
    await download(connector, 'f.bin', join(dir, 'f.bin'))
    expect(readFileSync(join(dir, 'f.bin')).equals(content)).toBe(true)
    expect(proxy.told.connections).toBeGreaterThan(1)
  })

  it.each(['write', 'stat'] as const)('%s too, whose question is never answered', async (what) => {
    const source = join(dir, 'h.bin')
    writeFileSync(source, 'poco')
    writeFileSync(join(sshd.data, 'h.bin'), 'viejo')
    // Once it is in, and has been asked something.
    await through((n) => (n === 0 ? { stallAfter: 3_500 } : {}), { idleMs: 1_500 })
    for (let i = 0; i < 40; i++)
      await (what === 'write' ? connector.write('h.bin', { file: source }) : connector.stat('h.bin'))
    expect(proxy.told.connections).toBe(2)
    expect(readFileSync(join(sshd.data, 'h.bin'), 'utf8')).toBe(what === 'write' ? 'poco' : 'viejo')
  })

  it('an upload that is read back slowly is alive, however long all of it takes', async () => {
    const content = randomBytes(MIB)
    const source = join(dir, 'i.bin')
    writeFileSync(source, content)
    await through(() => ({ slowDown: MIB / 3 }), {
      idleMs: 1_200,
      retry: { attempts: 1, baseMs: 1, maxMs: 1 },
    })
    expect(await connector.write('i.bin', { file: source })).toMatchObject({ verified: 'checksum' })
    expect(readFileSync(join(sshd.data, 'i.bin')).equals(content)).toBe(true)
  })

  it.each(['write', 'copy'] as const)(
    '%s that is left by a silent connection is cut, not cancelled',
    async (what) => {
      const source = join(dir, 'j.bin')
      writeFileSync(source, randomBytes(MIB))
      writeFileSync(join(sshd.data, 'j.bin'), randomBytes(MIB))
      await through(() => ({ stallAfter: 3_500 }), {
        idleMs: 1_500,
        retry: { attempts: 1, baseMs: 1, maxMs: 1 },
      })
      const work =
        what === 'write' ? connector.write('k.bin', { file: source }) : connector.copy('j.bin', 'k.bin')
      await expect(work).rejects.toMatchObject({ code: 'REMOTE_CUT', retryable: true })
    },
  )

  it('tells what fails for good at once, and does not try it again', async () => {
    await through(() => ({}))
    await expect(connector.stat('no-existe.txt')).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
    expect(proxy.told.connections).toBe(1)
    await expect(connector.write('x.bin', { file: join(dir, 'no-existe') })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      kind: 'input',
    })
  })

  it('has only so many operations on the way, and goes on when one that waits is cancelled', async () => {
    writeFileSync(join(sshd.data, 'g.bin'), randomBytes(MIB))
    await through(() => ({}), { concurrency: 2 })
    const held = [await connector.read('g.bin'), await connector.read('g.bin')]
    const stop = new AbortController()
    const waiting = connector.stat('g.bin', { signal: stop.signal })
    const next = connector.stat('g.bin')
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    held[0]?.stream.destroy()
    expect((await next).bytes).toBe(MIB)
    held[1]?.stream.destroy()
    expect((await connector.stat('g.bin')).bytes).toBe(MIB)
  })
})

describe('a copy that goes through this machine', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sage-copia-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('takes one turn and its share of the wire', async () => {
    const content = randomBytes(6 * MIB)
    writeFileSync(join(folder, 'a.bin'), content)
    const policy = { bytesPerSecond: 4 * MIB, concurrency: 1 }
    const local = await openConnector({ kind: 'local', config: { folder }, policy })
    const began = performance.now()
    await local.copy('a.bin', 'b.bin')
    // Read and written it is 12 MiB, and one second was saved up.
    expect(performance.now() - began).toBeGreaterThan(1_500)
    expect(readFileSync(join(folder, 'b.bin')).equals(content)).toBe(true)
    await expect(local.copy('a.bin', 'b.bin', { ifAbsent: true })).rejects.toMatchObject({
      code: 'REMOTE_EXISTS',
    })
    await local.close()
  })
})
