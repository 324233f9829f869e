import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openEngine, openEngineLog } from '@engine/host/engine'
import type {
  Emit,
  EngineOperationName,
  EventName,
  EventPayload,
  OperationInput,
  OperationOutput,
} from '@shared/contract'
import { operations } from '@shared/contract'
import type { Politica } from '@shared/model/execution'
import type { materializacionConfigSchema } from '@shared/model/materializacion'
import { personasYaml } from '@testkit/personas'
import type { z } from 'zod'
import type { LoaderTimes, MaterializationPlugs } from './index'

const ROOT = resolve(__dirname, '../../../..')

interface Told {
  topic: EventName
  payload: unknown
}

export interface BenchOptions {
  plugs?: MaterializationPlugs
  loaderTimes?: Partial<LoaderTimes>
}

/** A whole engine over a temporary folder, called through its handlers as the console does. */
export async function openBench(options: BenchOptions = {}, given?: string) {
  const { plugs } = options
  const dir = given ?? mkdtempSync(join(tmpdir(), 'sage-cargas-'))
  const dataDir = join(dir, 'data')
  const told: Told[] = []
  const listeners = new Set<() => void>()
  const emit: Emit = (topic, payload) => {
    told.push({ topic, payload })
    for (const listener of [...listeners]) listener()
  }
  const engine = await openEngine(
    {
      dataDir,
      migrationsDir: join(ROOT, 'migrations'),
      // Without the sample casilla.
      resourcesDir: join(dir, 'nothing'),
      host: 'cli',
      version: 'test',
      emit,
      daemonTimes: { gatherMs: 10, reachMs: 50, retryBaseMs: 20 },
      loaderTimes: { retryBaseMs: 20, ...options.loaderTimes },
      ...(plugs ? { plugs: () => plugs } : {}),
    },
    openEngineLog(dataDir),
  )
  await engine.watching

  async function call<N extends EngineOperationName>(
    op: N,
    input: OperationInput<N>,
  ): Promise<OperationOutput<N>> {
    const handler = engine.handlers[op] as (
      input: unknown,
      context: { signal: AbortSignal },
    ) => Promise<OperationOutput<N>>
    return handler(operations[op].input.parse(input), { signal: new AbortController().signal })
  }

  return {
    dir,
    dataDir,
    engine,
    told,
    call,
    events: <N extends EventName>(topic: N): EventPayload<N>[] =>
      // `emit` is typed: the payload is that of its topic.
      told.flatMap((event) => (event.topic === topic ? [event.payload as EventPayload<N>] : [])),
    /** Resolves once `test` holds; it is asked again with each event. */
    until: (test: () => boolean | Promise<boolean>) =>
      new Promise<void>((done, failed) => {
        const look = async (): Promise<void> => {
          if (!(await test())) return
          listeners.delete(listener)
          done()
        }
        const listener = (): void => void look().catch(failed)
        listeners.add(listener)
        listener()
      }),
    /** A casilla of `personas.csv` with a watched folder. */
    async casilla(nombre = 'Personas', politica: Politica = 'todo_o_nada') {
      const carpeta = join(dir, nombre)
      mkdirSync(carpeta, { recursive: true })
      const { id } = await call('casillas.create', {
        ...{ nombre, politica, nombreYaml: 'personas.yaml', yaml: personasYaml() },
        carpeta: { path: carpeta },
        vigilancia: { asentamientoMs: 0 },
      })
      return { id, carpeta }
    },
    /** Puts a file in a watched folder and has it taken now. */
    async receive(casilla: { id: number; carpeta: string }, name: string, text: string): Promise<void> {
      writeFileSync(join(casilla.carpeta, name), text)
      await call('recepcion.procesarAhora', { casillaId: casilla.id })
    },
    archivos: async (casillaId: number) =>
      (await call('recepcion.archivos', { casillaId, sort: 'detectadoEn', direction: 'asc' })).items,
    cargas: async (filter: OperationInput<'cargas.list'> = {}) =>
      (await call('cargas.list', { direction: 'asc', ...filter })).items,
    async close() {
      await engine.close()
      engine.log.close()
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export type Bench = Awaited<ReturnType<typeof openBench>>

export const csv = (...rows: readonly string[]): string =>
  `codigo,edad\n${rows.map((row) => `${row}\n`).join('')}`

type ConfigInput = z.input<typeof materializacionConfigSchema>

/** The table `personas` of that casilla. */
export const tablaPersonas = (
  more: Partial<ConfigInput['tablas'][number]> = {},
): ConfigInput['tablas'][number] => ({
  catalogo: 'personas',
  tabla: 'personas',
  columnas: [
    { nombre: 'codigo', fuente: { de: 'campo', campo: 'codigo' }, tipo: { tipo: 'texto' }, nulos: false },
    { nombre: 'edad', fuente: { de: 'campo', campo: 'edad' }, tipo: { tipo: 'entero' } },
  ],
  estrategia: { tipo: 'append' },
  ...more,
})
