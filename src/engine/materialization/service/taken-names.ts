import { type Db, listTablasDe } from '@engine/store'
import type { ServiceDeps } from './deps'
import type { DestinoTarget } from './ports'

/** What lies in a destination, in lower case: left by whoever. */
export async function namesThere({ plugs }: ServiceDeps, destino: DestinoTarget): Promise<string[]> {
  const { items } = await plugs.tablas(destino, null, new AbortController().signal)
  return items.map(({ tabla }) => tabla.toLowerCase())
}

/** Names that a materialization may not take for a new table: what is there, and what others will write to. */
export const takenNames = (
  db: Db,
  { destinoId, salvo, there }: { destinoId: number; salvo: number | null; there: readonly string[] },
): ReadonlySet<string> =>
  new Set([...there, ...listTablasDe(db, destinoId, salvo).map((name) => name.toLowerCase())])
