import { probarSession } from '../shared/connection-test'
import type { SqlDestination } from '../types'
import { mysqlDialect } from './dialect'

/** The driver is read when it is first wanted: an engine without such a destination does not pay for it at each start. */
const open: SqlDestination<'mysql'>['open'] = async (...args) =>
  (await import('./session')).MysqlSession.open(...args)

/** MySQL 8 and MariaDB 10.3, or later. */
export const mysql: SqlDestination<'mysql'> = {
  tipo: 'mysql',
  dialect: () => mysqlDialect,
  defaultSchema: () => null,
  open,
  probar: (config, secrets, context) => probarSession('Conectar', () => open(config, secrets, context)),
}
