import type { Postgres } from '@testkit/postgres'
import type { Client } from 'pg'
import type { ContractTarget } from '../contract/support.fixture'
import { PostgresSession } from './session'

/** A database of a real server as the contract wants it. */
export const postgresTarget = (server: Postgres, base: string, admin: Client): ContractTarget => ({
  open: (signal) =>
    PostgresSession.open(
      {
        ...{ tipo: 'postgres', version: 1, servidor: server.host, puerto: server.port, base },
        ...{ usuario: server.user, tls: 'no', esquema: 'public' },
      },
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
    const types = { getTypeParser: () => (value: unknown) => value }
    return (await admin.query({ text, rowMode: 'array', types })).rows
  },
  shown: (tipo, column) =>
    tipo.tipo === 'fecha_hora' && tipo.zona
      ? `${column} AT TIME ZONE 'UTC' || '+00'`
      : `CAST(${column} AS text)`,
  has: { views: true, foldsCase: false, readsWhileWriting: true, connection: true, digits: 38 },
})
