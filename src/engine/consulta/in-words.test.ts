import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, openDuck } from '@engine/duckdb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inWords } from './in-words'

let dir: string
let duck: Duck

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sage-palabras-'))
  duck = await openDuck({ dir })
  await duck.run('CREATE TABLE personas (codigo VARCHAR, edad INTEGER)')
})

afterAll(async () => {
  await duck.close()
  await rm(dir, { recursive: true, force: true })
})

/** What the real DuckDB says of a statement that it does not take. */
async function said(sql: string): Promise<string> {
  try {
    const statements = await duck.connection.extractStatements(sql)
    await (await statements.prepare(0)).run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error(`«${sql}» was taken`)
}

test.each([
  ['SELECT codigo\nFORM personas', 'La consulta no se entiende cerca de «personas».', undefined],
  ['SELECT', 'SELECT no dice qué columnas.', 'Nombrarlas, o poner * para todas.'],
  ['SELECT * FROM (SELECT 1', 'La consulta está incompleta.', /paréntesis/],
  ['SELECT "codigo FROM personas', 'Un nombre queda sin cerrar.', /comillas dobles/],
  ["SELECT 'codigo FROM personas", 'Un texto queda sin cerrar.', /comilla simple/],
  ['SELECT * FROM persona', 'No existe la tabla «persona».', 'Quizá sea «personas».'],
  ['SELECT * FROM otro.personas', 'No existe la tabla «otro.personas».', undefined],
  ['SELECT edda FROM personas', 'No existe la columna «edda».', /^Quizá sea «edad»/],
  ['SELECT p.codigo FROM personas x', 'La consulta no tiene ninguna tabla «p» en FROM.', 'Quizá sea «x».'],
  ['SELECT contar(codigo) FROM personas', 'No existe la función «contar».', /Quizá sea/],
  [
    'SELECT codigo, count(*) FROM personas',
    '«codigo» no está en GROUP BY ni dentro de una función que agrupe.',
    /GROUP BY/,
  ],
  [
    'SELECT codigo FROM personas a, personas b',
    '«codigo» está en más de una tabla.',
    'Decir de cuál: «a.codigo» o «b.codigo».',
  ],
  ['SELECT sum(codigo) FROM personas', 'Ninguna función acepta esos argumentos: sum(VARCHAR).', /CAST/],
  ['SELECT * FROM pg_table', 'No existe la tabla «pg_table».', undefined],
  ["SELECT 'x'::INTEGER", '«x» no se puede convertir a INT32.', /TRY_CAST/],
])('%s', async (sql, message, hint) => {
  const words = inWords(await said(sql))
  expect(words.message.split('\n')[0]).toBe(message)
  if (hint === undefined) expect(words.hint).toBeUndefined()
  else expect(words.hint).toMatch(hint)
})

test('the pointer to the place stays, and what is not known is told as it came', async () => {
  const words = inWords(await said('SELECT codigo\nFORM personas'))
  expect(words.message).toMatch(/»\.\n+LINE 2: FORM personas\n +\^$/)
  expect(inWords('Failed to prepare: Something Error: never seen').message).toBe(
    'Something Error: never seen',
  )
})
