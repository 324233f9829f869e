import { probarSession } from '../shared/connection-test'
import type { SqlDestination } from '../types'
import { sqliteDialect } from './dialect'
import { SqliteSession } from './session'

/** An SQLite file of the person's choice, made if it is missing. */
export const sqlite: SqlDestination<'sqlite'> = {
  tipo: 'sqlite',
  dialect: () => sqliteDialect,
  defaultSchema: () => null,
  open: (config, _secrets, context) => SqliteSession.open(config, context),
  probar: (config, _secrets, context) =>
    probarSession('Abrir el archivo', () => SqliteSession.open(config, context)),
}
