import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildHost, EngineProcess } from './engine-process.fixture'

const OUT = resolve(__dirname, `../../../.cache/engine-secretos-${process.pid}`)
const PLANTED = 'Pl4nt4d0-ipc-8f03'
const PHRASE = 'cuatro caballos azules'

let dir: string
let engine: EngineProcess
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sage-host-secretos-'))
  engine = new EngineProcess(await buildHost(OUT), join(dir, 'data'))
  await engine.ready
})
afterAll(async () => {
  await engine.shutdown()
  for (const folder of [OUT, dir]) rmSync(folder, { recursive: true, force: true })
})

it('what is typed as secret reaches the store sealed and comes back in no answer, error, event or log', async () => {
  const heard: unknown[] = []
  const ask = async <T>(call: Promise<T>): Promise<T> => {
    const output = await call
    heard.push(output)
    return output
  }
  const fail = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.then(
      () => new Error('no falló'),
      (failure: unknown) => AppError.from(failure),
    )
    heard.push(error instanceof AppError ? error.toData() : error.message)
    return error instanceof AppError ? error.code : error.message
  }
  await ask(engine.call('secretos.crearBoveda', { frase: PHRASE }))
  const told = engine.next('secretos.changed', ({ id }) => id !== null)
  const made = await ask(
    engine.call('secretos.create', { nombre: 'Base', tipo: 'base_datos', valores: { clave: PLANTED } }),
  )
  expect(await told).toEqual({ id: made.id })
  // The same text where it is no secret by name: a name that is taken, an operation that quotes it.
  expect(await fail(engine.call('secretos.create', { nombre: 'Base', valores: { clave: PLANTED } }))).toBe(
    'SECRET_NAME_TAKEN',
  )
  expect(await fail(engine.call('settings.set', { key: PLANTED, value: 1 }))).toBe('SETTING_UNKNOWN')
  expect(await fail(engine.call('secretos.create', { nombre: '', valores: { clave: `${PLANTED}-b` } }))).toBe(
    'INPUT_INVALID',
  )
  expect(await fail(engine.call('settings.set', { key: `${PLANTED}-b`, value: 1 }))).toBe('SETTING_UNKNOWN')
  await ask(engine.call('secretos.update', { id: made.id, datos: { valores: { clave: `${PLANTED}-c` } } }))
  expect(await ask(engine.call('secretos.rotarClave', {}))).toMatchObject({ lugar: 'boveda', secretos: 1 })
  await ask(engine.call('secretos.bloquear', {}))
  expect((await ask(engine.call('secretos.estado', {}))).situacion).toBe('boveda_bloqueada')
  expect(await fail(engine.call('secretos.desbloquear', { frase: `${PLANTED}-frase` }))).toBe(
    'VAULT_PASSPHRASE_WRONG',
  )
  await ask(engine.call('secretos.desbloquear', { frase: PHRASE }))
  expect((await ask(engine.call('secretos.list', {}))).items).toHaveLength(1)

  const said = JSON.stringify([heard, engine.events])
  for (const secret of [PLANTED, PHRASE]) expect(said).not.toContain(secret)
  const files = readdirSync(join(dir, 'data'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  expect(files.map(({ name }) => name)).toContain('sage.sqlite-wal')
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name))
    for (const secret of [PLANTED, PHRASE]) expect([name, bytes.includes(secret)]).toEqual([name, false])
  }
})
