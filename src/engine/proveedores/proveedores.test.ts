import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDuck, quoteLiteral } from '@engine/duckdb'
import { memoryKeychain, openSecretos, tempFolder } from '@engine/secrets/secretos.fixture'
import { RED_NORMAL } from '@shared/model/proveedor'
import { secretoNuevoSchema } from '@shared/model/secreto'
import { type Sshd, sshdMissing, startSshd } from '@testkit/connectors/sshd'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProveedores, type ProveedoresService, tiposProveedor } from '.'

const signal = new AbortController().signal
const transferencia = randomUUID()
let bench: ReturnType<typeof openSecretos>
let service: ProveedoresService
let dir: string
/** What the provider of a folder serves. */
let folder: string

beforeEach(() => {
  dir = tempFolder()
  const { keychain } = memoryKeychain()
  bench = openSecretos(dir, { loadKeychains: () => [keychain] })
  const { store, log, secretos, told } = bench
  service = createProveedores({
    ...{ store, log, secretos },
    emit: (topic, payload) => void told.push({ topic, payload }),
  })
  folder = join(dir, 'carpeta')
  mkdirSync(folder)
})
afterEach(async () => {
  await service.proveedores.close()
  await bench.close()
  bench.remove()
})

const local = (nombre = 'Entregas', path = folder) => ({
  ...{
    nombre,
    descripcion: '',
    tipo: 'local',
    config: {},
    lugar: { path },
    red: RED_NORMAL,
    secretoId: null,
  },
})
const audited = () =>
  bench.store.db.prepare(`SELECT accion FROM auditoria WHERE objeto = 'proveedor' ORDER BY id`).pluck().all()

describe('providers', () => {
  it('are saved, changed and removed, each under its own name', async () => {
    const { proveedores } = service
    const made = await proveedores.create(local())
    expect(made).toMatchObject({ nombre: 'Entregas', tipo: 'local', config: { version: 1, folder } })
    await expect(proveedores.create(local())).rejects.toMatchObject({ code: 'PROVEEDOR_NAME_TAKEN' })
    // Without choosing again, the folder stays.
    const changed = await proveedores.update({ ...local('Salidas'), lugar: null, id: made.id })
    expect(changed).toMatchObject({ nombre: 'Salidas', config: { folder } })
    await proveedores.remove(made.id)
    expect(proveedores.list()).toEqual([])
    expect(() => proveedores.get(made.id)).toThrow(expect.objectContaining({ code: 'PROVEEDOR_NOT_FOUND' }))
    await proveedores.create(local('Salidas'))
    expect(audited()).toEqual([
      ...['proveedor.creado', 'proveedor.cambiado', 'proveedor.eliminado', 'proveedor.creado'],
    ])
  })

  it('are refused when they could not work', async () => {
    const { proveedores } = service
    const refused = (input: object) =>
      proveedores.create({ ...local(), ...input }).catch((error) => error.code)
    expect(await refused({ tipo: 'ftp' })).toBe('PROVIDER_KIND_UNKNOWN')
    expect(await refused({ lugar: null })).toBe('PROVEEDOR_PLACE')
    expect(await refused({ lugar: { path: join(dir, 'no-existe') } })).toBe('PROVEEDOR_PLACE')
    expect(await refused({ config: { folder: '/etc' } })).toBe('PROVEEDOR_PLACE')
    expect(await refused({ config: { otra: 1 } })).toBe('PROVIDER_CONFIG_INVALID')
    expect(await refused({ tipo: 'sftp', config: { host: 'x' } })).toBe('PROVIDER_CONFIG_INVALID')
    expect(await refused({ secretoId: 99 })).toBe('SECRET_NOT_FOUND')
    expect(proveedores.list()).toEqual([])
  })

  it('keep how their tests went, the last fifty', async () => {
    const { proveedores } = service
    const { id } = await proveedores.create(local())
    expect((await proveedores.probar({ id }, signal)).ok).toBe(true)
    const moved = join(dir, 'otra')
    mkdirSync(moved)
    await proveedores.update({ ...local('Entregas', moved), id })
    for (let i = 0; i < 51; i++) await proveedores.probar({ id }, signal)
    const pruebas = proveedores.pruebas(id)
    expect(pruebas).toHaveLength(50)
    expect(proveedores.get(id).ultimaPrueba).toEqual(pruebas[0])
    // One that is being written is tested without being kept.
    const prueba = await proveedores.probar({ ...local(), de: id, lugar: null }, signal)
    expect(prueba.pasos.map(({ estado }) => estado)).toEqual([
      ...['omitido', 'omitido', 'omitido', 'bien', 'bien', 'bien'],
    ])
    expect(proveedores.pruebas(id)).toHaveLength(50)
  })

  it('say of each kind what its form needs', () => {
    const tipos = tiposProveedor()
    const sftp = tipos.find(({ tipo }) => tipo === 'sftp')
    expect(tipos.find(({ tipo }) => tipo === 'local')?.lugar).toBe('folder')
    expect(sftp?.secretos.map(({ nombre }) => nombre)).toEqual(['password', 'privateKey', 'passphrase'])
    expect(sftp?.esquema).toMatchObject({
      properties: { host: { sage: { label: { es: 'Servidor', en: 'Server' } } }, port: { default: 22 } },
      required: expect.arrayContaining(['host', 'user']),
    })
    // What the console gets is plain JSON.
    expect(JSON.parse(JSON.stringify(tipos))).toEqual(tipos)
  })
})

describe('inside a provider', () => {
  it('a person looks, sends, brings and deletes', async () => {
    const { proveedores, explorador } = service
    const { id } = await proveedores.create(local())
    const source = join(dir, 'ventas.csv')
    writeFileSync(source, 'a,b\n1,2\n')
    const send = { id, carpeta: 'entrada', lugar: { path: source }, reemplazar: false, transferencia }
    expect(await explorador.subir(send, signal)).toMatchObject({ ruta: 'entrada/ventas.csv', bytes: 8 })
    await expect(explorador.subir(send, signal)).rejects.toMatchObject({ code: 'REMOTE_EXISTS' })
    await explorador.subir({ ...send, reemplazar: true }, signal)
    expect(bench.told).toContainEqual({
      topic: 'proveedores.transferencia',
      payload: { transferencia, proveedorId: id, bytes: 8, total: 8 },
    })
    const page = await explorador.explorar({ id, ruta: 'entrada', cursor: null, limite: 10 }, signal)
    expect(page).toMatchObject({
      items: [{ ruta: 'entrada/ventas.csv', clase: 'archivo', bytes: 8 }],
      cursor: null,
      puede: { enlace: false, crearContenedor: false },
    })
    const bring = { id, ruta: 'entrada/ventas.csv', lugar: { path: dir }, transferencia }
    const taken = await explorador.descargar(bring, signal)
    // The one that was there stays.
    expect(taken.archivo).toBe(join(dir, 'ventas (2).csv'))
    expect(readFileSync(taken.archivo, 'utf8')).toBe('a,b\n1,2\n')
    await explorador.eliminar({ id, ruta: 'entrada/ventas.csv' }, signal)
    expect(existsSync(join(folder, 'entrada/ventas.csv'))).toBe(false)
    const link = explorador.enlace({ id, ruta: 'a.csv', segundos: 60 }, signal)
    await expect(link).rejects.toMatchObject({ code: 'REMOTE_UNSUPPORTED' })
    await expect(explorador.eliminar({ id, ruta: '../ventas.csv' }, signal)).rejects.toMatchObject({
      code: 'REMOTE_PATH_INVALID',
    })
    expect(audited()).toEqual([
      ...['proveedor.creado', 'proveedor.subido', 'proveedor.subido', 'proveedor.descargado'],
      'proveedor.archivo_eliminado',
    ])
  })

  it('the beginning of a text, a CSV and a Parquet is seen', async () => {
    const { proveedores, explorador } = service
    const { id } = await proveedores.create(local())
    const see = (ruta: string) => explorador.vistaPrevia({ id, ruta }, signal)
    writeFileSync(join(folder, 'nota.md'), '# Año\n')
    expect(await see('nota.md')).toMatchObject({ tipo: 'texto', texto: '# Año\n', cortado: false })
    writeFileSync(join(folder, 'w.log'), Buffer.from('A\xf1o', 'latin1'))
    expect(await see('w.log')).toMatchObject({ tipo: 'texto', texto: 'Año' })
    writeFileSync(join(folder, 'v.csv'), 'día;valor\n01/02/2026;"1,5"\n03/02/2026;\n')
    expect(await see('v.csv')).toMatchObject({
      tipo: 'tabla',
      columnas: ['día', 'valor'],
      filas: [
        ['01/02/2026', '1,5'],
        ['03/02/2026', null],
      ],
    })
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},texto ${i}`)
    writeFileSync(join(folder, 'largo.csv'), `n,t\n${rows.join('\n')}\n`)
    const long = await see('largo.csv')
    expect([long.filas.length, long.cortado, long.filas[99]]).toEqual([100, true, ['99', 'texto 99']])
    const duck = await openDuck({ dir: folder })
    await duck.run(
      `COPY (SELECT range AS n, DATE '2026-01-02' AS d FROM range(3)) TO ${quoteLiteral(join(folder, 'p.parquet'))}`,
    )
    await duck.close()
    expect(await see('p.parquet')).toMatchObject({
      columnas: ['n', 'd'],
      filas: [['0', '2026-01-02'], {}, {}],
    })
    writeFileSync(join(folder, 'roto.parquet'), 'no es')
    expect(await see('roto.parquet')).toMatchObject({
      tipo: 'ninguna',
      motivo: expect.stringContaining('dañado'),
    })
    writeFileSync(join(folder, 'b.dat'), Buffer.from([1, 0, 2]))
    expect((await see('b.dat')).tipo).toBe('ninguna')
  })
})

describe.skipIf(sshdMissing)(`with a credential${sshdMissing ? `: ${sshdMissing}` : ''}`, () => {
  let sshd: Sshd
  beforeEach(async () => {
    sshd = await startSshd()
  })
  afterEach(() => sshd.stop())

  const sftp = (secretoId: number | null, hostKey?: string) => ({
    ...{ nombre: 'Servidor', descripcion: '', tipo: 'sftp', lugar: null, red: RED_NORMAL, secretoId },
    config: {
      host: sshd.host,
      port: sshd.port,
      user: sshd.user,
      auth: 'key',
      ...(hostKey ? { hostKey } : {}),
    },
  })

  it('is tried with what is typed and not saved yet, beside what it holds', async () => {
    const { privateKey, passphrase } = sshd.encryptedKey
    const nuevo = { nombre: 'Clave cifrada', tipo: 'sftp', valores: { privateKey } }
    const { id } = await bench.secretos.create(secretoNuevoSchema.parse(nuevo))
    const probar = (valores: Record<string, string>) =>
      service.proveedores.probar({ ...sftp(id, sshd.fingerprint), valores }, signal)
    expect((await probar({ passphrase })).ok).toBe(true)
    expect((await probar({ passphrase: 'otra frase' })).ok).toBe(false)
    expect(JSON.stringify([bench.told, bench.secretos.list()])).not.toContain(passphrase)
  })

  it('a server is met for the first time, its key accepted, and entered with a sealed key', async () => {
    const { proveedores, explorador } = service
    const { secretos } = bench
    const secreto = await secretos.create(
      secretoNuevoSchema.parse({ nombre: 'Clave', tipo: 'sftp', valores: { privateKey: sshd.privateKey } }),
    )
    const first = await proveedores.probar(sftp(secreto.id), signal)
    const failed = first.pasos.find(({ estado }) => estado === 'mal')
    expect(failed).toMatchObject({ paso: 'connect', codigo: 'HOST_KEY_UNKNOWN' })
    expect(failed?.huella).toContain(sshd.fingerprint)
    const { id } = await proveedores.create(sftp(secreto.id, failed?.huella ?? ''))
    expect((await proveedores.probar({ id }, signal)).ok).toBe(true)
    writeFileSync(join(sshd.folder('entrada'), 'a.csv'), 'a')
    const page = await explorador.explorar({ id, ruta: 'entrada', cursor: null, limite: 10 }, signal)
    expect(page.items.map(({ ruta }) => ruta)).toEqual(['entrada/a.csv'])
    // While it is used it can't be removed; with another key in it, the next to ask finds the door closed.
    await expect(secretos.remove(secreto.id)).rejects.toMatchObject({ code: 'SECRET_IN_USE' })
    await secretos.update(secreto.id, { valores: { privateKey: 'otra cosa' } })
    proveedores.conexiones.dropAll()
    const again = explorador.explorar({ id, ruta: '', cursor: null, limite: 10 }, signal)
    await expect(again).rejects.toMatchObject({ code: 'SFTP_KEY_INVALID' })
    const lines = sshd.privateKey.split('\n').filter((line) => line.length > 40)
    const said = JSON.stringify([bench.told, proveedores.list(), proveedores.pruebas(id)])
    for (const line of lines) expect(said).not.toContain(line)
    await proveedores.remove(id)
    await secretos.remove(secreto.id)
  })
})
