import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { secretoInfoSchema } from '@shared/model/secreto'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildCommand, Terminal } from './terminal.fixture'

const PLANTED = 'Pl4nt4d0-cli-5d21'
const PHRASE = 'cuatro caballos azules'
let terminal: Terminal
let dir: string
const run: Terminal['run'] = (...command) => terminal.run(...command)

beforeAll(buildCommand, 120_000)
beforeEach(() => {
  terminal = new Terminal('secretos')
  dir = terminal.dir
})
afterEach(() => terminal.remove())

test('secretos: without a keychain it is refused until a vault is made; then saved, changed, rotated and removed', async () => {
  const refused = await run(['secretos', 'add', 'Base'], JSON.stringify({ clave: PLANTED }))
  expect(refused.code).toBe(2)
  expect(refused.err).toContain('[KEYCHAIN_UNAVAILABLE]')
  expect(refused.err).toContain('bóveda')
  expect(await run(['secretos', 'state'])).toMatchObject({ code: 1 })

  expect((await run(['secretos', 'vault', 'create'], 'corta\n')).err).toContain('[PASSPHRASE_SHORT]')
  expect(await run(['secretos', 'vault', 'create'], `${PHRASE}\n`)).toMatchObject({ code: 0, err: '' })
  const locked = await run(['secretos', 'add', 'Base'], JSON.stringify({ clave: PLANTED }))
  expect(locked.err).toContain('SAGE_PASSPHRASE_FILE')
  expect(locked.err).toContain('[VAULT_LOCKED]')

  const file = join(dir, 'frase')
  writeFileSync(file, `${PHRASE}\n`, { mode: 0o600 })
  const open = { SAGE_PASSPHRASE_FILE: file }
  const made = await run(
    ['secretos', 'add', 'Base', '--tipo', 'base_datos', '--vence', '2020-01-31', '--json'],
    JSON.stringify({ usuario: 'lector', clave: PLANTED }),
    open,
  )
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(secretoInfoSchema.parse(JSON.parse(made.out))).toMatchObject({
    ...{ nombre: 'Base', tipo: 'base_datos', vigencia: { estado: 'vencido' } },
  })
  const due = await run(['secretos', 'list', '--por-vencer'])
  expect(due.out).toMatch(/Base +base_datos +usuario, clave .* 2020-01-31 +vencido/)

  const lines = ['secretos', 'update', 'Base', '--valor', 'clave', '--valor', 'puerto', '--vence', 'nunca']
  expect((await run(lines, `${PLANTED}2\n`, open)).err).toContain('Falta el valor de «puerto»')
  expect((await run(lines, `${PLANTED}2\n5432\n`, open)).code).toBe(0)
  const list = JSON.parse((await run(['secretos', 'list', '--json'])).out)
  expect(list.secretos[0]).toMatchObject({ venceEn: null, vigencia: { estado: 'sin_plazo' } })
  expect(list.secretos[0].valores.map((one: { nombre: string }) => one.nombre)).toEqual([
    ...['usuario', 'clave', 'puerto'],
  ])

  const rotated = await run(['secretos', 'rotate'], '', open)
  expect(rotated.out).toBe('1 secretos sellados con una clave nueva, en la bóveda.\n')
  expect((await run(['secretos', 'vault', 'passphrase'], `${PHRASE}\notra frase bien larga\n`)).code).toBe(0)
  expect((await run(['secretos', 'rotate'], '', open)).err).toContain('[VAULT_PASSPHRASE_WRONG]')
  expect((await run(['secretos', 'remove', 'Base'])).code).toBe(0)
  expect((await run(['secretos', 'remove', 'Base'])).err).toContain('[SECRET_NOT_FOUND]')

  for (const secret of [PLANTED, PHRASE]) expect(terminal.said).not.toContain(secret)
  const data = join(dir, 'datos')
  for (const name of readdirSync(data, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  ))
    expect(readFileSync(join(name.parentPath, name.name)).includes(PLANTED)).toBe(false)
})

test('secretos: no option takes a value, and a broken JSON is not quoted', async () => {
  const help = await run(['secretos', 'add', '--help'])
  expect(help.out).toContain('--valor <nombre>')
  expect((await run(['secretos', 'add', 'Base', '--clave', 'x'])).code).toBe(2)
  const broken = await run(['secretos', 'add', 'Base'], `{"clave": ${PLANTED}`)
  expect(broken.err).toContain('[STDIN_INVALID]')
  expect(terminal.said).not.toContain(PLANTED)
})
