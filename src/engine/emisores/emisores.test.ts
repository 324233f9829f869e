import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emisorDatos, openWorkbench, permisoDatos, type Workbench } from '@engine/casillas/workbench.fixture'
import { findEjecucion, listAuditoria } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import { emisorDatosSchema, permisoDatosSchema } from '@shared/model/emisor'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanSubfolder } from './subfolder'

let bench: Workbench
let casillaId: number
let carpeta: string
beforeEach(async () => {
  bench = openWorkbench()
  carpeta = join(bench.dir, 'entrada')
  mkdirSync(carpeta)
  casillaId = await makeCasilla('Ventas', carpeta)
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

async function makeCasilla(nombre: string, path: string | null = null): Promise<number> {
  const { id } = await bench.casillas.create({
    nombre,
    descripcion: '',
    politica: 'todo_o_nada',
    nombreYaml: 'personas.yaml',
    yaml: personasYaml(),
    carpeta: path === null ? null : { path },
  })
  return id
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => AppError.from(error).code,
  )

const allow = (emisorId: number, more: Parameters<typeof permisoDatos>[0], into = casillaId) =>
  bench.emisores.guardarPermiso({ casillaId: into, emisorId, datos: permisoDatos(more) })

describe('senders', () => {
  it('are created, changed and removed; what they sent keeps their name', async () => {
    const made = await bench.emisores.create(
      emisorDatos('Distribuidora Ñusta', {
        organizacion: 'Grupo Norte',
        tipo: 'distribuidora',
        codigoInterno: 'nusta-01',
        email: 'datos@nusta.pe',
        telefono: '+51 1 555 0100',
      }),
    )
    expect(made).toMatchObject({ tipo: 'distribuidora', activo: true, casillas: [], ultimoEnvio: null })
    await allow(made.id, { metodos: ['direct_upload'] })
    const path = join(bench.dir, 'personas.csv')
    writeFileSync(path, 'codigo,edad\na,1\n')
    const ended = bench.next('execution.changed', ({ fase }) => fase === 'terminada')
    const executionId = await bench.executions.start({ casillaId, source: { path }, emisorId: made.id })
    expect((await ended).emisorNombre).toBe('Distribuidora Ñusta')
    const [listed] = bench.emisores.list()
    expect(listed?.casillas).toEqual([{ id: casillaId, nombre: 'Ventas' }])
    expect(listed?.ultimoEnvio).toBe(findEjecucion(bench.store.db, executionId)?.recibida_en)
    const changed = await bench.emisores.update(made.id, emisorDatos('Ñusta', { activo: false }))
    expect(changed).toMatchObject({ nombre: 'Ñusta', codigoInterno: '', activo: false, tipo: 'otros' })
    await bench.emisores.remove(made.id)
    await bench.emisores.remove(made.id)
    expect(bench.emisores.list()).toEqual([])
    expect(bench.emisores.permisos(casillaId)).toEqual([])
    expect(findEjecucion(bench.store.db, executionId)?.emisor_nombre).toBe('Ñusta')
    expect(await codeOf(bench.emisores.update(made.id, emisorDatos('Otra')))).toBe('EMISOR_NOT_FOUND')
    const actions = listAuditoria(bench.store.db, 10).map(({ accion }) => accion)
    expect(actions.slice(0, 4)).toEqual([
      'emisor.eliminado',
      'emisor.cambiado',
      'permiso.guardado',
      'emisor.creado',
    ])
  })

  it('have a code of their own while they live', async () => {
    const first = await bench.emisores.create(emisorDatos('Uno', { codigoInterno: 'n-1' }))
    const second = await bench.emisores.create(emisorDatos('Dos'))
    const same = emisorDatos('Dos', { codigoInterno: 'n-1' })
    expect(await codeOf(bench.emisores.update(second.id, same))).toBe('EMISOR_CODE_TAKEN')
    expect(await codeOf(bench.emisores.create(same))).toBe('EMISOR_CODE_TAKEN')
    expect((await bench.emisores.update(first.id, emisorDatos('Uno', { codigoInterno: 'n-1' }))).id).toBe(
      first.id,
    )
    await bench.emisores.remove(first.id)
    expect((await bench.emisores.update(second.id, same)).codigoInterno).toBe('n-1')
  })

  it.each([
    { nombre: '  ' },
    { nombre: 'x', codigoInterno: 'Con Espacio' },
    { nombre: 'x', email: 'sin arroba' },
    { nombre: 'x', tipo: 'amigo' },
    { nombre: 'x', telefono: '9'.repeat(51) },
    { nombre: 'x', clave: 'secreta' },
  ])('are not what %j says', (value) => {
    expect(emisorDatosSchema.safeParse(value).success).toBe(false)
  })
})

describe('permissions', () => {
  it('say by which methods, from which sub-folder, who answers and when; saved again they change', async () => {
    const { id } = await bench.emisores.create(emisorDatos('Norte', { organizacion: 'Grupo' }))
    const responsable = { nombre: 'Ana', email: 'ana@norte.pe', telefono: '999', activo: true }
    const made = await allow(id, {
      metodos: ['local', 'sftp', 'local'],
      subdirectorio: 'norte\\ventas/',
      responsable,
      frecuencia: { tipo: 'diario', hora: '18:00' },
    })
    expect(made).toMatchObject({
      emisorNombre: 'Norte',
      emisorActivo: true,
      organizacion: 'Grupo',
      metodos: ['local', 'sftp'],
      subdirectorio: 'norte/ventas',
      responsable,
      frecuencia: { tipo: 'diario', hora: '18:00' },
    })
    expect(existsSync(join(carpeta, 'norte/ventas'))).toBe(true)
    expect(bench.casillas.get(casillaId).emisores).toBe(1)
    const changed = await allow(id, { metodos: ['sftp', 'api'] })
    expect(changed).toMatchObject({ metodos: ['sftp', 'api'], subdirectorio: '', frecuencia: null })
    expect(bench.emisores.permisos(casillaId)).toEqual([changed])
    await bench.emisores.quitarPermiso(casillaId, id)
    await bench.emisores.quitarPermiso(casillaId, id)
    expect(bench.emisores.permisos(casillaId)).toEqual([])
    expect(bench.told.filter(({ topic }) => topic === 'emisores.changed')).toHaveLength(4)
  })

  it('keep since when their frequency holds until it changes', async () => {
    const { id } = await bench.emisores.create(emisorDatos('Norte'))
    const since = (): unknown =>
      bench.store.db.prepare('SELECT DISTINCT frecuencia_desde FROM emisores_por_casilla').pluck().all()
    const daily = { metodos: ['local' as const], frecuencia: { tipo: 'diario' as const, hora: '18:00' } }
    await allow(id, daily)
    bench.store.db
      .prepare("UPDATE emisores_por_casilla SET frecuencia_desde = '2026-01-01T00:00:00.000Z'")
      .run()
    await allow(id, { ...daily, metodos: ['local', 'sftp'] })
    expect(since()).toEqual(['2026-01-01T00:00:00.000Z'])
    await allow(id, { ...daily, frecuencia: { tipo: 'diario', hora: '19:00' } })
    expect(since()).not.toEqual(['2026-01-01T00:00:00.000Z'])
  })

  it('give no folder to two', async () => {
    const [norte, sur] = [
      await bench.emisores.create(emisorDatos('Norte')),
      await bench.emisores.create(emisorDatos('Sur')),
    ]
    await allow(norte.id, { metodos: ['local'], subdirectorio: 'Envíos' })
    expect(await codeOf(allow(sur.id, { metodos: ['local'], subdirectorio: 'envi\u0301os' }))).toBe(
      'SUBFOLDER_TAKEN',
    )
    expect(await codeOf(allow(sur.id, { metodos: ['sftp'], subdirectorio: 'ENVÍOS/' }))).toBe(
      'SUBFOLDER_TAKEN',
    )
    await allow(sur.id, { metodos: ['local'], subdirectorio: 'envíos/sur' })
    // The casilla's own folder is one's alone, but needs nobody who sends by other ways.
    await allow(norte.id, { metodos: ['local'] })
    expect(await codeOf(allow(sur.id, { metodos: ['local'] }))).toBe('SUBFOLDER_TAKEN')
    expect((await allow(sur.id, { metodos: ['sftp'] })).subdirectorio).toBe('')
    // Another casilla has folders of its own.
    const other = await makeCasilla('Otra')
    expect((await allow(sur.id, { metodos: ['local'], subdirectorio: 'Envíos' }, other)).casillaId).toBe(
      other,
    )
  })

  it.each([
    '../fuera',
    'a/../../fuera',
    '/etc',
    'C:\\datos',
    '\\\\servidor\\x',
    '.oculta',
    'a/.git',
    'procesado',
    'RECHAZADO/x',
    'cuarentena',
    'a:b',
    'con',
    'x/NUL.txt',
    'punto.',
    'nul\u0000o',
    'a/b/c/d/e/f/g/h/i',
  ])('refuse the sub-folder %j', (given) => {
    expect(() => cleanSubfolder(given)).toThrow(expect.objectContaining({ code: 'SUBFOLDER_INVALID' }))
  })

  it.each([
    ['', ''],
    [' norte ', 'norte'],
    ['norte//lima/', 'norte/lima'],
    ['año\u0303', 'añõ'],
    ['a/b/c/d/e/f/g/h', 'a/b/c/d/e/f/g/h'],
    ['procesados', 'procesados'],
  ])('keep %j as %j', (given, kept) => {
    expect(cleanSubfolder(given)).toBe(kept.normalize('NFC'))
  })

  it('never make a folder through a link; a drive that is away does not stop them', async () => {
    const { id } = await bench.emisores.create(emisorDatos('Norte'))
    const outside = join(bench.dir, 'fuera')
    mkdirSync(outside)
    symlinkSync(outside, join(carpeta, 'enlace'))
    expect(await codeOf(allow(id, { metodos: ['local'], subdirectorio: 'enlace/norte' }))).toBe(
      'SUBFOLDER_IS_LINK',
    )
    expect(existsSync(join(outside, 'norte'))).toBe(false)
    expect(bench.emisores.permisos(casillaId)).toEqual([])
    rmSync(carpeta, { recursive: true })
    expect((await allow(id, { metodos: ['local'], subdirectorio: 'norte' })).subdirectorio).toBe('norte')
    expect(existsSync(carpeta)).toBe(false)
  })

  it('give no sub-folder where none is looked into', async () => {
    const { id } = await bench.emisores.create(emisorDatos('Norte'))
    const { vigilancia } = bench.casillas.get(casillaId)
    await bench.casillas.update({ id: casillaId, vigilancia: { ...vigilancia, subcarpetas: false } })
    expect(await codeOf(allow(id, { metodos: ['local'], subdirectorio: 'norte' }))).toBe('SUBFOLDERS_OFF')
    expect((await allow(id, { metodos: ['local'] })).metodos).toEqual(['local'])
  })

  it('need a casilla and a sender that live', async () => {
    const { id } = await bench.emisores.create(emisorDatos('Norte'))
    expect(await codeOf(allow(999, { metodos: ['local'] }))).toBe('EMISOR_NOT_FOUND')
    expect(await codeOf(allow(id, { metodos: ['local'] }, 999))).toBe('CASILLA_NOT_FOUND')
    await bench.emisores.remove(id)
    expect(await codeOf(allow(id, { metodos: ['local'] }))).toBe('EMISOR_NOT_FOUND')
    expect(permisoDatosSchema.safeParse({ metodos: [] }).success).toBe(false)
  })

  it('decide what a person may send on behalf of a sender', async () => {
    const { id } = await bench.emisores.create(emisorDatos('Norte'))
    const path = join(bench.dir, 'personas.csv')
    writeFileSync(path, 'codigo,edad\na,1\n')
    const start = () => bench.executions.start({ casillaId, source: { path }, emisorId: id })
    await expect(start()).rejects.toThrow('no tiene permiso para enviar a esta casilla')
    await allow(id, { metodos: ['local'] })
    await expect(start()).rejects.toThrow(
      'no puede enviar por envío directo: tiene permitido carpeta vigilada',
    )
    await allow(id, { metodos: ['direct_upload'] })
    await bench.emisores.update(id, emisorDatos('Norte', { activo: false }))
    await expect(start()).rejects.toThrow('está inactivo')
    await bench.emisores.update(id, emisorDatos('Norte'))
    const ended = bench.next('execution.changed', ({ fase }) => fase === 'terminada')
    const first = await start()
    await ended
    const again = bench.next('execution.changed', ({ fase }) => fase === 'terminada')
    const repeated = await bench.executions.rerun(first)
    await again
    expect(findEjecucion(bench.store.db, repeated)).toMatchObject({
      emisor_id: id,
      recibida_en: findEjecucion(bench.store.db, first)?.recibida_en,
    })
  })
})
