import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Verdict, verdictSchema } from '@shared/model/execution'
import type { ArchivoRecibido } from '@shared/model/recepcion'
import { z } from 'zod'
import { dice } from '../generator'
import { EngineChild, type EngineChildOptions } from './engine-child'

export interface CrashOptions extends Omit<EngineChildOptions, 'dataDir'> {
  /** An empty folder of its own. */
  work: string
  kills: number
  files: number
  casillas: number
  seed: number
  /** How long an engine lives at most, in milliseconds. */
  lifeMs: number
  onRound?(done: number): void
}

export interface CrashResult {
  kills: number
  /** Killed before it had said that it was ready. */
  whileStarting: number
  files: number
  outcomes: Record<string, number>
  /** Records of the accepted files: expected and counted by their executions, which must be the same. */
  records: number
  /** How often a file was in the hands of an engine that died; each start says so in its log. */
  retaken: number
  seconds: number
}

/** A file that is sent: `same` names the one whose content it repeats. */
interface Sent {
  casilla: number
  name: string
  text: string
  records: number
  kind: 'bueno' | 'malo' | 'repetido'
  same: string | null
}

export const CRASH_YAML = `sage_yaml: { name: Lecturas, description: d, version: "1", author: a }
catalogs:
  lecturas:
    name: Lecturas
    description: d
    filename: lecturas.csv
    file_format: { type: CSV, delimiter: ",", header: true }
    fields:
      - { name: codigo, type: texto, required: true, unique: true }
      - { name: valor, type: entero }
packages:
  paquete: { name: p, description: d, file_format: { type: CSV }, catalogs: [lecturas] }
`

function plan({ files, casillas, seed }: CrashOptions): Sent[] {
  const roll = dice(seed)
  const sent: Sent[] = []
  for (let i = 0; i < files; i++) {
    const casilla = i % casillas
    const name = `lecturas_${String(i).padStart(5, '0')}.csv`
    const former = sent.filter((one) => one.casilla === casilla && one.kind === 'bueno').at(-1)
    const chance = roll.int(10)
    if (chance === 0 && former && !sent.some((one) => one.same === former.name)) {
      sent.push({ ...former, name, kind: 'repetido', same: former.name })
      continue
    }
    const kind = chance === 1 ? 'malo' : 'bueno'
    const records = 1 + roll.int(40)
    const rows = Array.from(
      { length: records },
      (_, n) => `f${i}-${n},${n === 0 && kind === 'malo' ? 'nada' : n}\n`,
    )
    sent.push({ casilla, name, text: `codigo,valor\n${rows.join('')}`, records, kind, same: null })
  }
  return sent
}

/** Half of them appear whole under their name, half are written in place. */
function send(folders: readonly string[], file: Sent, whole: boolean): void {
  const path = join(folders[file.casilla] ?? '', file.name)
  writeFileSync(whole ? `${path}.part` : path, file.text)
  if (whole) renameSync(`${path}.part`, path)
}

async function prepare(options: CrashOptions, dataDir: string): Promise<string[]> {
  const engine = new EngineChild({ ...options, dataDir })
  await engine.ready
  const folders: string[] = []
  for (let i = 0; i < options.casillas; i++) {
    const path = join(options.work, `casilla-${i}`)
    mkdirSync(path)
    await engine.call('casillas.create', {
      nombre: `Casilla ${i}`,
      descripcion: '',
      politica: 'todo_o_nada',
      nombreYaml: 'lecturas.yaml',
      yaml: CRASH_YAML,
      carpeta: { path },
      vigilancia: { asentamientoMs: 100 },
    })
    folders.push(path)
  }
  await engine.call('settings.set', { key: 'concurrency', value: 2 })
  await engine.shutdown()
  return folders
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/**
 * Kills the engine again and again, at random instants from its start on, while files keep arriving in watched folders; then lets it
 * end. Fails unless every file has exactly one outcome, the right one, and its records are counted and loaded once.
 */
export async function crashRounds(options: CrashOptions): Promise<CrashResult> {
  const started = performance.now()
  const roll = dice(options.seed + 1)
  const dataDir = join(options.work, 'datos')
  const folders = await prepare(options, dataDir)
  const sent = plan(options)
  const left = [...sent]
  let whileStarting = 0
  for (let round = 0; round < options.kills; round++) {
    const engine = new EngineChild({ ...options, dataDir })
    let ready = false
    engine.ready.then(
      () => {
        ready = true
      },
      () => undefined,
    )
    const share = Math.ceil(left.length / (options.kills - round))
    const life = roll.int(options.lifeMs)
    for (let n = 0; n < share; n++) {
      await pause(life / (share + 1))
      const next = left.shift()
      if (next) send(folders, next, roll.int(2) === 0)
    }
    await pause(life / (share + 1))
    await engine.kill()
    if (!ready) whileStarting++
    options.onRound?.(round + 1)
  }
  const engine = new EngineChild({ ...options, dataDir })
  await engine.ready
  const page = { limit: 5000, offset: 0 }
  await engine.until(['recepcion.casilla', 'recepcion.archivo', 'execution.changed'], async () => {
    const { total } = await engine.call('recepcion.archivos', { ...page, limit: 1 })
    const open = await engine.call('recepcion.archivos', { ...page, limit: 1, abiertos: true })
    return total >= sent.length && open.total === 0
  })
  const rows = (await engine.call('recepcion.archivos', { ...page, sort: 'nombre', direction: 'asc' })).items
  const executions = (await engine.call('executions.list', page)).items
  await engine.until(['cargas.changed'], async () => {
    const { items } = await engine.call('cargas.list', page)
    return items.every(({ estado }) => estado !== 'en_espera' && estado !== 'en_proceso')
  })
  const loads = (await engine.call('cargas.list', page)).items
  const { tablas } = await engine.call('sql.tablas', {})
  await engine.shutdown()
  checkRows(sent, rows)
  checkFolders(sent, rows, folders)
  const records = checkExecutions(sent, rows, executions, dataDir)
  const accepted = rows.filter(({ desenlace }) => desenlace === 'aceptado')
  expect(
    loads.length === accepted.length && loads.every(({ estado }) => estado === 'completado'),
    `${loads.length} loads for ${accepted.length} accepted files, ${loads.map(({ estado }) => estado).join()}`,
  )
  const loaded = tablas.reduce((sum, { filas }) => sum + filas, 0)
  expect(loaded === records, `${loaded} rows in the console's data of ${records} accepted`)
  const outcomes: Record<string, number> = {}
  for (const { desenlace } of rows) {
    const name = desenlace ?? 'sin desenlace'
    outcomes[name] = (outcomes[name] ?? 0) + 1
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  const retaken = filesRetaken(dataDir)
  expect(retaken > 0 || options.kills < 50, 'no kill hit a file in process: nothing was shown')
  return { kills: options.kills, whileStarting, files: sent.length, outcomes, records, retaken, seconds }
}

const recoveredLine = z.object({ event: z.literal('intake.recovered'), archivos: z.number().int() })

function filesRetaken(dataDir: string): number {
  const logs = join(dataDir, 'logs')
  return readdirSync(logs)
    .filter((name) => name.startsWith('engine'))
    .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'))
    .filter((line) => line.includes('intake.recovered'))
    .reduce((sum, line) => sum + recoveredLine.parse(JSON.parse(line)).archivos, 0)
}

function expect(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message)
}

/** One row and one outcome for each; of two with the same content, one was taken and the other recognised. */
function checkRows(sent: readonly Sent[], rows: readonly ArchivoRecibido[]): void {
  const byName = new Map<string, ArchivoRecibido[]>()
  for (const row of rows) byName.set(row.nombre, [...(byName.get(row.nombre) ?? []), row])
  expect(rows.length === sent.length, `${rows.length} rows for ${sent.length} files`)
  for (const file of sent) {
    const [row, ...more] = byName.get(file.name) ?? []
    expect(row !== undefined && more.length === 0, `${file.name} has ${more.length + (row ? 1 : 0)} rows`)
    const twin = sent.find((one) => one.same === file.name)?.name ?? file.same
    if (twin === null || twin === undefined) {
      const wanted = file.kind === 'malo' ? 'rechazado' : 'aceptado'
      expect(row.desenlace === wanted, `${file.name} ended ${row.desenlace} (${row.motivo}), not ${wanted}`)
    } else {
      const both = [row.desenlace, byName.get(twin)?.[0]?.desenlace].sort().join()
      expect(both === 'aceptado,duplicado', `${file.name} and ${twin} ended ${both}`)
    }
  }
}

/** Every original where its outcome says, as it was, once; nothing else left. */
function checkFolders(
  sent: readonly Sent[],
  rows: readonly ArchivoRecibido[],
  folders: readonly string[],
): void {
  const places = new Map<string, string[]>()
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name)
      if (!statSync(path).isFile()) continue
      const own = sent.find((file) => name.endsWith(`_${file.name}`))
      expect(own !== undefined, `left behind: ${path}`)
      places.set(own.name, [...(places.get(own.name) ?? []), path])
    }
  }
  for (const file of sent) {
    const [path, ...more] = places.get(file.name) ?? []
    expect(
      path !== undefined && more.length === 0,
      `${file.name} lies in ${places.get(file.name)?.join(' and ') ?? 'no place'}`,
    )
    const row = rows.find(({ nombre }) => nombre === file.name)
    const wanted = row?.desenlace === 'rechazado' ? 'rechazado' : 'procesado'
    expect(
      path.startsWith(join(folders[file.casilla] ?? '', wanted)),
      `${file.name}, ${row?.desenlace}, lies in ${path}`,
    )
    expect(readFileSync(path, 'utf8') === file.text, `${file.name} changed on its way`)
  }
}

/** One ended execution for each file judged, its folder whole, and the records of the accepted ones counted once. */
function checkExecutions(
  sent: readonly Sent[],
  rows: readonly ArchivoRecibido[],
  executions: readonly {
    id: string
    archivo: string
    fase: string
    registros: number
    estado: string | null
  }[],
  dataDir: string,
): number {
  const judged = rows.filter(({ desenlace }) => desenlace !== 'duplicado')
  expect(
    executions.length === judged.length,
    `${executions.length} executions for ${judged.length} files judged`,
  )
  const root = join(dataDir, 'ejecuciones')
  const folders = new Set(readdirSync(root))
  expect(folders.size === executions.length, `${folders.size} folders for ${executions.length} executions`)
  let counted = 0
  for (const row of judged) {
    const own = executions.filter(({ archivo }) => archivo === row.nombre)
    const [one] = own
    expect(own.length === 1 && one?.id === row.executionId, `${row.nombre} has ${own.length} executions`)
    expect(one.fase === 'terminada' && folders.has(one.id), `${row.nombre}: its execution is ${one.fase}`)
    const verdict: Verdict = verdictSchema.parse(
      JSON.parse(readFileSync(join(root, one.id, 'verdict.json'), 'utf8')),
    )
    const names = readdirSync(join(root, one.id))
    expect(!names.includes('.en-curso') && !names.includes('tmp'), `${row.nombre}: its folder is half done`)
    expect(
      verdict.estado === one.estado && verdict.totals.records === one.registros,
      `${row.nombre}: row and verdict differ`,
    )
    if (row.desenlace === 'aceptado') counted += one.registros
  }
  const accepted = new Set(
    rows.filter(({ desenlace }) => desenlace === 'aceptado').map(({ nombre }) => nombre),
  )
  const wanted = sent.reduce((sum, file) => sum + (accepted.has(file.name) ? file.records : 0), 0)
  expect(counted === wanted, `${counted} records counted of ${wanted} accepted`)
  return counted
}
