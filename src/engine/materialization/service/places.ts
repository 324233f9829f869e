import type { MaterializacionRow } from '@engine/store'

/** Destinations that are one file with one writer. */
const ONE_WRITER: ReadonlySet<string> = new Set(['interno', 'sqlite', 'duckdb'])

/** What a load takes for itself while it writes: its tables, or the whole file. Names that differ only by case may be one table. */
export function placesOf({ destino_id, destino_tipo, configuracion }: MaterializacionRow): string[] {
  if (ONE_WRITER.has(destino_tipo)) return [String(destino_id)]
  return configuracion.tablas.map(({ esquema, tabla }) =>
    JSON.stringify([destino_id, esquema?.toLowerCase() ?? null, tabla.toLowerCase()]),
  )
}
