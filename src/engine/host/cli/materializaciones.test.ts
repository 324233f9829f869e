import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildCommand, Terminal } from './terminal.fixture'

const PLANTED = 'Pl4nt4d0-destino-77'
let terminal: Terminal
let dir: string
const run: Terminal['run'] = (...command) => terminal.run(...command)

beforeAll(buildCommand, 120_000)
beforeEach(() => {
  terminal = new Terminal('cargas')
  dir = terminal.dir
})
afterEach(() => terminal.remove())

test('what a folder receives is asked with SQL, and loaded into a file of the person', async () => {
  writeFileSync(join(dir, 'personas.yaml'), personasYaml())
  mkdirSync(join(dir, 'entrada'))
  const entrada = (name: string, text: string) => writeFileSync(join(dir, 'entrada', name), text)
  const add = [
    'casillas',
    'add',
    'Personas',
    '--yaml',
    'personas.yaml',
    '--carpeta',
    'entrada',
    '--asentamiento',
    '0',
  ]
  expect((await run(add)).code).toBe(0)
  entrada('uno.csv', 'codigo,edad\na,20\nb,30\n')
  expect((await run(['daemon', '--once'])).code).toBe(0)
  expect((await run(['sql'])).out).toMatch(/personas +2 +codigo VARCHAR, edad BIGINT/)
  const asked = await run(['sql', 'SELECT codigo, edad FROM personas ORDER BY codigo'])
  expect(
    asked.out
      .split('\n')
      .slice(0, 3)
      .map((line) => line.split(/ +/)),
  ).toEqual([
    ...[
      ['codigo', 'edad'],
      ['a', '20'],
      ['b', '30'],
    ],
  ])
  expect((await run(['sql', 'SELECT * FROM personas', '--out', 'todo.csv'])).code).toBe(0)
  expect(readFileSync(join(dir, 'todo.csv'), 'utf8')).toBe('codigo,edad\na,20\nb,30\n')
  const refused = await run(['sql', 'DROP TABLE personas'])
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.err).toContain('[SQL_SOLO_LECTURA]')

  const list = await run(['materializaciones', 'list'])
  expect(list.out).toMatch(
    /Datos de la consola +Personas +Datos de la consola +tras cada ejecución +0 +0 +completada/,
  )
  const [one] = JSON.parse((await run(['materializaciones', 'list', '--json'])).out).materializaciones
  const which = String(one.id)
  expect((await run(['materializaciones', 'show', which])).out).toMatch(/uno\.csv +completada +2 +0 +0/)
  const again = await run(['materializaciones', 'run', which])
  expect(again).toMatchObject({ code: 0, out: 'No había nada que cargar.\n' })
  const { executionId } = one.ultimaCarga
  const rerun = await run(['materializaciones', 'run', which, '--ejecucion', executionId])
  expect(rerun.code).toBe(0)
  expect(rerun.out).toContain('ya estaba cargada')
}, 120_000)

test('destinos: a file and a server are added, tested, listed and removed; the password is never shown', async () => {
  const file = await run([
    'destinos',
    'add',
    'Archivo',
    '--tipo',
    'sqlite',
    '--ruta',
    'nueva.sqlite',
    '--json',
  ])
  expect(file).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(file.out).config).toMatchObject({ tipo: 'sqlite', ruta: join(dir, 'nueva.sqlite') })
  expect(await run(['destinos', 'test', 'Archivo'])).toMatchObject({ code: 0 })
  expect((await run(['destinos', 'list'])).out).toMatch(/Archivo +sqlite .*nueva\.sqlite +0 +conecta/)

  const folder = await run(['destinos', 'add', 'X', '--tipo', 'archivos', '--carpeta', 'x'])
  expect([folder.code, folder.err]).toEqual([2, expect.stringMatching(/--carpeta no dice.*Toma --ruta/)])
  const plain = await run(['destinos', 'add', 'X', '--tipo', 'duckdb', '--ruta', 'x.duckdb', '--no-tls'])
  expect(plain.err).toContain('--no-tls no dice nada')

  const server = [
    'destinos',
    'add',
    'Servidor',
    '--tipo',
    'postgres',
    '--servidor',
    '127.0.0.1',
    '--puerto',
    '1',
  ]
  expect((await run(server, `${PLANTED}\n`)).err).toContain('--base')
  const whole = [...server, '--base', 'b', '--usuario', 'u', '--no-tls']
  expect((await run(whole, `${PLANTED}\n`)).err).toContain('[KEYCHAIN_UNAVAILABLE]')
  const phrase = join(dir, 'frase')
  writeFileSync(phrase, 'cuatro caballos azules\n', { mode: 0o600 })
  const open = { SAGE_PASSPHRASE_FILE: phrase }
  await run(['secretos', 'vault', 'create'], 'cuatro caballos azules\n')
  expect(await run(whole, `${PLANTED}\n`, open)).toMatchObject({ code: 0, err: '' })
  expect((await run(['destinos', 'test', 'Servidor'], '', open)).code).toBe(1)
  expect((await run(['secretos', 'remove', 'Destino Servidor'], '', open)).err).toContain('[SECRET_IN_USE]')
  expect((await run(['destinos', 'remove', 'Servidor'])).code).toBe(0)
  mkdirSync(join(dir, 'nube'))
  expect((await run(['providers', 'add', 'Nube', '--tipo', 'local', '--carpeta', 'nube'])).code).toBe(0)
  const cloud = ['destinos', 'add', 'Lago', '--tipo', 'proveedor', '--carpeta', 'ventas']
  expect((await run(cloud)).err).toContain('--proveedor')
  expect((await run([...cloud, '--proveedor', 'Nube'])).out).toContain('(Nube: /ventas)')
  expect((await run(['destinos', 'test', 'Lago'])).out).toContain('✓ Reemplazar un archivo por otro')
  expect((await run(['destinos', 'remove', '0'])).err).toContain('[DESTINO_BUILT_IN]')
  expect(terminal.said).not.toContain(PLANTED)
}, 120_000)

test('materializaciones: proposed as YAML, made from it or from options, loaded by what arrives, and removed', async () => {
  writeFileSync(join(dir, 'personas.yaml'), personasYaml())
  for (const name of ['entrada', 'nube']) mkdirSync(join(dir, name))
  await run([
    'casillas',
    'add',
    'Personas',
    '--yaml',
    'personas.yaml',
    '--carpeta',
    'entrada',
    '--asentamiento',
    '0',
  ])
  await run(['providers', 'add', 'Nube', '--tipo', 'local', '--carpeta', 'nube'])
  await run(['destinos', 'add', 'Lago', '--tipo', 'proveedor', '--proveedor', 'Nube'])
  const of = ['--casilla', 'Personas', '--destino', 'Lago']
  const noKey = await run(['materializaciones', 'add', 'X', ...of, '--estrategia', 'upsert'])
  expect(noKey.err).toContain('--clave')
  const wrong = await run([
    'materializaciones',
    'add',
    'X',
    ...of,
    '--estrategia',
    'upsert',
    '--clave',
    'nadie',
  ])
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/nadie.*\[MATERIALIZACION_INVALID\]/)])

  const spare = await run(['materializaciones', 'add', 'X', ...of, '--clave', 'codigo'])
  expect([spare.code, spare.err]).toEqual([
    2,
    expect.stringContaining('--clave no dice nada sin --estrategia'),
  ])

  const asked = [...of, '--estrategia', 'upsert', '--clave', 'codigo', '--tabla', 'gente']
  const { out } = await run(['materializaciones', 'propose', ...asked])
  expect(out).toContain('tabla: gente')
  writeFileSync(join(dir, 'mal.yaml'), out.replace('tipo: upsert', 'tipo: magia'))
  const bad = await run(['materializaciones', 'add', 'Gente', ...of, '--config', 'mal.yaml'])
  expect(bad.err).toMatch(/mal\.yaml», tablas\.0\.estrategia/)
  writeFileSync(
    join(dir, 'bien.yaml'),
    out.replace(/formato:[\s\S]*?(?=\n\S|\ncuando)/, 'formato: { tipo: csv }'),
  )
  const both = [...of, '--config', 'bien.yaml', '--tabla', 'otra']
  expect((await run(['materializaciones', 'add', 'Gente', ...both])).err).toContain(
    '--tabla no dice nada con --config',
  )
  const made = await run(['materializaciones', 'add', 'Gente', ...of, '--config', 'bien.yaml'])
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('Gente (Personas → Lago)') })
  writeFileSync(join(dir, 'entrada', 'uno.csv'), 'codigo,edad\na,20\nb,30\n')
  expect((await run(['daemon', '--once'])).code).toBe(0)
  writeFileSync(join(dir, 'entrada', 'dos.csv'), 'codigo,edad\nb,31\n')
  expect((await run(['daemon', '--once'])).code).toBe(0)
  const lines = readFileSync(join(dir, 'nube', 'gente.csv'), 'utf8')
    .trim()
    .split('\n')
    .sort()
  expect(lines).toEqual(['a,20', 'b,31', 'codigo,edad'])
  expect((await run(['materializaciones', 'remove', 'Gente'])).out).toContain('se conserva')
  expect((await run(['materializaciones', 'list'])).out).not.toContain('Gente')
}, 180_000)
