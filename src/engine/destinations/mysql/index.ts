import { probarSession } from '../shared/connection-test'
import type { SqlDestination } from '../types'
import { mysqlDialect } from './dialect'
import { MysqlSession } from './session'

/** MySQL 8 and MariaDB 10.3, or later. */
export const mysql: SqlDestination<'mysql'> = {
  tipo: 'mysql',
  dialect: () => mysqlDialect,
  defaultSchema: () => null,
  open: (config, secrets, context) => MysqlSession.open(config, secrets, context),
  probar: (config, secrets, context) =>
    probarSession('Conectar', () => MysqlSession.open(config, secrets, context)),
}
