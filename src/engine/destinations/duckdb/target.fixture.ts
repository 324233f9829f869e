import { join } from 'node:path'
import { openSharedFile } from '@engine/duckdb'
import type { ContractTarget } from '../contract/support.fixture'
import { duckdb } from '.'

/** A file of a folder as the contract wants it. */
export function duckdbTarget(dir: string): ContractTarget {
  const ruta = join(dir, 'datos.duckdb')
  /** Rows as text by a connection of its own to the file. */
  const read = async (sql: string): Promise<(string | null)[][]> => {
    const file = await openSharedFile(ruta, { tempDir: join(dir, 'tmp') })
    const connection = await file.connect()
    const result = await connection.runAndReadAll(sql)
    const rows = result.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell))))
    connection.closeSync()
    await file.release()
    return rows
  }
  return {
    open: (signal) =>
      duckdb.open({ tipo: 'duckdb', version: 1, ruta }, { contrasena: null }, { dataDir: dir, signal }),
    cut: (session) => session.close(),
    sql: async (text) => void (await read(text)),
    read,
    shown: (_tipo, column) => `CAST(${column} AS VARCHAR)`,
    has: { views: true, foldsCase: false, readsWhileWriting: true, connection: false, digits: 38 },
  }
}
