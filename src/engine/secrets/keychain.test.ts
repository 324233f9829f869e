import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { listClaves } from '@engine/store'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findUsable, type Keychain, loadKeychains } from './keychain'
import { nuevo, openSecretos, tempFolder } from './secretos.fixture'

const ROOT = resolve(__dirname, '../../..')
const PHRASE = 'cuatro caballos azules'

const loaded = loadKeychains()
const lugares = loaded.map(({ lugar }) => lugar)
const answers = (await findUsable(loaded)).keychain !== null
const say = (line: string): void => void process.stderr.write(`${line}\n`)
if (!lugares.includes('keytar'))
  say(
    'keytar no está instalado (en Debian: apt-get install libsecret-1-dev y npm ci): se prueba su gemelo, @napi-rs/keyring.',
  )
if (!answers)
  say('Sin un llavero que responda: sus pruebas se omiten (npm test las pasa con dbus y gnome-keyring).')

const only = (lugar: string) => (): Keychain[] => loaded.filter((one) => one.lugar === lugar)

let out: string
beforeAll(async () => {
  // Inside the repository, where the native packages are found.
  out = join(ROOT, '.cache', `secretos-test-${process.pid}`)
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: { '@shared': join(ROOT, 'src/shared'), '@engine': join(ROOT, 'src/engine') },
      conditions: ['node'],
    },
    ssr: { noExternal: true, external: ['better-sqlite3', '@duckdb/node-api'] },
    build: {
      ssr: true,
      target: 'node22',
      outDir: out,
      minify: false,
      rollupOptions: {
        input: { child: join(__dirname, 'rotate-child.fixture.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  })
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

const child = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [join(out, 'child.cjs'), ...args], { encoding: 'utf8', env })

it('loads a package that speaks to the keychain of this system', () => {
  expect(lugares).toContain('napi')
})

describe.each(lugares)('the keychain through %s', (lugar) => {
  const [keychain] = loaded.filter((one) => one.lugar === lugar)

  it.runIf(answers)('keeps, gives back and forgets', async () => {
    const account = `prueba:${randomUUID()}`
    expect(await keychain?.get(account)).toBeNull()
    await keychain?.put(account, 'ñandú €')
    expect(await keychain?.get(account)).toBe('ñandú €')
    await keychain?.remove(account)
    await keychain?.remove(account)
    expect(await keychain?.get(account)).toBeNull()
  })

  it.runIf(answers)('keeps the key of the secrets, and another process finds it', async () => {
    const dir = tempFolder()
    const first = openSecretos(dir, { loadKeychains: only(lugar) })
    const { id } = await first.secretos.create(nuevo('A', { clave: 'clave-de-a' }))
    expect(await first.secretos.state()).toMatchObject({ situacion: 'lista', lugar })
    await first.close()
    const [dataDir, migrations] = [first.dataDir, join(ROOT, 'migrations')]
    expect(child([dataDir, migrations, lugar, 'rotate', '0'])).toMatchObject({ status: 0, stderr: '' })
    const second = openSecretos(dir)
    expect(await second.secretos.reveal(id)).toEqual({ clave: 'clave-de-a' })
    await second.secretos.createVault(PHRASE)
    for (const { id: clave } of listClaves(second.store.db))
      expect(await keychain?.get(`clave-datos:${clave}`)).toBeNull()
    await second.close()
    second.remove()
  })

  it('says what to do where no keychain answers', () => {
    const dir = tempFolder()
    const env = {
      PATH: process.env.PATH,
      HOME: dir,
      XDG_RUNTIME_DIR: dir,
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    }
    const { status, stderr } = child([join(dir, 'data'), join(ROOT, 'migrations'), lugar, 'rotate', '0'], env)
    expect(status).not.toBe(0)
    expect(stderr).toContain('KEYCHAIN_UNAVAILABLE')
    expect(stderr).toContain('crear en Ajustes, Secretos una bóveda')
    rmSync(dir, { recursive: true, force: true })
  })
})

const changes = [
  ...lugares.map((lugar) => ({ lugar, change: 'rotate' })),
  ...lugares.slice(0, 1).map((lugar) => ({ lugar, change: 'vault' })),
]
describe.runIf(answers).each(changes)(
  'a process killed at any step of $change ($lugar)',
  ({ lugar, change }) => {
    it('loses no secret, and the next change leaves one key in the keychain', async () => {
      const dir = tempFolder()
      const [keychain] = loaded.filter((one) => one.lugar === lugar)
      let killed = 0
      // A passphrase takes its time: of the vault, only what dies with its work done.
      const stride = change === 'vault' ? 2 : 1
      for (let step = stride; ; step += stride) {
        const bench = openSecretos(dir, { loadKeychains: only(lugar) })
        if (step === stride) {
          await bench.secretos.create(nuevo('A', { clave: 'clave-de-a' }))
          await bench.secretos.create(nuevo('B', { usuario: 'u', clave: 'clave-de-b' }))
        }
        await bench.close()
        const { signal, status, stderr } = child([
          ...[bench.dataDir, join(ROOT, 'migrations'), lugar, change, String(step)],
        ])
        if (signal === null) expect(`${status} ${stderr}`).toBe('0 ')
        else killed++
        const after = openSecretos(dir, { loadKeychains: only(lugar) })
        const { secretos, store } = after
        if ((await secretos.state()).situacion === 'boveda_bloqueada') await secretos.unlock(PHRASE)
        const [a, b] = secretos.list()
        expect(await secretos.reveal(a?.id ?? 0)).toEqual({ clave: 'clave-de-a' })
        expect(await secretos.reveal(b?.id ?? 0)).toEqual({ usuario: 'u', clave: 'clave-de-b' })
        expect((await secretos.moveToKeychain()).secretos).toBe(2)
        const kept = await Promise.all(
          listClaves(store.db).map(({ id }) => keychain?.get(`clave-datos:${id}`)),
        )
        expect(kept.filter((value) => value !== null)).toHaveLength(1)
        expect(listClaves(store.db).map(({ estado }) => estado)).toEqual(
          expect.arrayContaining(['destruida', 'activa']),
        )
        expect(await secretos.reveal(b?.id ?? 0)).toEqual({ usuario: 'u', clave: 'clave-de-b' })
        if (signal === null) await secretos.createVault(PHRASE)
        await after.close()
        if (signal === null) break
      }
      expect(killed).toBeGreaterThan(change === 'rotate' ? 9 : 3)
      rmSync(dir, { recursive: true, force: true })
    })
  },
)
