import { type ArchivoRow, listArchivos, toArchivo } from '@engine/store'
import type { Emit } from '@shared/contract'
import { ejecucionSchema } from '@shared/model/execution'
import { z } from 'zod'
import { type Engine, openEngine, openEngineLog } from '../engine'
import { dataFolder, programFolders } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'

const optionsSchema = z.object({ ...common, once: z.boolean().default(false) })

const PAGE = 5000

/** `sage daemon [--once]`: the engine without a window. With `--once` it takes what is there, tells of it and ends. */
export async function daemonCommand(given: unknown, version: string): Promise<number> {
  const options = readOptions(optionsSchema, given)
  const dataDir = dataFolder(options.data)
  const log = openEngineLog(dataDir)
  const say = (text: string): void => void process.stdout.write(text)
  const emit: Emit = (topic, payload) => {
    if (options.once || topic !== 'execution.changed') return
    const one = ejecucionSchema.parse(payload)
    if (one.fase === 'en_espera' || one.fase === 'en_curso') return
    say(
      options.json
        ? `${JSON.stringify(payload)}\n`
        : `${one.casillaNombre}: ${one.archivo}: ${one.estado ?? one.fase}\n`,
    )
  }
  const stopped = new Promise<void>((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
  let engine: Engine | null = null
  try {
    const started = new Date().toISOString()
    engine = await openEngine({ dataDir, ...programFolders(), host: 'cli', version, emit }, log)
    if (!options.once) {
      if (!options.json) say(`SAGE vigila las casillas de ${dataDir}. Ctrl+C para terminar.\n`)
      await stopped
      return EXIT.ok
    }
    await Promise.race([engine.watching.then(() => engine?.idle()), stopped])
    return await tell(engine, started, options.json)
  } finally {
    await engine?.close()
    log.close()
  }
}

/** What was done since it started, and what could not be. */
async function tell({ store, daemon }: Engine, started: string, json: boolean): Promise<number> {
  const done: ArchivoRow[] = []
  const waiting: ArchivoRow[] = []
  for (let offset = 0; ; offset += PAGE) {
    const { items, total } = listArchivos(store.db, {
      ...{ sort: 'detectadoEn', direction: 'asc', limit: PAGE, offset },
    })
    done.push(...items.filter((row) => row.terminado_en !== null && row.terminado_en >= started))
    waiting.push(...items.filter((row) => row.desenlace === null))
    if (offset + PAGE >= total) break
  }
  const unreachable = daemon.states().filter(({ estado }) => estado === 'sin_acceso')
  const refused = done.filter(({ desenlace }) => desenlace === 'rechazado' || desenlace === 'error')
  const pending = waiting.filter(({ proximo_intento }) => proximo_intento !== null)
  if (json) {
    const archivos = [...done, ...waiting].map(toArchivo)
    await print(`${JSON.stringify({ archivos, sinAcceso: unreachable })}\n`)
  } else {
    const rows = [...done, ...waiting].map((row) => [
      ...[row.casilla_nombre, row.nombre, row.desenlace ?? row.estado, row.motivo ?? ''],
    ])
    if (rows.length > 0) await print(table(['CASILLA', 'ARCHIVO', 'DESENLACE', 'MOTIVO'], rows))
    else await print('No había nada que recibir.\n')
    for (const { casillaId, motivo } of unreachable)
      await print(`Casilla ${casillaId}: ${motivo ?? 'sin acceso'}\n`)
  }
  return refused.length + pending.length + unreachable.length > 0 ? EXIT.dataErrors : EXIT.ok
}
