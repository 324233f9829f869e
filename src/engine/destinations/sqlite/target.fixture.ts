import { join } from 'node:path'
import type { TipoColumna } from '@shared/model/materializacion'
import Database from 'better-sqlite3'
import type { ContractTarget } from '../contract/support.fixture'
import { sqlite } from '.'

/** A file of a folder as the contract wants it. */
export function sqliteTarget(dir: string): ContractTarget {
  const ruta = join(dir, 'datos.sqlite')
  const using = <T>(work: (db: Database.Database) => T): T => {
    const db = new Database(ruta, { timeout: 30_000 })
    try {
      return work(db.defaultSafeIntegers(true))
    } finally {
      db.close()
    }
  }
  return {
    open: (signal) =>
      sqlite.open({ tipo: 'sqlite', version: 1, ruta }, { contrasena: null }, { dataDir: dir, signal }),
    cut: (session) => session.close(),
    sql: async (text) => void using((db) => db.exec(text)),
    read: async (text) =>
      using((db) => db.prepare<[], (string | number | bigint | null)[]>(text).raw().all()).map((row) =>
        row.map((cell) => (cell === null ? null : String(cell))),
      ),
    shown,
    // As text past fifteen digits, which is exact too.
    has: { views: true, foldsCase: false, readsWhileWriting: true, connection: false, digits: 38 },
  }
}

function shown(tipo: TipoColumna, column: string): string {
  if (tipo.tipo === 'booleano') return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`
  // `+00:00`, which SQLite's own functions read.
  if (tipo.tipo === 'fecha_hora' && tipo.zona) return `substr(${column}, 1, length(${column}) - 3)`
  return column
}
