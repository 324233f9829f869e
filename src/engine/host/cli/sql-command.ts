import { copyFile, rm } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { consultar, exportar, listTables } from '@engine/consulta'
import { embeddedFile, exportFolder } from '@engine/destinations/interno'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'

/** The console lets go of its data between one load or question and the next. */
const TRIES = 25
const WAIT_MS = 200

const FORMATS: Readonly<Record<string, 'csv' | 'parquet' | 'jsonl' | 'excel'>> = {
  ...{ '.csv': 'csv', '.parquet': 'parquet', '.jsonl': 'jsonl', '.xlsx': 'excel' },
}

const sqlOptions = z.object({
  ...common,
  limite: z.coerce.number().int().min(1).max(5000).default(100),
  out: z.string().optional(),
})

/** Runs `work` again for a while when another process has the data open. */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || AppError.from(error).code !== 'ARCHIVO_OCUPADO') throw error
      await after(WAIT_MS)
    }
  }
}

/** @throws AppError OPTION_INVALID */
function formatOf(path: string) {
  const formato = FORMATS[extname(path).toLowerCase()]
  if (formato) return formato
  throw new AppError('OPTION_INVALID', {
    kind: 'input',
    message: `No se sabe con qué formato escribir «${path}».`,
    hint: 'Terminar el nombre en .csv, .parquet, .jsonl o .xlsx.',
  })
}

/** `sage sql [CONSULTA]`: one read-only statement over the console's own data; without one, the tables there are. */
export async function sqlCommand(sql: string | undefined, given: unknown): Promise<number> {
  const options = readOptions(sqlOptions, given)
  return withServices(options.data, async ({ dataDir }) => {
    const place = { path: embeddedFile(dataDir), tempDir: join(dataDir, 'tmp') }
    if (sql === undefined) {
      const { tablas } = await whenFree(() => listTables(place))
      const rows = tablas.map(({ nombre, filas, columnas }) => [
        ...[nombre, String(filas), columnas.map((one) => `${one.nombre} ${one.tipo}`).join(', ')],
      ])
      await print(
        options.json ? `${JSON.stringify({ tablas })}\n` : table(['TABLA', 'FILAS', 'COLUMNAS'], rows),
      )
      return EXIT.ok
    }
    if (options.out !== undefined) {
      const target = resolve(options.out)
      const formato = formatOf(target)
      const { archivo, filas } = await whenFree(() =>
        exportar({ sql, formato }, { ...place, dir: exportFolder(dataDir) }),
      )
      await copyFile(archivo, target)
      await rm(archivo)
      await print(
        options.json ? `${JSON.stringify({ archivo: target, filas })}\n` : `${filas} filas en ${target}\n`,
      )
      return EXIT.ok
    }
    const answer = await whenFree(() => consultar({ sql, limit: options.limite, offset: 0 }, place))
    const rows = answer.filas.map((row) => row.map((cell) => cell ?? '∅'))
    if (options.json) await print(`${JSON.stringify(answer)}\n`)
    else
      await print(
        table(
          answer.columnas.map(({ nombre }) => nombre),
          rows,
        ),
      )
    if (!options.json && answer.hayMas) await print(`Hay más filas: subir --limite, o usar --out.\n`)
    return EXIT.ok
  })
}
