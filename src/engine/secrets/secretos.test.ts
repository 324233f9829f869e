import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { redactText } from '@engine/security/redact'
import { insertDestino, listAuditoria, listClaves, removeDestino } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import { destinoConfigSchema } from '@shared/model/destino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Secretos } from './secretos'
import { failureOf, memoryKeychain, nuevo, openSecretos, tempFolder } from './secretos.fixture'

const PLANTED = 'Pl4nt4d0-ñ-7c1e9b'
const PHRASE = 'cuatro caballos azules'
const DESTINO = {
  descripcion: '',
  config: destinoConfigSchema.parse({ tipo: 'interno', version: 1 }),
}

let dir: string
let memory: ReturnType<typeof memoryKeychain>
let bench: ReturnType<typeof openSecretos>
const reopen = async (more: Parameters<typeof openSecretos>[1] = {}) => {
  await bench.close()
  bench = openSecretos(dir, { loadKeychains: () => [memory.keychain], ...more })
  return bench
}
beforeEach(() => {
  dir = tempFolder()
  memory = memoryKeychain()
  bench = openSecretos(dir, { loadKeychains: () => [memory.keychain] })
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
  )

describe('secrets', () => {
  it('are kept sealed, told by name and opened for the engine', async () => {
    const { secretos } = bench
    const made = await secretos.create(
      nuevo('Almacén S3', { accessKeyId: 'AKIAPLANTED', secretAccessKey: PLANTED }, { tipo: 's3' }),
    )
    expect(made).toMatchObject({ nombre: 'Almacén S3', tipo: 's3', legible: true, usadoPor: [] })
    expect(made.valores.map(({ nombre }) => nombre)).toEqual(['accessKeyId', 'secretAccessKey'])
    expect(JSON.stringify(secretos.list())).not.toContain(PLANTED)
    expect(await secretos.reveal(made.id)).toEqual({ accessKeyId: 'AKIAPLANTED', secretAccessKey: PLANTED })
    await reopen()
    expect(await bench.secretos.reveal(made.id)).toMatchObject({ secretAccessKey: PLANTED })
    expect(bench.secretos.list()).toEqual([made])
  })

  it('keep what a change does not name; the fingerprint says which value changed', async () => {
    const { secretos } = bench
    const made = await secretos.create(nuevo('Base', { usuario: 'lector', clave: PLANTED }))
    const changed = await secretos.update(made.id, { valores: { clave: `${PLANTED}-2`, puerto: '5432' } })
    expect(await secretos.reveal(made.id)).toEqual({
      ...{ usuario: 'lector', clave: `${PLANTED}-2`, puerto: '5432' },
    })
    const huella = (info: typeof made, nombre: string) =>
      info.valores.find((valor) => valor.nombre === nombre)?.huella
    expect(huella(changed, 'usuario')).toBe(huella(made, 'usuario'))
    expect(huella(changed, 'clave')).not.toBe(huella(made, 'clave'))
    const fewer = await secretos.update(made.id, { nombre: 'Base de ventas', valores: { puerto: null } })
    expect(fewer.valores.map(({ nombre }) => nombre)).toEqual(['usuario', 'clave'])
    expect(
      (await failureOf(secretos.update(made.id, { valores: { usuario: null, clave: null } }))).code,
    ).toBe('SECRET_EMPTY')
    const renamed = await secretos.update(made.id, { descripcion: 'solo lectura' })
    expect(renamed.rotadoEn).toBe(fewer.rotadoEn)
    expect(await secretos.reveal(made.id)).toEqual({ usuario: 'lector', clave: `${PLANTED}-2` })
  })

  it('have a name of their own and stay while something uses them', async () => {
    const usedBy = [() => [{ secretoId: 1, tipo: 'proveedor', id: 7, nombre: 'Bucket de ventas' }]]
    const { secretos } = await reopen({ usedBy })
    const made = await secretos.create(nuevo('Sede Ñuñoa', { clave: PLANTED }))
    expect((await failureOf(secretos.create(nuevo('sede nunoa', { clave: 'x' })))).code).toBe(
      'SECRET_NAME_TAKEN',
    )
    expect(secretos.get(made.id).usadoPor).toMatchObject([{ nombre: 'Bucket de ventas' }])
    const refused = await failureOf(secretos.remove(made.id))
    expect(refused).toMatchObject({ code: 'SECRET_IN_USE' })
    expect(refused.message).toContain('Bucket de ventas')
    // A destination of the store counts without being told.
    await reopen()
    const destino = insertDestino(
      bench.store.db,
      { ...DESTINO, nombre: 'Almacén de datos', secretoId: made.id },
      new Date().toISOString(),
    )
    const inUse = await failureOf(bench.secretos.remove(made.id))
    expect(inUse.details).toMatchObject({ usos: [{ tipo: 'destino', id: destino }] })
    removeDestino(bench.store.db, destino, new Date().toISOString())
    await bench.secretos.remove(made.id)
    await bench.secretos.remove(made.id)
    expect(bench.secretos.list()).toEqual([])
    expect((await failureOf(bench.secretos.reveal(made.id))).code).toBe('SECRET_NOT_FOUND')
  })

  it('do not open when a row was changed or put in the place of another', async () => {
    const { secretos, store } = bench
    const a = await secretos.create(nuevo('A', { clave: PLANTED }))
    const b = await secretos.create(nuevo('B', { clave: 'otra-cosa' }))
    store.db
      .prepare(
        `UPDATE secretos_nube SET (nonce, cifrado, etiqueta) = (SELECT nonce, cifrado, etiqueta FROM secretos_nube WHERE id = ?) WHERE id = ?`,
      )
      .run(a.id, b.id)
    expect((await failureOf(secretos.reveal(b.id))).code).toBe('SECRET_ALTERED')
    store.db.prepare(`UPDATE secretos_nube SET etiqueta = zeroblob(16) WHERE id = ?`).run(a.id)
    const failure = await failureOf(secretos.reveal(a.id))
    expect(failure).toMatchObject({ code: 'SECRET_ALTERED', details: { secretoId: a.id } })
    expect((await failureOf(secretos.rotateDataKey())).code).toBe('SECRET_ALTERED')
    expect(memory.entries.size).toBe(1)
  })

  it('tell what expires and what should be changed', async () => {
    const { secretos, store } = bench
    const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)
    await secretos.create(nuevo('lejos', { a: 'valor' }, { venceEn: day(60) }))
    await secretos.create(nuevo('pronto', { a: 'valor' }, { venceEn: day(5), recordarDias: 7 }))
    await secretos.create(nuevo('pasado', { a: 'valor' }, { venceEn: day(-3) }))
    const old = await secretos.create(nuevo('viejo', { a: 'valor' }, { rotarCadaDias: 90 }))
    await secretos.create(nuevo('sin plazo', { a: 'valor' }))
    store.db
      .prepare('UPDATE secretos_nube SET rotado_en = ? WHERE id = ?')
      .run(`${day(-91)}T12:00:00Z`, old.id)
    expect(secretos.due().map(({ nombre, vigencia }) => [nombre, vigencia.estado])).toEqual([
      ['pasado', 'vencido'],
      ['viejo', 'por_rotar'],
      ['pronto', 'por_vencer'],
    ])
    const renewed = await secretos.update(old.id, { valores: { a: 'nuevo valor' } })
    expect(renewed.vigencia.estado).toBe('vigente')
  })
})

describe('where the key is kept', () => {
  it('is refused with what to do when there is neither keychain nor vault', async () => {
    const { secretos, store } = await reopen({ loadKeychains: () => [] })
    expect((await secretos.state()).situacion).toBe('sin_llavero')
    const failure = await failureOf(secretos.create(nuevo('A', { clave: PLANTED })))
    expect(failure.code).toBe('KEYCHAIN_UNAVAILABLE')
    expect(failure.hint).toContain('bóveda')
    expect(secretos.list()).toEqual([])
    expect(listClaves(store.db)).toEqual([])
  })

  it('is made where the keychain answers, once it does', async () => {
    const { secretos, store } = bench
    memory.state.down = true
    expect((await failureOf(secretos.create(nuevo('A', { clave: PLANTED })))).code).toBe(
      'KEYCHAIN_UNAVAILABLE',
    )
    memory.state.down = false
    expect((await secretos.state()).situacion).toBe('por_crear')
    // Two at once make one key.
    await Promise.all([
      secretos.create(nuevo('A', { clave: PLANTED })),
      secretos.create(nuevo('B', { clave: 'clave-b' })),
    ])
    expect(listClaves(store.db).filter(({ estado }) => estado === 'activa')).toHaveLength(1)
    expect(memory.entries.size).toBe(1)
    expect(await secretos.state()).toMatchObject({ situacion: 'lista', lugar: 'napi', secretos: 2 })
  })

  it('tells a keychain out of reach from one that lost the key, and a lost key can be given up', async () => {
    const a = await bench.secretos.create(nuevo('A', { usuario: 'u-propio', clave: PLANTED }))
    const b = await bench.secretos.create(nuevo('B', { clave: 'clave-b' }))
    const { secretos } = await reopen()
    memory.state.down = true
    expect((await secretos.state()).situacion).toBe('llavero_inaccesible')
    expect((await failureOf(secretos.reveal(a.id))).code).toBe('KEYCHAIN_UNAVAILABLE')
    memory.state.down = false
    const backup = [...memory.entries]
    memory.entries.clear()
    expect((await secretos.state()).situacion).toBe('clave_perdida')
    expect((await failureOf(secretos.create(nuevo('C', { clave: 'x-larga' })))).code).toBe('DATA_KEY_LOST')
    await secretos.giveUpKey()
    const c = await secretos.create(nuevo('C', { clave: 'clave-c' }))
    expect(secretos.list().map(({ nombre, legible }) => [nombre, legible])).toEqual([
      ...[['A', false] as const, ['B', false] as const, ['C', true] as const],
    ])
    const partial = await failureOf(secretos.update(a.id, { valores: { clave: 'nueva-a' } }))
    expect(partial).toMatchObject({ code: 'SECRET_UNREADABLE', details: { valores: ['usuario'] } })
    const again = await secretos.update(a.id, { valores: { usuario: 'u-nuevo', clave: 'nueva-a' } })
    expect(again.legible).toBe(true)
    expect(await secretos.rotateDataKey()).toMatchObject({ secretos: 2, ilegibles: 1 })
    expect(await secretos.reveal(c.id)).toEqual({ clave: 'clave-c' })
    // The keychain of that machine is restored: what was given up opens, and the next rotation saves it.
    for (const [account, value] of backup) memory.entries.set(account, value)
    expect(await secretos.rotateDataKey()).toMatchObject({ secretos: 3, ilegibles: 0 })
    expect(await secretos.reveal(b.id)).toEqual({ clave: 'clave-b' })
  })

  it('knows a key that is not its own', async () => {
    const made = await bench.secretos.create(nuevo('A', { clave: PLANTED }))
    for (const account of memory.entries.keys())
      memory.entries.set(account, Buffer.alloc(32, 7).toString('base64'))
    await reopen()
    expect((await failureOf(bench.secretos.reveal(made.id))).code).toBe('DATA_KEY_LOST')
  })
})

describe('a rotation among others', () => {
  it('loses nothing of what two processes save, change, read and rotate at once', async () => {
    const here = bench.secretos
    const other = openSecretos(dir, { loadKeychains: () => [memory.keychain] })
    const both = [here, other.secretos]
    const wanted = new Map<number, string>()
    const { id: shared } = await here.create(nuevo('compartido', { a: 'inicial', b: 'inicial' }))
    /** Another process was quicker four times in a row: said so, and nothing changed. */
    const tolerant = async (work: Promise<unknown>) => {
      const code = await work.then(
        () => null,
        (error: unknown) => AppError.from(error).code,
      )
      expect([null, 'SECRETS_BUSY']).toContain(code)
    }
    const save = async (service: Secretos, n: number) => {
      const { id } = await service.create(nuevo(`secreto ${n}`, { clave: `clave-${n}` }))
      wanted.set(id, `clave-${n}`)
      expect(await service.reveal(id)).toEqual({ clave: `clave-${n}` })
    }
    await Promise.all([
      ...Array.from({ length: 3 }, () => both.map((service) => tolerant(service.rotateDataKey()))).flat(),
      ...Array.from({ length: 12 }, (_, n) => save(n % 2 === 0 ? here : other.secretos, n)),
      here.update(shared, { valores: { a: 'de aquí' } }),
      other.secretos.update(shared, { valores: { b: 'de allá' } }),
    ])
    await other.close()
    const { secretos } = await reopen()
    await secretos.rotateDataKey()
    expect(secretos.list()).toHaveLength(13)
    for (const [id, clave] of wanted) expect(await secretos.reveal(id)).toEqual({ clave })
    expect(await secretos.reveal(shared)).toEqual({ a: 'de aquí', b: 'de allá' })
    expect(memory.entries.size).toBe(1)
  })
})

describe('the vault', () => {
  it('keeps the key under a passphrase, also of what the keychain kept before', async () => {
    const made = await bench.secretos.create(nuevo('A', { clave: PLANTED }))
    expect(await bench.secretos.createVault(PHRASE)).toMatchObject({ lugar: 'boveda', secretos: 1 })
    expect(memory.entries.size).toBe(0)
    expect((await failureOf(bench.secretos.createVault(PHRASE))).code).toBe('VAULT_EXISTS')
    const { secretos } = await reopen()
    expect(await secretos.state()).toMatchObject({ situacion: 'boveda_bloqueada', lugar: 'boveda' })
    expect((await failureOf(secretos.reveal(made.id))).code).toBe('VAULT_LOCKED')
    expect((await failureOf(secretos.create(nuevo('B', { clave: 'clave-b' })))).code).toBe('VAULT_LOCKED')
    expect((await failureOf(secretos.unlock('cuatro caballos verdes'))).code).toBe('VAULT_PASSPHRASE_WRONG')
    await secretos.unlock(PHRASE)
    expect(await secretos.reveal(made.id)).toEqual({ clave: PLANTED })
    expect(await secretos.rotateDataKey()).toMatchObject({ lugar: 'boveda', secretos: 1 })
    secretos.lock()
    expect((await failureOf(secretos.reveal(made.id))).code).toBe('VAULT_LOCKED')
    await secretos.unlock(PHRASE)
    expect(await secretos.reveal(made.id)).toEqual({ clave: PLANTED })
    expect(await secretos.moveToKeychain()).toMatchObject({ lugar: 'napi', secretos: 1 })
    await reopen()
    expect(await bench.secretos.reveal(made.id)).toEqual({ clave: PLANTED })
    expect(JSON.stringify(listClaves(bench.store.db))).not.toContain('scrypt')
  })

  it('changes its passphrase, also under the feet of another process', async () => {
    memory.state.down = true
    const { secretos } = bench
    await secretos.createVault(PHRASE)
    const made = await secretos.create(nuevo('A', { clave: PLANTED }))
    const other = openSecretos(dir, { loadKeychains: () => [memory.keychain] })
    expect((await failureOf(other.secretos.changePassphrase('no es la frase', 'x'.repeat(12)))).code).toBe(
      'VAULT_PASSPHRASE_WRONG',
    )
    await other.secretos.changePassphrase(PHRASE, 'otra frase bien larga')
    // The first one would otherwise wrap its new key under a passphrase that nobody keeps.
    expect((await failureOf(secretos.rotateDataKey())).code).toBe('VAULT_LOCKED')
    expect((await failureOf(secretos.unlock(PHRASE))).code).toBe('VAULT_PASSPHRASE_WRONG')
    await secretos.unlock('otra frase bien larga')
    await secretos.rotateDataKey()
    expect(await other.secretos.reveal(made.id)).toEqual({ clave: PLANTED })
    await other.close()
  })

  it('opens without a person by a file that only its owner reads', async () => {
    await bench.secretos.createVault(PHRASE)
    const made = await bench.secretos.create(nuevo('A', { clave: PLANTED }))
    const file = join(dir, 'frase')
    writeFileSync(file, `${PHRASE}\n`, { mode: 0o600 })
    const { secretos } = await reopen({ env: { SAGE_PASSPHRASE_FILE: file } })
    expect(await secretos.reveal(made.id)).toEqual({ clave: PLANTED })
    chmodSync(file, 0o640)
    expect(statSync(file).mode & 0o777).toBe(0o640)
    const again = await reopen({ env: { SAGE_PASSPHRASE_FILE: file } })
    expect(await failureOf(again.secretos.reveal(made.id))).toMatchObject({ code: 'PASSPHRASE_FILE_REFUSED' })
    expect((await again.secretos.state()).situacion).toBe('boveda_bloqueada')
  })
})

describe('what must never be seen', () => {
  it('is in no file of the data folder, no error, no event and no text that passes the redactor', async () => {
    const { secretos, store, log, told, dataDir } = bench
    const made = await secretos.create(nuevo('A', { clave: PLANTED }))
    await secretos.update(made.id, { valores: { clave: `${PLANTED}#2` } })
    await secretos.createVault(PHRASE)
    await secretos.rotateDataKey()
    await secretos.moveToKeychain()
    log.error('engine.unhandled', `el SDK dijo: no vale ${PLANTED}`, {
      error: new Error(`pgsql ${PLANTED}`),
      datos: { [`k-${PLANTED}`]: [`abc${PLANTED}def`, Buffer.from(PLANTED).toString('base64')] },
      url: `https://host/?x=${encodeURIComponent(PLANTED)}`,
    })
    log.info('engine.ready', `frase ${PHRASE}, llave ${[...memory.entries.values()].join()}`)
    store.db.prepare('VACUUM INTO ?').run(join(dataDir, 'respaldo.sqlite'))
    const files = filesUnder(dataDir)
    expect(files.some((file) => file.endsWith('-wal'))).toBe(true)
    const hidden = [PLANTED, `${PLANTED}#2`, PHRASE, ...memory.entries.values()].flatMap((value) => [
      ...[value, encodeURIComponent(value), Buffer.from(value).toString('base64')],
      Buffer.from(value, 'base64').toString('latin1'),
    ])
    for (const file of files) {
      const bytes = readFileSync(file)
      for (const value of hidden) {
        expect(`${file}: ${bytes.includes(value)}`).toBe(`${file}: false`)
        expect(`${file}: ${bytes.includes(value, 0, 'latin1')}`).toBe(`${file}: false`)
      }
    }
    expect(readFileSync(log.file, 'utf8')).toContain('el SDK dijo: no vale [oculto]')
    const said = JSON.stringify([told, listAuditoria(store.db, 100), secretos.list(), await secretos.state()])
    for (const value of hidden) expect(said).not.toContain(value)
    expect(listAuditoria(store.db, 100).map(({ accion }) => accion)).toEqual([
      'secretos.llavero_usado',
      'secretos.clave_rotada',
      'secretos.boveda_creada',
      'secreto.cambiado',
      'secreto.creado',
    ])
  })

  it('is masked by line where it has lines, and in the texts of a service account', async () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDH'
    const pem = `-----BEGIN KEY-----\n${line}\n-----END KEY-----`
    const made = await bench.secretos.create(
      nuevo('GCS', { cuenta: JSON.stringify({ type: 'service_account', private_key: pem }) }),
    )
    await bench.secretos.reveal(made.id)
    expect(redactText(`error cerca de ${line}.`)).toBe('error cerca de [oculto].')
    expect(redactText('service_account')).toBe('service_account')
  })
})
