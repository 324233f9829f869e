import { type MariaDb, mariaDbMissing, startMariaDb } from '@testkit/mariadb'
import type { Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe } from 'vitest'
import { contract } from '../contract/index.fixture'
import { mariaDbTarget } from './target.fixture'

if (mariaDbMissing) process.stderr.write(`${mariaDbMissing}\n`)

describe.skipIf(mariaDbMissing !== null)(`MariaDB${mariaDbMissing ? `: ${mariaDbMissing}` : ''}`, () => {
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

  contract('mysql', () => mariaDbTarget(server, base, admin))
})
