import { join } from 'node:path'
import type { DestinoConfigOf } from '@shared/model/destino'
import { probarSession } from '../shared/connection-test'
import { duckdbDialect, MAIN, openDuckdbSession } from '../shared/duckdb'
import type { OpenContext, Session, SqlDestination } from '../types'

const open = (config: DestinoConfigOf<'duckdb'>, { dataDir, signal }: OpenContext): Promise<Session> =>
  openDuckdbSession({ path: config.ruta, tempDir: join(dataDir, 'tmp'), signal })

/** A DuckDB file of the person's choice. One process at a time can have it open; this one shares it among its loads and queries. */
export const duckdb: SqlDestination<'duckdb'> = {
  tipo: 'duckdb',
  dialect: () => duckdbDialect,
  defaultSchema: () => MAIN,
  open: (config, _secrets, context) => open(config, context),
  probar: (config, _secrets, context) => probarSession('Abrir el archivo', () => open(config, context)),
}
