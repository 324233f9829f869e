import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { findEjecucion, insertEjecucion, markStarted } from '@engine/store'
import type { Ejecucion } from '@shared/model/execution'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.fixture'

let bench: Workbench
let casillaId: number
beforeEach(async () => {
  bench = openWorkbench()
  const input = {
    nombre: 'Personas',
    descripcion: '',
    politica: 'todo_o_nada',
    nombreYaml: 'personas.yaml',
  } as const
  casillaId = (await bench.casillas.create({ ...input, yaml: personasYaml() })).id
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

function file(name: string, text: string, encoding: BufferEncoding = 'utf8'): string {
  const path = join(bench.dir, name)
  writeFileSync(path, text, encoding)
  return path
}

/** Long enough to be caught while it runs. */
async function longFile(): Promise<string> {
  const path = join(bench.dir, 'personas.csv')
  const out = createWriteStream(path)
  out.write('codigo,edad\n')
  for (let block = 0; block < 60; block++) {
    out.write(Array.from({ length: 10_000 }, (_, i) => `c${block * 10_000 + i},${i % 90}\n`).join(''))
  }
  out.end()
  await finished(out)
  return path
}

const ended = (uuid: string): Promise<Ejecucion> =>
  bench.next(
    'execution.changed',
    ({ id, fase }) => id === uuid && fase !== 'en_espera' && fase !== 'en_curso',
  )

/** Starts and waits for the end. */
async function process(path: string, nombre?: string): Promise<Ejecucion> {
  const done = bench.next('execution.changed', ({ fase }) => fase !== 'en_espera' && fase !== 'en_curso')
  const id = await bench.executions.start({ casillaId, source: { path }, ...(nombre ? { nombre } : {}) })
  const ejecucion = await done
  expect(ejecucion.id).toBe(id)
  return ejecucion
}

const folder = (uuid: string): string => join(bench.dataDir, 'ejecuciones', uuid)

describe('executions', () => {
  it('opens what is compressed up to the limit of the settings, as it is when the execution starts', async () => {
    const path = join(bench.dir, 'personas.csv.gz')
    writeFileSync(
      path,
      gzipSync(`codigo,edad\n${Array.from({ length: 200_000 }, (_, i) => `c${i},1\n`).join('')}`),
    )
    await bench.settings.set('unzipMaxFileGib', 0.001)
    const refused = await process(path)
    expect(refused).toMatchObject({ fase: 'terminada', estado: 'Fallido', registros: 0 })
    const { verdict } = await bench.executions.get(refused.id)
    expect(verdict?.fileErrors).toMatchObject([
      { code: 'GZIP_TOO_BIG', hint: 'Dividirlo en varios envíos o subir el límite en los ajustes.' },
    ])
    await bench.settings.set('unzipMaxFileGib', 1)
    expect(await process(path)).toMatchObject({ estado: 'Éxito', registros: 200_000 })
  })

  it('runs one: events in order, counts in the row, verdict and reports in its folder', async () => {
    const path = file('personas.csv', 'codigo,edad\na,1\na,2\nb,x\n')
    const ejecucion = await process(path)
    expect(ejecucion).toMatchObject({
      fase: 'terminada',
      estado: 'Fallido',
      registros: 3,
      errores: 2,
      archivo: 'personas.csv',
      casillaNombre: 'Personas',
      yamlVersion: 1,
      metodoEnvio: 'direct_upload',
      error: null,
    })
    expect(ejecucion.sha256).toMatch(/^[0-9a-f]{64}$/)
    const phases = bench.told.flatMap(({ topic, payload }) =>
      topic === 'execution.changed' ? [(payload as Ejecucion).fase] : [],
    )
    expect(phases).toEqual(['en_espera', 'en_curso', 'terminada'])
    const { verdict } = await bench.executions.get(ejecucion.id)
    expect(verdict?.checks.map(({ rule, records }) => [rule, records])).toEqual(
      expect.arrayContaining([
        ['unique:codigo', [2]],
        ['type:edad', [3]],
      ]),
    )
    for (const artifact of [
      'report.html',
      'errores.csv',
      'results.txt',
      'details.json',
      'input.yaml',
    ] as const) {
      expect(bench.executions.artifactPath(ejecucion.id, artifact)).toBe(join(folder(ejecucion.id), artifact))
    }
    expect(bench.casillas.get(casillaId).ultimaEjecucion).toMatchObject({
      id: ejecucion.id,
      estado: 'Fallido',
    })
  })

  it('names the version that judged it, whatever comes later', async () => {
    const path = file('personas.csv', 'codigo,edad\na,1\n')
    const first = await process(path)
    await bench.casillas.saveYaml({
      id: casillaId,
      text: personasYaml().replace('Prueba', 'B'),
      nota: '',
      baseVersion: 1,
    })
    const second = await process(path)
    expect([first.yamlVersion, second.yamlVersion]).toEqual([1, 2])
    expect((await bench.executions.get(first.id)).ejecucion.yamlVersion).toBe(1)
  })

  it('ends as error, with what to do, when the file is gone before its turn', async () => {
    const first = await bench.executions.start({ casillaId, source: { path: await longFile() } })
    const path = file('otras.csv', 'codigo,edad\na,1\n')
    const id = await bench.executions.start({ casillaId, source: { path } })
    const end = ended(id)
    rmSync(path)
    await bench.executions.cancel(first)
    const ejecucion = await end
    expect(ejecucion).toMatchObject({ fase: 'error', estado: null, error: { kind: 'not-found' } })
    expect(ejecucion.error?.message).toContain('otras.csv')
    expect(() => bench.executions.finishedDir(id)).toThrow(/no tiene un veredicto/)
  })

  it('ends as rejected, never as an error, when the file is damaged', async () => {
    const ejecucion = await process(file('personas.csv', '\u001f\u008b\u0008\u0000', 'latin1'))
    expect(ejecucion).toMatchObject({ fase: 'terminada', estado: 'Fallido', error: null, errores: 1 })
  })

  it('cancels while it runs, leaves only what was received, and runs again from it', async () => {
    const path = await longFile()
    const running = bench.next('execution.progress', ({ fraction }) => fraction > 0)
    const uuid = await bench.executions.start({ casillaId, source: { path } })
    const end = ended(uuid)
    await running
    expect(bench.executions.running).toBe(1)
    await expect(bench.executions.remove(uuid)).rejects.toMatchObject({ code: 'EXECUTION_RUNNING' })
    await expect(bench.executions.rerun(uuid)).rejects.toMatchObject({ code: 'EXECUTION_RUNNING' })
    await bench.executions.cancel(uuid)
    expect(await end).toMatchObject({ fase: 'cancelada', estado: null, error: null })
    await bench.executions.cancel(uuid)
    expect(readdirSync(folder(uuid)).filter((name) => !name.startsWith('input'))).toEqual([])

    const again = bench.next('execution.changed', ({ fase }) => fase === 'terminada')
    const second = await bench.executions.rerun(uuid)
    expect(await again).toMatchObject({ id: second, estado: 'Éxito', registros: 600_000 })
  })

  it('cancels one that waits: it never starts', async () => {
    const path = await longFile()
    const first = await bench.executions.start({ casillaId, source: { path } })
    const second = await bench.executions.start({ casillaId, source: { path } })
    expect(findEjecucion(bench.store.db, second)?.fase).toBe('en_espera')
    const end = ended(second)
    await bench.executions.cancel(second)
    expect(await end).toMatchObject({ fase: 'cancelada', iniciadaEn: null })
    const firstEnd = ended(first)
    await bench.executions.cancel(first)
    await firstEnd
  })

  it('marks what runs as interrupted when the engine closes', async () => {
    const path = await longFile()
    const running = bench.next('execution.progress', () => true)
    const uuid = await bench.executions.start({ casillaId, source: { path } })
    await running
    await bench.executions.stop()
    expect(findEjecucion(bench.store.db, uuid)).toMatchObject({
      fase: 'interrumpida',
      error: { code: 'EXECUTION_INTERRUPTED', retryable: true },
    })
  })

  it('runs again from its own copy when the original went, and says so when nothing is left', async () => {
    const path = file('personas.csv', 'codigo,edad\na,1\n')
    const first = await process(path)
    rmSync(path)
    const again = bench.next('execution.changed', ({ fase }) => fase === 'terminada')
    await bench.executions.rerun(first.id)
    const second = await again
    expect(second).toMatchObject({ estado: 'Éxito', sha256: first.sha256 })
    // The copy of the second serves when the first went.
    await bench.executions.remove(first.id)
    rmSync(join(folder(second.id), 'input'), { recursive: true })
    await expect(bench.executions.rerun(second.id)).rejects.toMatchObject({ code: 'INPUT_GONE' })
  })

  it('removes the row and the folder, once', async () => {
    const { id } = await process(file('personas.csv', 'codigo,edad\na,1\n'))
    await bench.executions.remove(id)
    await bench.executions.remove(id)
    expect(existsSync(folder(id))).toBe(false)
    expect(readdirSync(join(bench.dataDir, 'ejecuciones'))).toEqual([])
    expect(bench.told.filter(({ topic }) => topic === 'execution.removed')).toHaveLength(1)
    await expect(bench.executions.get(id)).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' })
  })

  it('refuses sources that cannot be read, before a row exists', async () => {
    const start = (source: Parameters<Workbench['executions']['start']>[0]['source']) =>
      bench.executions.start({ casillaId, source })
    await expect(start({ path: join(bench.dir, 'nada.csv') })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
    await expect(start({ path: bench.dir })).rejects.toMatchObject({ code: 'FILE_NOT_A_FILE' })
    await expect(start({ path: 'relativa.csv' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(start({ muestraDe: casillaId })).rejects.toMatchObject({ code: 'SAMPLE_NOT_FOUND' })
    const token = '4b0d5f0e-8f43-4b5c-9a60-1f0f3c9b6a11'
    await expect(start({ token })).rejects.toMatchObject({ code: 'TOKEN_IN_ENGINE' })
    await bench.casillas.update({ id: casillaId, activa: false })
    await expect(start({ path: file('a.csv', 'x') })).rejects.toMatchObject({ code: 'CASILLA_INACTIVE' })
    expect(bench.executions.list({ ...page }).total).toBe(0)
  })

  it('never follows a link out of the data folder to an artifact', async () => {
    const { id } = await process(file('personas.csv', 'codigo,edad\na,1\n'))
    const outside = file('secreto.html', 'secreto')
    rmSync(join(folder(id), 'report.html'))
    symlinkSync(outside, join(folder(id), 'report.html'))
    expect(() => bench.executions.artifactPath(id, 'report.html')).toThrow(/No está «report.html»/)
    expect(() => bench.executions.artifactPath('../../x', 'folder')).toThrow(/No existe la ejecución/)
  })
})

const page = { limit: 200, offset: 0, sort: 'creadaEn', direction: 'desc' } as const

/** A row as an engine that died would leave it. */
async function left(uuid: string, archivo: string, started: boolean, bytes = 3): Promise<void> {
  await bench.store.write((db) => {
    insertEjecucion(db, {
      uuid,
      casillaId,
      yamlVersion: 1,
      nombreYaml: 'personas.yaml',
      archivo,
      origen: join(bench.dir, archivo),
      directorio: `ejecuciones/${uuid}`,
      metodoEnvio: 'direct_upload',
      politica: 'todo_o_nada',
      bytes,
      repiteA: null,
      emisorId: null,
      archivoId: null,
      recibidaEn: new Date().toISOString(),
      now: new Date().toISOString(),
    })
    if (started) markStarted(db, uuid, new Date().toISOString())
  })
}

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`

describe('after an engine that died', () => {
  it('marks what was open, cleans what was half done, and keeps what was received whole', async () => {
    await left(id(1), 'entera.csv', true)
    await left(id(2), 'cortada.csv', true, 1_000)
    await left(id(3), 'espera.csv', false)
    for (const n of [1, 2]) {
      mkdirSync(join(folder(id(n)), 'input'), { recursive: true })
      mkdirSync(join(folder(id(n)), 'tmp'))
      writeFileSync(join(folder(id(n)), 'input', 'x.csv'), 'abc')
      writeFileSync(join(folder(id(n)), 'errores.csv'), 'a medias')
      writeFileSync(join(folder(id(n)), '.en-curso'), '1')
    }
    mkdirSync(folder(id(4)), { recursive: true })
    mkdirSync(join(bench.dataDir, 'ejecuciones', `.borrar-${id(5)}`))
    mkdirSync(join(bench.dataDir, 'ejecuciones', 'de la persona'))

    const changed = await bench.executions.recover()
    expect(changed.map(({ id: uuid, fase }) => [uuid, fase])).toEqual(
      [1, 2, 3].map((n) => [id(n), 'interrumpida']),
    )
    expect(changed[0]?.error).toMatchObject({ code: 'EXECUTION_INTERRUPTED', retryable: true })
    expect(readdirSync(folder(id(1)))).toEqual(['input'])
    expect(readdirSync(folder(id(2)))).toEqual([])
    expect(readdirSync(join(bench.dataDir, 'ejecuciones')).sort()).toEqual([id(1), id(2), 'de la persona'])
    expect(await bench.executions.recover()).toEqual([])
  })

  it('counts as ended what died after its verdict was whole', async () => {
    const { id: uuid } = await process(file('personas.csv', 'codigo,edad\na,1\n'))
    await bench.store.write((db) =>
      db.prepare("UPDATE ejecuciones_yaml SET fase = 'en_curso', estado = NULL WHERE uuid = ?").run(uuid),
    )
    expect(await bench.executions.recover()).toMatchObject([{ id: uuid, fase: 'terminada', estado: 'Éxito' }])
  })
})

describe('history', () => {
  it('filters, searches without accents, sorts and pages by SQL', async () => {
    const names = ['Ventas Perú.zip', 'clientes.csv', "o'brien_100%.csv", 'stock.csv']
    for (const [n, name] of names.entries()) await left(id(n + 1), name, n === 1)
    const list = (query: object): string[] =>
      bench.executions.list({ ...page, ...query }).items.map(({ archivo }) => archivo)
    expect(list({ search: 'PERU' })).toEqual(['Ventas Perú.zip'])
    expect(list({ search: "o'brien_100%" })).toEqual(["o'brien_100%.csv"])
    expect(list({ search: '_' })).toEqual(["o'brien_100%.csv"])
    expect(list({ search: 'personas' })).toHaveLength(4)
    expect(list({ search: "' OR 1=1 --" })).toEqual([])
    expect(list({ fase: 'en_curso' })).toEqual(['clientes.csv'])
    expect(list({ estado: 'Éxito' })).toEqual([])
    expect(list({ casillaId: casillaId + 1 })).toEqual([])
    expect(list({ sort: 'archivo', direction: 'asc' })).toEqual([
      'clientes.csv',
      "o'brien_100%.csv",
      'stock.csv',
      'Ventas Perú.zip',
    ])
    expect(list({ sort: 'archivo', direction: 'asc', limit: 2, offset: 2 })).toEqual([
      'stock.csv',
      'Ventas Perú.zip',
    ])
    expect(bench.executions.list({ ...page, limit: 1 }).total).toBe(4)
    const today = new Date().toISOString().slice(0, 10)
    expect(list({ from: today, to: today })).toHaveLength(4)
    expect(list({ to: '2020-01-01' })).toEqual([])
  })
})
