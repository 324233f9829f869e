import { probarSession } from '../shared/connection-test'
import type { SqlDestination } from '../types'
import { sqlserverDialect } from './dialect'

/** The driver is read when it is first wanted: an engine without such a destination does not pay for it at each start. */
const open: SqlDestination<'sqlserver'>['open'] = async (...args) =>
  (await import('./session')).SqlserverSession.open(...args)

/** SQL Server 2016 or later. Not run on a real server: see README.md. */
export const sqlserver: SqlDestination<'sqlserver'> = {
  tipo: 'sqlserver',
  dialect: () => sqlserverDialect,
  defaultSchema: ({ esquema }) => esquema,
  open,
  probar: (config, secrets, context) => probarSession('Conectar', () => open(config, secrets, context)),
}
