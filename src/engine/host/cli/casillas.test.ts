import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

const ROOT = resolve(__dirname, '../../../..')
const CLI = join(ROOT, 'out/engine/cli.cjs')
let dir: string
let children: ChildProcess[] = []

const env = () => ({ ...process.env, INIT_CWD: dir, SAGE_ROOT: ROOT, SAGE_DATA: join(dir, 'datos') })
const run = (args: string[], script = CLI) =>
  new Promise<{ code: number; out: string; err: string }>((done) => {
    execFile(process.execPath, [script, ...args], { cwd: dir, env: env() }, (error, out, err) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
const told = async (args: string[]) => JSON.parse((await run([...args, '--json'])).out)

beforeAll(async () => {
  dir = tmpdir()
  // Builds the command if it is stale.
  expect((await run(['--help'], join(ROOT, 'scripts/sage.mjs'))).code).toBe(0)
}, 120_000)
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sage-cli-casillas-'))
  mkdirSync(join(dir, 'entrada'))
  writeFileSync(join(dir, 'personas.yaml'), personasYaml())
})
afterEach(async () => {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    }),
  )
  children = []
  rmSync(dir, { recursive: true, force: true })
})

const add = (...more: string[]) =>
  run([
    'casillas',
    'add',
    'Personas',
    '--yaml',
    'personas.yaml',
    '--carpeta',
    'entrada',
    '--asentamiento',
    '0',
    ...more,
  ])

test('casillas: adds, lists, shows and removes, by number or name, and refuses what is wrong', async () => {
  const made = await add('--json')
  expect([made.code, made.err]).toEqual([0, ''])
  const { id } = JSON.parse(made.out)
  expect(JSON.parse(made.out)).toMatchObject({
    nombre: 'Personas',
    carpeta: expect.stringMatching(/entrada$/),
  })
  expect((await told(['casillas', 'list'])).casillas.map((one: { id: number }) => one.id)).toEqual([id])
  expect((await run(['casillas', 'list'])).out).toMatch(/Personas +activa +\S+entrada/)
  const shown = await run(['casillas', 'show', 'Personas'])
  expect(shown.out).toContain('personas (personas.csv)')
  expect(await told(['casillas', 'show', String(id)])).toMatchObject({ id, nombreYaml: 'personas.yaml' })
  for (const args of [
    ['casillas', 'show', 'Otra'],
    ['casillas', 'add', 'X', '--yaml', 'no.yaml'],
    ['casillas', 'add', 'X', '--yaml', 'personas.yaml', '--carpeta', 'no-existe'],
    ['casillas', 'add', 'X', '--yaml', 'personas.yaml', '--politica', 'ninguna'],
    ['casillas', 'add', 'X', '--yaml', 'personas.yaml', '--prefijo', 'data/5'],
    ['casillas', 'add', 'X'],
  ]) {
    const { code, out, err } = await run(args)
    expect([code, out, err !== '']).toEqual([2, '', true])
  }
  expect((await run(['casillas', 'remove', 'Personas'])).code).toBe(0)
  expect((await told(['casillas', 'list'])).casillas).toEqual([])
})

test('emisores: adds, allows, lists and removes; what one may not send is refused with its reason', async () => {
  await add()
  const made = await told(['emisores', 'add', 'Norte', '--codigo', 'n-01', '--tipo', 'distribuidora'])
  expect(made).toMatchObject({ nombre: 'Norte', codigoInterno: 'n-01', tipo: 'distribuidora', activo: true })
  const allowed = await run(['emisores', 'allow', 'n-01', '--casilla', 'Personas', '--subcarpeta', 'norte'])
  expect([allowed.code, allowed.out]).toEqual([0, 'Norte puede enviar por local, desde «norte».\n'])
  expect(existsSync(join(dir, 'entrada/norte'))).toBe(true)
  expect((await run(['emisores', 'list'])).out).toMatch(/Norte +— +distribuidora +n-01 +activo +Personas/)
  writeFileSync(join(dir, 'entrada/norte/personas.csv'), 'codigo,edad\na,1\n')
  expect((await run(['daemon', '--once'])).code).toBe(0)
  expect((await told(['executions', 'list'])).ejecuciones).toMatchObject([{ emisorNombre: 'Norte' }])
  // The sub-folder stays as it was.
  await run(['emisores', 'allow', 'Norte', '--casilla', 'Personas', '--metodo', 'sftp', '--metodo', 'api'])
  expect((await told(['emisores', 'list', '--casilla', 'Personas'])).permisos).toMatchObject([
    { emisorNombre: 'Norte', metodos: ['sftp', 'api'], subdirectorio: 'norte' },
  ])
  writeFileSync(join(dir, 'entrada/norte/personas.csv'), 'codigo,edad\nb,2\n')
  const refused = await run(['daemon', '--once', '--json'])
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.out).archivos).toMatchObject([
    { desenlace: 'rechazado', motivo: expect.stringContaining('no puede enviar por carpeta vigilada') },
  ])
  for (const args of [
    ['emisores', 'add', 'Sur', '--tipo', 'amigo'],
    ['emisores', 'add', 'Sur', '--codigo', 'n-01'],
    ['emisores', 'allow', 'Nadie', '--casilla', 'Personas'],
    ['emisores', 'allow', 'Norte', '--casilla', 'Personas', '--metodo', 'paloma'],
    ['emisores', 'allow', 'Norte', '--casilla', 'Personas', '--subcarpeta', '../fuera'],
  ]) {
    const { code, out, err } = await run(args)
    expect([args, code, out, err !== '']).toEqual([args, 2, '', true])
  }
  expect((await run(['emisores', 'remove', 'Norte'])).code).toBe(0)
  expect((await told(['emisores', 'list'])).emisores).toEqual([])
})

test('daemon --once: takes what is there, exits 0 when all is accepted and 1 when something is refused', async () => {
  await add()
  writeFileSync(join(dir, 'entrada/personas.csv'), 'codigo,edad\na,1\nb,2\n')
  const first = await run(['daemon', '--once'])
  expect([first.code, first.err]).toEqual([0, ''])
  expect(first.out).toMatch(/Personas +personas\.csv +aceptado/)
  writeFileSync(join(dir, 'entrada/malo.csv'), 'codigo,edad\na,nada\n')
  const second = await run(['daemon', '--once', '--json'])
  expect(second.code).toBe(1)
  expect(JSON.parse(second.out).archivos).toMatchObject([{ nombre: 'malo.csv', desenlace: 'rechazado' }])
  expect((await run(['daemon', '--once'])).out).toBe('No había nada que recibir.\n')
  expect(readdirSync(join(dir, 'entrada')).sort()).toEqual(['procesado', 'rechazado'])

  const { ejecuciones, total } = await told(['executions', 'list', '--casilla', 'Personas'])
  expect(total).toBe(2)
  expect(ejecuciones.map((one: { archivo: string; estado: string }) => [one.archivo, one.estado])).toEqual([
    ['malo.csv', 'Fallido'],
    ['personas.csv', 'Éxito'],
  ])
  expect((await told(['executions', 'list', '--estado', 'Fallido', '--metodo', 'local'])).total).toBe(1)
  expect((await run(['executions', 'list', '--estado', 'Raro'])).code).toBe(2)
  const id: string = ejecuciones[0].id
  expect((await run(['executions', 'show', id])).out).toMatch(/^Fallido: malo\.csv/)
  const exported = await run(['executions', 'export', id, '--out', 'fallas.csv'])
  expect([exported.code, exported.out]).toEqual([0, expect.stringContaining('1 hallazgos')])
  expect(readFileSync(join(dir, 'fallas.csv'), 'utf8')).toContain('nada')
  expect((await run(['executions', 'export', id, '--out', 'fallas.csv'])).code).toBe(2)
  expect((await run(['executions', 'show', '../../etc'])).code).toBe(2)
})

test('daemon: works by itself, follows what the terminal changes beside it, and lets go when told', async () => {
  const child = spawn(process.execPath, [CLI, 'daemon', '--json'], {
    cwd: dir,
    env: env(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let out = ''
  const accepted = new Promise<void>((done) => {
    child.stdout?.on('data', (chunk) => {
      out += String(chunk)
      if (out.includes('"Éxito"')) done()
    })
  })
  await expect.poll(() => existsSync(join(dir, 'datos/sage.sqlite')), { timeout: 20_000 }).toBe(true)
  expect((await add()).code).toBe(0)
  writeFileSync(join(dir, 'entrada/personas.csv'), 'codigo,edad\na,1\n')
  await accepted
  expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({
    archivo: 'personas.csv',
    fase: 'terminada',
  })
  const second = await run(['daemon', '--once'])
  expect(second.code).toBe(2)
  expect(second.err).toContain('ENGINE_ALREADY_RUNNING')
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})
