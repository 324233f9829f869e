import { join } from 'node:path'
import { consultar, exportar, listTables } from '@engine/consulta'
import { embeddedFile, exportFolder } from '@engine/destinations/interno'
import type { EngineHandlers } from '@shared/contract'

type SqlOps = Extract<keyof EngineHandlers, `sql.${string}`>

/** SQL over the console's own data. */
export function sqlHandlers({ dataDir }: { dataDir: string }): Pick<EngineHandlers, SqlOps> {
  const place = { path: embeddedFile(dataDir), tempDir: join(dataDir, 'tmp') }
  return {
    'sql.tablas': (_input, { signal }) => listTables({ ...place, signal }),
    'sql.consultar': (input, { signal }) => consultar(input, { ...place, signal }),
    'sql.exportar': (input, { signal }) => exportar(input, { ...place, signal, dir: exportFolder(dataDir) }),
  }
}
