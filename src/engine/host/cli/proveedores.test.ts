import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Sshd, sshdMissing, startSshd } from '@testkit/connectors/sshd'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildCommand, Terminal } from './terminal.fixture'

const PHRASE = 'cuatro caballos azules'
let terminal: Terminal
let dir: string
const run: Terminal['run'] = (...command) => terminal.run(...command)

beforeAll(buildCommand, 120_000)
beforeEach(() => {
  terminal = new Terminal('proveedores')
  dir = terminal.dir
})
afterEach(() => terminal.remove())

test('providers: a folder is added, tested, listed, sent to and brought from', async () => {
  const folder = join(dir, 'entregas')
  mkdirSync(folder)
  const added = await run(['providers', 'add', 'Entregas', '--tipo', 'local', '--carpeta', folder])
  expect(added).toMatchObject({ code: 0, err: '', out: 'Proveedor 1 creado: Entregas (local)\n' })
  const tested = await run(['providers', 'test', 'Entregas'])
  expect(tested.code).toBe(0)
  expect(tested.out).toContain('✓ escritura')
  expect((await run(['providers', 'list'])).out).toMatch(/1 +Entregas +local +conecta/)

  writeFileSync(join(dir, 'ventas.csv'), 'a\n1\n')
  const put = ['providers', 'put', 'Entregas', join(dir, 'ventas.csv'), 'entrada']
  expect(await run(put)).toMatchObject({ code: 0, out: 'entrada/ventas.csv (4 bytes)\n' })
  expect((await run(put)).err).toContain('[REMOTE_EXISTS]')
  expect((await run(['providers', 'ls', '1', 'entrada'])).out).toMatch(/4 +\S+ +entrada\/ventas.csv/)
  const got = await run(['providers', 'get', 'Entregas', 'entrada/ventas.csv', dir, '--json'])
  const { archivo } = JSON.parse(got.out)
  expect(readFileSync(archivo, 'utf8')).toBe('a\n1\n')
  expect((await run(['providers', 'get', 'Entregas', '../ventas.csv', dir])).err).toContain(
    '[REMOTE_PATH_INVALID]',
  )
  expect((await run(['providers', 'remove', 'Entregas'])).code).toBe(0)
  expect((await run(['providers', 'test', 'Entregas'])).err).toContain('[PROVEEDOR_NOT_FOUND]')
}, 120_000)

test('providers: what is missing or not known is told', async () => {
  const kinds = await run(['providers', 'kinds'])
  expect(kinds.out).toMatch(/sftp: .*\n {2}opciones: host, port, user.*\n {2}secretos: password/)
  const unknown = await run(['providers', 'add', 'X', '--tipo', 'ftp'])
  expect(unknown.err).toContain('[PROVIDER_KIND_UNKNOWN]')
  const missing = await run(['providers', 'add', 'X', '--tipo', 'sftp', '--opcion', 'host=x'])
  expect(missing.err).toContain('[PROVIDER_CONFIG_INVALID]')
}, 120_000)

test.skipIf(sshdMissing)(
  `providers: a server is entered with a key that comes by standard input${sshdMissing ? `: ${sshdMissing}` : ''}`,
  async () => {
    const sshd: Sshd = await startSshd()
    try {
      const file = join(dir, 'frase')
      writeFileSync(file, `${PHRASE}\n`, { mode: 0o600 })
      const open = { SAGE_PASSPHRASE_FILE: file }
      expect(await run(['secretos', 'vault', 'create'], `${PHRASE}\n`)).toMatchObject({ code: 0 })
      const option = (name: string, value: string | number) => ['--opcion', `${name}=${value}`]
      const where = [...option('host', sshd.host), ...option('port', sshd.port), ...option('user', sshd.user)]
      const add = (name: string, ...more: string[]) =>
        run(
          [
            'providers',
            'add',
            name,
            '--tipo',
            'sftp',
            ...where,
            ...option('auth', 'key'),
            '--valores',
            ...more,
          ],
          JSON.stringify({ privateKey: sshd.privateKey }),
          open,
        )
      expect(await add('Nuevo')).toMatchObject({ code: 0, err: '' })
      const first = await run(['providers', 'test', 'Nuevo'], '', open)
      expect(first.code).toBe(1)
      expect(first.out).toContain(`✗ conexión: Es la primera vez`)
      expect(first.out).toContain(sshd.fingerprint)
      expect(await add('Conocido', ...option('hostKey', sshd.fingerprint))).toMatchObject({
        code: 0,
        err: '',
      })
      expect(await run(['providers', 'test', 'Conocido'], '', open)).toMatchObject({ code: 0 })
      writeFileSync(join(dir, 'a.csv'), 'a')
      expect((await run(['providers', 'put', 'Conocido', join(dir, 'a.csv')], '', open)).code).toBe(0)
      expect(readFileSync(join(sshd.data, 'a.csv'), 'utf8')).toBe('a')
      for (const line of sshd.privateKey.split('\n').filter((one) => one.length > 40))
        expect(terminal.said).not.toContain(line)
    } finally {
      await sshd.stop()
    }
  },
  120_000,
)
