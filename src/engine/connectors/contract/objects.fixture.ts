import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import {
  type Certificates,
  forwardProxy,
  makeCertificates,
  type Target,
  tamperingRelay,
  tlsFront,
} from '@testkit/wire'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connector, ConnectorContext } from '../types'
import { bytesOf, contentOf, pathsIn } from './support.fixture'

/** An object store under test, as it can be asked for at another address: that of something before it. */
export interface ObjectServer {
  target(): Target
  open(options: {
    container?: string
    prefix?: string
    at?: Target & { tls?: boolean }
    context?: ConnectorContext
    attempts?: number
  }): Promise<Connector>
}

const LARGE = 9 * 1024 * 1024

/** What object stores do besides the contract of all connectors, and how they go through the wire. */
export function objectStore(name: string, server: ObjectServer): void {
  describe(`object store: ${name}`, () => {
    const open = () => server.open({ prefix: `almacen-${name}` })
    let connector: Connector
    beforeAll(async () => {
      connector = await open()
    })
    afterAll(() => connector?.close())
    links(() => connector)
    tags(() => connector)
    races(() => connector)
    containers(server)
    wire(server)

    it('keeps names that look like numbers', async () => {
      const all = ['007.csv', '00123', '0x10', '1e5', '1.50'].map((one) => `numeros/${one}`)
      for (const path of all) await connector.write(path, bytesOf(path))
      await connector.write('0042/dentro.txt', bytesOf('x'))
      expect(await pathsIn(connector, 'numeros')).toEqual(all.sort())
      expect(await pathsIn(connector, '')).toContain('0042')
    })
  })
}

function links(connector: () => Connector): void {
  it('gives a link that reads the file, and no other one', async () => {
    await connector().write('enlaces/ñandú uno.txt', bytesOf('hola'))
    await connector().write('enlaces/otro.txt', bytesOf('no'))
    const link = await connector().presign?.('enlaces/ñandú uno.txt', 60)
    const read = await fetch(link ?? '')
    expect(read.status).toBe(200)
    expect(await read.text()).toBe('hola')
    const other = (link ?? '').replace(/[^/]*\?/, 'otro.txt?')
    expect(other).not.toBe(link)
    expect([400, 401, 403]).toContain((await fetch(other)).status)
  })
}

function tags(connector: () => Connector): void {
  it('replaces the tags of a file', async () => {
    await connector().write('etiquetas.txt', bytesOf('x'))
    expect(await connector().getTags?.('etiquetas.txt')).toEqual({})
    await connector().setTags?.('etiquetas.txt', { estado: 'recibido', numero: '007' })
    expect(await connector().getTags?.('etiquetas.txt')).toEqual({ estado: 'recibido', numero: '007' })
    await connector().setTags?.('etiquetas.txt', { estado: 'procesado' })
    expect(await connector().getTags?.('etiquetas.txt')).toEqual({ estado: 'procesado' })
    const { etag } = await connector().stat('etiquetas.txt')
    const read = await connector().read('etiquetas.txt', { ifMatch: etag ?? '' })
    expect(await buffer(read.stream)).toEqual(Buffer.from('x'))
  })
}

function races(connector: () => Connector): void {
  it('lets one of several large writes have a free name', async () => {
    const contents = Array.from({ length: 3 }, () => randomBytes(LARGE))
    const ends = await Promise.allSettled(
      contents.map((content) =>
        connector().write('carrera/grande.bin', bytesOf(content), { ifAbsent: true }),
      ),
    )
    const won = ends.flatMap((end, i) => (end.status === 'fulfilled' ? [i] : []))
    expect(won).toHaveLength(1)
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'REMOTE_EXISTS' })
    const stored = await buffer((await connector().read('carrera/grande.bin')).stream)
    expect(stored.equals(contents[won[0] ?? -1] ?? Buffer.alloc(0))).toBe(true)
  })

  it('lets one of several files be moved to a free name, and leaves the others', async () => {
    const names = ['a', 'b', 'c'].map((one) => `carrera/${one}.txt`)
    for (const path of names) await connector().write(path, bytesOf(path))
    const ends = await Promise.allSettled(
      names.map((path) => connector().move(path, 'carrera/destino.txt', { ifAbsent: true })),
    )
    const won = names.filter((_, i) => ends[i]?.status === 'fulfilled')
    expect(won).toHaveLength(1)
    expect(await contentOf(connector(), 'carrera/destino.txt')).toBe(won[0])
    for (const path of names.filter((one) => one !== won[0]))
      expect(await contentOf(connector(), path)).toBe(path)
  })
}

function containers(server: ObjectServer): void {
  it('says that the container is missing, and makes it once', async () => {
    const container = `nuevo-${randomUUID().slice(0, 8)}`
    const connector = await server.open({ container })
    const missing = { code: 'REMOTE_NO_CONTAINER' }
    await expect(connector.list('')).rejects.toMatchObject(missing)
    await expect(connector.stat('a.txt')).rejects.toMatchObject(missing)
    await expect(connector.read('a.txt')).rejects.toMatchObject(missing)
    await expect(connector.write('a.txt', bytesOf('a'))).rejects.toMatchObject(missing)
    const steps = await connector.test()
    expect(steps.find((step) => step.status === 'failed')).toMatchObject({ step: 'list', ...missing })
    await connector.makeContainer?.()
    await connector.write('a.txt', bytesOf('a'))
    expect(await pathsIn(connector, '')).toEqual(['a.txt'])
    await expect(connector.makeContainer?.()).rejects.toMatchObject({ code: 'REMOTE_EXISTS' })
    await connector.close()
  })
}

function wire(server: ObjectServer): void {
  let dir: string
  let certificates: Certificates
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sage-wire-'))
    certificates = await makeCertificates(dir)
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('trusts a private authority when told to, and only then', async () => {
    const front = await tlsFront(server.target(), certificates)
    const at = { ...front, tls: true }
    const trusting = await server.open({ at, context: { ca: certificates.ca } })
    await trusting.write('tls/a.txt', bytesOf('cifrado'))
    expect(await contentOf(trusting, 'tls/a.txt')).toBe('cifrado')
    expect((await trusting.test()).find((step) => step.step === 'connect')?.message).toContain('TLSv1.3')
    await trusting.close()
    const wary = await server.open({ at, attempts: 1 })
    await expect(wary.list('')).rejects.toMatchObject({ code: 'REMOTE_TLS', kind: 'config' })
    expect((await wary.test()).find((step) => step.status === 'failed')).toMatchObject({ step: 'connect' })
    await wary.close()
    await front.stop()
  })

  it('speaks nothing older than TLS 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const front = await tlsFront(server.target(), certificates, old)
    const context = { ca: certificates.ca }
    const connector = await server.open({ at: { ...front, tls: true }, context, attempts: 1 })
    await expect(connector.list('')).rejects.toMatchObject({ code: 'REMOTE_TLS' })
    await connector.close()
    await front.stop()
  })

  it('goes through a proxy, in the open and encrypted', async () => {
    const proxy = await forwardProxy()
    const front = await tlsFront(server.target(), certificates)
    const context = { proxy: proxy.url, ca: certificates.ca }
    const open = await server.open({ context })
    await open.write('proxy/a.txt', bytesOf('por el proxy'))
    expect(await contentOf(open, 'proxy/a.txt')).toBe('por el proxy')
    const before = proxy.asked.length
    expect(before).toBeGreaterThan(0)
    const secure = await server.open({ at: { ...front, tls: true }, context })
    expect(await contentOf(secure, 'proxy/a.txt')).toBe('por el proxy')
    expect(proxy.asked.slice(before)).toContain(`CONNECT localhost:${front.port}`)
    const stranger = { ...context, proxy: proxy.url.replace('secreto', 'otro') }
    const refused = await server.open({ at: { ...front, tls: true }, context: stranger, attempts: 1 })
    await expect(refused.list('')).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE' })
    for (const one of [open, secure, refused]) await one.close()
    await front.stop()
    await proxy.stop()
  })

  it('does not take for stored what was changed on the way', async () => {
    const marker = randomUUID()
    const relay = await tamperingRelay(server.target(), marker)
    const source = join(dir, 'alterado.txt')
    const content = Buffer.concat([randomBytes(300_000), Buffer.from(marker.repeat(9)), randomBytes(300_000)])
    writeFileSync(source, content)
    const connector = await server.open({ at: relay })
    await connector.write('alterado.bin', { file: source })
    expect(relay.tampered()).toBe(1)
    expect((await buffer((await connector.read('alterado.bin')).stream)).equals(content)).toBe(true)
    await connector.close()
    await relay.stop()
  })
}
