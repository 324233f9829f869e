import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exportFindings } from '@engine/execution'
import { operations } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { findByName } from './casillas-commands'
import { withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'
import { textOf } from './process'

const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

const listOptions = z.object({
  ...common,
  casilla: z.string().optional(),
  estado: z.string().optional(),
  fase: z.string().optional(),
  metodo: z.string().optional(),
  desde: z.string().optional(),
  hasta: z.string().optional(),
  buscar: z.string().optional(),
  limite: z.coerce.number().int().min(1).max(5000).default(50),
})

/** `sage executions list`: the newest first. */
export async function executionsList(given: unknown): Promise<number> {
  const options = readOptions(listOptions, given)
  const { items, total } = await withServices(options.data, (services) => {
    const query = readOptions(
      operations['executions.list'].input,
      {
        limit: options.limite,
        ...(options.casilla === undefined ? {} : { casillaId: findByName(services, options.casilla).id }),
        ...Object.fromEntries(
          Object.entries({
            estado: options.estado,
            fase: options.fase,
            metodo: options.metodo,
            from: options.desde,
            to: options.hasta,
            search: options.buscar,
          }).filter(([, value]) => value !== undefined),
        ),
      },
      { from: '--desde', to: '--hasta', search: '--buscar' },
    )
    return services.executions.list(query)
  })
  if (options.json) {
    await json({ total, ejecuciones: items })
    return EXIT.ok
  }
  const rows = items.map((one) => [
    ...[one.id, one.creadaEn.slice(0, 19).replace('T', ' '), one.casillaNombre ?? '—', one.archivo],
    ...[one.estado ?? one.fase, String(one.registros), String(one.errores)],
  ])
  await print(
    table(['EJECUCIÓN', 'FECHA (UTC)', 'CASILLA', 'ARCHIVO', 'ESTADO', 'REGISTROS', 'ERRORES'], rows),
  )
  if (total > items.length) await print(`${items.length} de ${total}; más con --limite.\n`)
  return EXIT.ok
}

const uuid = (given: string): string => {
  if (z.uuid().safeParse(given).success) return given
  throw new AppError('INPUT_INVALID', {
    kind: 'input',
    message: `«${given}» no es el identificador de una ejecución.`,
    hint: 'Copiarlo de «sage executions list».',
  })
}

/** `sage executions show ID`. */
export async function executionsShow(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const id = uuid(which)
  const { ejecucion, verdict, dir } = await withServices(options.data, async ({ executions }) => ({
    ...(await executions.get(id)),
    dir: executions.folders.dirOf(id),
  }))
  if (options.json) await json({ ejecucion, verdict, dir })
  else if (verdict) await print(textOf(verdict, dir))
  else {
    const why = ejecucion.error ? `: ${ejecucion.error.message}` : ''
    await print(`${ejecucion.archivo}: ${ejecucion.fase}${why}\n`)
  }
  return EXIT.ok
}

const exportOptions = z.object({
  ...common,
  out: z.string().optional(),
  reemplazar: z.boolean().default(false),
})

/** `sage executions export ID [--out ARCHIVO]`: every finding as CSV. */
export async function executionsExport(which: string, given: unknown): Promise<number> {
  const options = readOptions(exportOptions, given)
  const id = uuid(which)
  const exported = await withServices(options.data, async ({ executions }) => {
    const dir = executions.finishedDir(id)
    const { file, rows } = await exportFindings(dir, {})
    return { path: join(dir, file), rows }
  })
  const path = resolve(options.out ?? `hallazgos-${id}.csv`)
  await copyFile(exported.path, path, options.reemplazar ? 0 : constants.COPYFILE_EXCL).catch(
    (error: unknown) => {
      throw new AppError('OUTPUT_UNWRITABLE', {
        kind: 'input',
        message: `No se puede escribir «${path}».`,
        hint: 'Elegir otro nombre, o --reemplazar si ya existe.',
        cause: error,
      })
    },
  )
  if (options.json) await json({ path, rows: exported.rows })
  else await print(`${exported.rows} hallazgos en ${path}\n`)
  return EXIT.ok
}
