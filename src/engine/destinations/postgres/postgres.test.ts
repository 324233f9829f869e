import { type Postgres, startPostgres } from '@testkit/postgres'
import type { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { contract } from '../contract/index.fixture'
import { PostgresSession } from './session'

let server: Postgres
let base: string
let admin: Client

beforeAll(async () => {
  server = await startPostgres()
  base = await server.createDatabase()
  admin = await server.connect(base)
})
afterAll(() => server?.stop())

const configOf = () => ({
  ...({ tipo: 'postgres', version: 1, servidor: server.host, puerto: server.port, base } as const),
  ...({ usuario: server.user, tls: 'no', esquema: 'public' } as const),
})

contract('postgres', () => ({
  open: (signal) =>
    PostgresSession.open(
      configOf(),
      { contrasena: server.password },
      { dataDir: '', ...(signal ? { signal } : {}) },
    ),
  cut: async () => {
    await admin.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'SAGE Desktop' AND datname = '${base}'`,
    )
  },
  sql: async (text) => void (await admin.query(text)),
  read: async (text) => {
    const { rows } = await admin.query({
      text,
      rowMode: 'array',
      types: { getTypeParser: () => (value: unknown) => value },
    })
    return rows
  },
  shown: (tipo, column) =>
    tipo.tipo === 'fecha_hora' && tipo.zona
      ? `${column} AT TIME ZONE 'UTC' || '+00'`
      : `CAST(${column} AS text)`,
  has: { views: true, foldsCase: false, readsWhileWriting: true, connection: true, digits: 38 },
}))
