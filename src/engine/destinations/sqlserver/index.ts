import { probarSession } from '../shared/connection-test'
import type { SqlDestination } from '../types'
import { sqlserverDialect } from './dialect'
import { SqlserverSession } from './session'

/** SQL Server 2016 or later. Not run on a real server: see README.md. */
export const sqlserver: SqlDestination<'sqlserver'> = {
  tipo: 'sqlserver',
  dialect: () => sqlserverDialect,
  defaultSchema: ({ esquema }) => esquema,
  open: (config, secrets, context) => SqlserverSession.open(config, secrets, context),
  probar: (config, secrets, context) =>
    probarSession('Conectar', () => SqlserverSession.open(config, secrets, context)),
}
