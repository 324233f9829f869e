import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Carga, Ensayo } from '@shared/model/materializacion'

/** Beside the execution: it goes with it. */
export const diferenciaPath = (executionDir: string, cargaId: string): string =>
  join(executionDir, 'cargas', `${cargaId}.json`)

export async function saveDiferencia(
  executionDir: string,
  cargaId: string,
  diferencia: Ensayo,
): Promise<void> {
  const path = diferenciaPath(executionDir, cargaId)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, JSON.stringify(diferencia))
}

/** A table of a load of which nothing is known but what it counted. */
export const onlyCounts = (table: Carga['tablas'][number]): Ensayo['tablas'][number] => ({
  ...table,
  ...{ ddl: [], existe: true, filasAntes: 0, sinCambio: 0, columnas: [], muestra: [], comparadas: 0 },
})
