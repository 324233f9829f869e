import type { TipoColumna } from '@shared/model/materializacion'
import type { MariaDb } from '@testkit/mariadb'
import type { Connection, ResultSetHeader } from 'mysql2/promise'
import type { ContractTarget } from '../contract/support.fixture'
import { mysql } from '.'

/** A database of a real MariaDB as the contract wants it. */
export function mariaDbTarget(server: MariaDb, base: string, admin: Connection): ContractTarget {
  const read = async (sql: string): Promise<(string | null)[][]> => {
    const [rows] = await admin.query<(string | null)[][] & ResultSetHeader[]>({
      sql,
      rowsAsArray: true,
      typeCast: (field) => field.string(),
    })
    return rows
  }
  return {
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
  }
}

function shown(tipo: TipoColumna, column: string): string {
  if (tipo.tipo === 'booleano') return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`
  if (tipo.tipo !== 'fecha_hora') return column
  // Without the zeros that end a fraction.
  const text = `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(${column} AS CHAR)))`
  return tipo.zona ? `CONCAT(${text}, '+00')` : text
}
