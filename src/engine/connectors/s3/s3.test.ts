import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { type Ceph, haveCeph, sharedCeph } from '@testkit/ceph'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectorSpec, openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
import { bytesOf, contentOf, failure } from '../contract/support.fixture'
import type { ConnectorContext } from '../types'

const BUCKET = 'contrato-s3'

describe.skipIf(!haveCeph())('s3 on Ceph', () => {
  let ceph: Ceph
  let client: S3Client
  const endpoint = () => `http://${ceph.host}:${ceph.port}`
  const open = (
    config: Record<string, unknown> = {},
    secretAccessKey = ceph.secretKey,
    attempts = 5,
    context?: ConnectorContext,
  ) =>
    openConnector({
      context,
      kind: 's3',
      config: {
        bucket: BUCKET,
        endpoint: endpoint(),
        pathStyle: true,
        accessKeyId: ceph.accessKey,
        ...config,
      },
      secrets: { secretAccessKey },
      policy: { concurrency: 16, retry: { attempts, baseMs: 50, maxMs: 500 } },
    })

  beforeAll(async () => {
    ceph = await sharedCeph()
    const credentials = { accessKeyId: ceph.accessKey, secretAccessKey: ceph.secretKey }
    client = new S3Client({ endpoint: endpoint(), forcePathStyle: true, region: 'us-east-1', credentials })
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  }, 120_000)
  afterAll(() => client?.destroy())
  afterEach(() => vi.unstubAllEnvs())

  contract('s3', () => ({
    open: (prefix) => open({ prefix }),
    openRefused: () => open({}, 'otra'),
    openNowhere: () => open({ endpoint: 'http://127.0.0.1:1' }, undefined, 1),
    nowhereFailsAt: 'connect',
    many: 250,
    pageOf: 100,
  }))

  objectStore('s3', {
    target: () => ceph,
    open: ({ container = BUCKET, prefix, at = ceph, context, attempts }) => {
      const address = `${'tls' in at && at.tls ? 'https' : 'http'}://${at.host}:${at.port}`
      return open({ bucket: container, prefix, endpoint: address }, undefined, attempts, context)
    },
  })

  it('leaves no half upload on the server', async () => {
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))
    expect(left.Uploads ?? []).toEqual([])
  })

  it('takes the key of a profile, of the environment, and of a role that it assumes', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sage-aws-'))
    const { accessKey, secretKey, roleArn } = ceph
    const profile = `[ventas]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`
    writeFileSync(join(dir, 'credentials'), profile)
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(dir, 'credentials'))
    vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config'))
    const path = `credenciales/${randomUUID()}.txt`
    const own = await open()
    await own.write(path, bytesOf('hola'))
    const readsWith = async (config: Record<string, unknown>) => {
      const connector = await open({ accessKeyId: undefined, ...config })
      expect(await contentOf(connector, path)).toBe('hola')
      await connector.close()
    }
    await readsWith({ credentials: 'profile', profile: 'ventas' })
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKey)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretKey)
    await readsWith({ credentials: 'environment' })
    const role = { roleArn, stsEndpoint: endpoint() }
    await readsWith({ accessKeyId: accessKey, ...role })
    const nobody = await open({ accessKeyId: ceph.strangerAccessKey, ...role }, ceph.strangerSecretKey)
    await expect(nobody.list('')).rejects.toMatchObject({ kind: 'auth' })
    for (const one of [own, nobody]) await one.close()
    rmSync(dir, { recursive: true })
  })

  it('says what a key may not do, and where', async () => {
    const stranger = await open({ accessKeyId: ceph.strangerAccessKey }, ceph.strangerSecretKey)
    const error = await failure(stranger.write('a.txt', bytesOf('a')))
    expect(error.code).toBe('REMOTE_DENIED')
    expect(error.message).toBe(
      `La credencial no tiene permiso de escritura en el bucket «${BUCKET}» («a.txt»).`,
    )
    const steps = await stranger.test()
    expect(steps.map((step) => step.status)).toEqual(['ok', 'ok', 'ok', 'failed', 'skip', 'skip'])
    await stranger.close()
  })

  it('does not replace with a file of unknown size that is too large for one request', async () => {
    const connector = await open({ prefix: 'desconocido' })
    const stream = Readable.from([randomBytes(9 * 1024 * 1024)], { objectMode: false })
    const refused = connector.write('a.bin', { stream }, { ifAbsent: true })
    await expect(refused).rejects.toMatchObject({ code: 'REMOTE_UNSUPPORTED' })
    const again = Readable.from([randomBytes(9 * 1024 * 1024)], { objectMode: false })
    expect((await connector.write('a.bin', { stream: again })).bytes).toBe(9 * 1024 * 1024)
    await connector.close()
  })

  it('refuses a configuration that could not work', () => {
    const spec = connectorSpec('s3')
    const invalid = expect.objectContaining({ code: 'PROVIDER_CONFIG_INVALID' })
    const whole = { bucket: 'ventas', accessKeyId: 'a' }
    expect(spec.parse(whole)).toMatchObject({ region: 'us-east-1', credentials: 'keys' })
    expect(() => spec.parse({ bucket: 'ventas' })).toThrow(invalid)
    expect(() => spec.parse({ ...whole, accelerate: true, endpoint: 'https://s3.ejemplo.com' })).toThrow(
      invalid,
    )
    expect(() => spec.parse({ ...whole, prefix: '../otra' })).toThrow(invalid)
    expect(() => spec.parse({ ...whole, endpoint: 'ftp://s3.ejemplo.com' })).toThrow(invalid)
  })
})
