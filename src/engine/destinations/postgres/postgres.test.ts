import { type Postgres, startPostgres } from '@testkit/postgres'
import type { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { contract } from '../contract/index.fixture'
import { postgresTarget } from './target.fixture'

let server: Postgres
let base: string
let admin: Client

beforeAll(async () => {
  server = await startPostgres()
  base = await server.createDatabase()
  admin = await server.connect(base)
})
afterAll(() => server?.stop())

contract('postgres', () => postgresTarget(server, base, admin))
