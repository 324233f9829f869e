import type { TipoColumna } from '@shared/model/materializacion'
import { type MariaDb, mariaDbMissing, startMariaDb } from '@testkit/mariadb'
import type { Connection, ResultSetHeader } from 'mysql2/promise'
import { afterAll, beforeAll, describe } from 'vitest'
import { contract } from '../contract/index.fixture'
import { mysql } from '.'

if (mariaDbMissing) process.stderr.write(`${mariaDbMissing}\n`)

describe.skipIf(mariaDbMissing !== null)('MariaDB', () => {
  let server: MariaDb
  let base: string
  let admin: Connection

  beforeAll(async () => {
    server = await startMariaDb()
    base = await server.createDatabase()
    admin = await server.connect(base)
  })
  afterAll(async () => {
    await admin?.end()
    await server?.stop()
  })

  const read = async (sql: string): Promise<(string | null)[][]> => {
    const [rows] = await admin.query<(string | null)[][] & ResultSetHeader[]>({
      sql,
      rowsAsArray: true,
      typeCast: (field) => field.string(),
    })
    return rows
  }

  contract('mysql', () => ({
    open: (signal) =>
      mysql.open(
        {
          ...({ tipo: 'mysql', version: 1, servidor: server.host, puerto: server.port, base } as const),
          ...({ usuario: server.user, tls: 'no' } as const),
        },
        { contrasena: server.password },
        { dataDir: '', signal },
      ),
    // The suite has no other session open while it cuts one.
    cut: async () => {
      const ids = await read(
        'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
      )
      for (const [id] of ids) await admin.query(`KILL ${id}`).catch(() => undefined)
    },
    sql: async (text) => void (await admin.query(text)),
    read,
    shown,
    has: { views: true, foldsCase: true, readsWhileWriting: true, connection: true, digits: 38 },
  }))
})

function shown(tipo: TipoColumna, column: string): string {
  if (tipo.tipo === 'booleano') return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`
  if (tipo.tipo !== 'fecha_hora') return column
  // Without the zeros that end a fraction.
  const text = `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(${column} AS CHAR)))`
  return tipo.zona ? `CONCAT(${text}, '+00')` : text
}
