import type { TablaMaterializada } from '@shared/model/materializacion'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Suite } from './index.fixture'
import { failure, tableOf } from './support.fixture'

const ENTERO = { tipo: 'entero' } as const
const TEXTO = { tipo: 'texto', largo: 40 } as const
const COLUMNS = { id: ENTERO, canal: TEXTO, monto: ENTERO, nota: TEXTO }
const EACH: [string, TablaMaterializada][] = [
  ['append', tableOf(COLUMNS, { tipo: 'append' })],
  ['upsert', tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'] })],
  ['delete_insert', tableOf(COLUMNS, { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['id'] } })],
]
const listed = z.array(z.object({ registro: z.number() }))

/** What only the table itself knows to refuse: a person is told the record, and nothing is loaded. */
export function refusals(suite: Suite): void {
  const prepare = async (): Promise<void> => {
    for (const sql of [
      'CREATE TABLE canales (canal VARCHAR(40) PRIMARY KEY)',
      "INSERT INTO canales VALUES ('web'), ('tienda')",
      `CREATE TABLE ventas (id BIGINT PRIMARY KEY, canal VARCHAR(40), monto BIGINT, nota VARCHAR(40) UNIQUE,
        CONSTRAINT positivo CHECK (monto > 0), FOREIGN KEY (canal) REFERENCES canales (canal))`,
      "INSERT INTO ventas VALUES (100, 'web', 1, 'ocupada')",
    ])
      await suite.target().sql(sql)
  }
  const GOOD = [
    [1, 'web', 5, 'con\nsalto\r\ny otro\n'],
    [2, null, null, 'de "dos"\nlíneas'],
  ]
  const BAD: [string, (string | number)[], RegExp, string][] = [
    ['a CHECK', [3, 'tienda', -7, 'a'], /positivo|monto > 0/, 'RESTRICCION'],
    ['a foreign key', [3, 'calle', 7, 'a'], /canal|FOREIGN KEY/, 'RESTRICCION'],
    ['a unique value that another row has', [3, 'tienda', 7, 'ocupada'], /nota/, 'CLAVE_REPETIDA'],
  ]

  describe.each(EACH)('a row that the table refuses is named, with %s', (_, tabla) => {
    it.each(BAD)('for %s', async (_name, bad, says, code) => {
      await prepare()
      const source = suite.bench().rows(tabla, [...GOOD, bad, [4, 'web', 9, 'b']])
      const error = await failure(suite.bench().load([{ tabla, source }]))
      expect(error).toMatchObject({ kind: 'input', retryable: false, code })
      expect(error.message).toMatch(/«ventas»/)
      expect(error.message).toMatch(/[Rr]egistros?:? 3\b/)
      expect(error.message).toMatch(says)
      expect(error.hint).toMatch(/[Cc]orregir/)
      expect(listed.parse(error.details?.filas)).toMatchObject([{ registro: 3 }])
      expect(await suite.bench().table('ventas', ['id'])).toEqual([['100']])
    })
  })
}
