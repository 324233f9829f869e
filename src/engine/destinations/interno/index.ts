import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { probarSession } from '../shared/connection-test'
import { duckdbDialect, MAIN, openDuckdbSession } from '../shared/duckdb'
import type { OpenContext, Session, SqlDestination } from '../types'

/** The console's own file, in its data folder. */
export const embeddedFile = (dataDir: string): string => join(dataDir, 'datos', 'consola.duckdb')

/** Where what is asked of it is exported. */
export const exportFolder = (dataDir: string): string => join(dataDir, 'exportaciones')

async function open({ dataDir, signal }: OpenContext): Promise<Session> {
  await mkdir(join(dataDir, 'datos'), { recursive: true })
  return openDuckdbSession({ path: embeddedFile(dataDir), tempDir: join(dataDir, 'tmp'), signal })
}

/** The embedded destination: there with nothing configured, asked by the SQL page. */
export const interno: SqlDestination<'interno'> = {
  tipo: 'interno',
  dialect: () => duckdbDialect,
  defaultSchema: () => MAIN,
  open: (_config, _secrets, context) => open(context),
  probar: (_config, _secrets, context) => probarSession('Abrir el archivo', () => open(context)),
}
