import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { openWorkbench } from '@engine/casillas/workbench.fixture'
import { type ArchivoRow, insertProveedor, listArchivos, listEjecuciones } from '@engine/store'
import { RED_NORMAL } from '@shared/model/proveedor'
import type { Vigilancia } from '@shared/model/recepcion'
import { origenRemotoSchema, vigilanciaSchema } from '@shared/model/recepcion'
import { personasYaml } from '@testkit/personas'
import type { z } from 'zod'
import { type DaemonTimes, SageDaemon } from './daemon'
import { Reception } from './reception'
import type { OpenProveedor } from './remote/provider-pool'

const TIMES: DaemonTimes = {
  gatherMs: 10,
  rescanMs: 60_000,
  reachMs: 50,
  leaseMs: 60_000,
  retryBaseMs: 20,
  outsideMs: 60_000,
  claimMs: 60_000,
}

const noProveedor: OpenProveedor = (id) => Promise.reject(new Error(`no provider ${id}`))

/** The real services, a real daemon over real folders, and the questions that tests ask. */
export function openDaemonBench(
  times: Partial<DaemonTimes> = {},
  given?: string,
  openProveedor: OpenProveedor = noProveedor,
) {
  const bench = openWorkbench(given)
  const daemon = new SageDaemon({
    ...bench.deps,
    executions: bench.executions,
    openProveedor,
    times: { ...TIMES, ...times },
  })
  const reception = new Reception(bench.store, daemon, bench.deps.emit)
  const rows = (casillaId?: number): ArchivoRow[] =>
    listArchivos(bench.store.db, {
      ...(casillaId === undefined ? {} : { casillaId }),
      sort: 'detectadoEn',
      direction: 'asc',
      limit: 5000,
      offset: 0,
    }).items
  return {
    ...bench,
    daemon,
    reception,
    /** As the engine starts: what a dead one left, then watching. */
    async start() {
      await daemon.recover()
      await bench.executions.recover()
      await daemon.start()
    },
    /** A casilla of `personas.csv` with a folder of its own. */
    async casilla(nombre: string, vigilancia: Partial<Vigilancia> = {}, prioridad = 0) {
      const carpeta = join(bench.dir, nombre)
      mkdirSync(carpeta, { recursive: true })
      const { id } = await bench.casillas.create({
        nombre,
        descripcion: '',
        politica: 'todo_o_nada',
        nombreYaml: 'personas.yaml',
        yaml: personasYaml(),
        carpeta: { path: carpeta },
        vigilancia: vigilanciaSchema.parse({ asentamientoMs: 0, ...vigilancia }),
      })
      if (prioridad !== 0) await bench.casillas.update({ id, prioridad })
      await daemon.refresh()
      return { id, carpeta }
    },
    /** As `casilla`, for a prefix of a provider that the bench opens. */
    async remota(
      nombre: string,
      origen: Omit<z.input<typeof origenRemotoSchema>, 'proveedorId'>,
      vigilancia: z.input<typeof vigilanciaSchema> = {},
    ) {
      const proveedor = {
        nombre,
        descripcion: '',
        tipo: 'local',
        config: {},
        red: RED_NORMAL,
        secretoId: null,
      }
      const proveedorId = await bench.store.write((tx) => insertProveedor(tx, proveedor, '2026-01-01'))
      const { id } = await bench.casillas.create({
        nombre,
        descripcion: '',
        politica: 'todo_o_nada',
        nombreYaml: 'personas.yaml',
        yaml: personasYaml(),
        origenRemoto: origenRemotoSchema.parse({ proveedorId, ...origen }),
        vigilancia: vigilanciaSchema.parse({ asentamientoMs: 0, sondeoMs: 500, ...vigilancia }),
      })
      await daemon.refresh()
      return id
    },
    rows,
    /** What came of each file: its name, its state and its outcome. */
    outcomes: (casillaId?: number): string[] =>
      rows(casillaId).map(({ nombre, estado, desenlace }) => `${nombre} ${estado} ${desenlace}`),
    ran: () =>
      listEjecuciones(bench.store.db, { sort: 'creadaEn', direction: 'asc', limit: 5000, offset: 0 }).items,
    /** Looks at the folder and waits until nothing is left to do. */
    async settle(casillaId: number) {
      await daemon.scanNow(casillaId)
      await daemon.idle()
    },
    async close() {
      await daemon.close()
      await bench.close()
    },
  }
}

export type DaemonBench = ReturnType<typeof openDaemonBench>

/** Good personas, different for each `seed`. */
export const good = (seed: number | string, records = 2): string =>
  `codigo,edad\n${Array.from({ length: records }, (_, i) => `p${seed}-${i},${20 + i}\n`).join('')}`

/** The age is no number. */
export const bad = (seed: number | string): string => `codigo,edad\np${seed},nada\n`

export function put(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

/** Every file below a folder, with `/`. */
export const tree = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)).replaceAll('\\', '/'))
    .sort()
