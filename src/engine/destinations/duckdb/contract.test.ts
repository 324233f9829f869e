import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSharedFile } from '@engine/duckdb'
import { afterAll } from 'vitest'
import { contract } from '../contract/index.fixture'
import { duckdb } from '.'

const dir = mkdtempSync(join(tmpdir(), 'sage-duckdb-'))
const ruta = join(dir, 'datos.duckdb')
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Rows as text by a connection of its own to the file. */
async function read(sql: string): Promise<(string | null)[][]> {
  const file = await openSharedFile(ruta, { tempDir: join(dir, 'tmp') })
  const connection = await file.connect()
  const result = await connection.runAndReadAll(sql)
  const rows = result.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell))))
  connection.closeSync()
  await file.release()
  return rows
}

contract('duckdb', () => ({
  open: (signal) =>
    duckdb.open({ tipo: 'duckdb', version: 1, ruta }, { contrasena: null }, { dataDir: dir, signal }),
  cut: (session) => session.close(),
  sql: async (text) => void (await read(text)),
  read,
  shown: (_tipo, column) => `CAST(${column} AS VARCHAR)`,
  has: { views: true, foldsCase: false, readsWhileWriting: true, connection: false, digits: 38 },
}))
