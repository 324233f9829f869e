import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { type Politica, type Verdict, verdictSchema } from '@shared/model/execution'
import { comparable } from '../soak/comparable'
import { choose, picker } from './random'
import { SEEDS } from './seeds'

export { WHOLE } from './seeds'

export const FUZZ_SEED = 20261125
/** Far above what files this small need, even on a busy machine. */
const HANG_MS = 20_000

/** The engine's own `runExecution`, handed in: the test kit imports nothing of the engine. */
export type Execute = (request: {
  inputPath: string
  inputName: string
  yamlText: string
  executionId: string
  dir: string
  politica: Politica
  stage: boolean
  detailCap: number
  threads: number
  memoryLimit: number
}) => Promise<Verdict>

export interface FuzzInput {
  name: string
  yaml: string
  bytes: Buffer
}

/** The damaged file of one run: a function of its number and the seed alone. */
export function fuzzInput(run: number, seed = FUZZ_SEED): FuzzInput {
  const pick = picker(seed + Math.imul(run, 2654435761))
  const source = SEEDS[run % SEEDS.length]
  if (!source) throw new RangeError('no seeds')
  return { name: source.name, yaml: source.yaml, bytes: source.make(pick) }
}

/**
 * One damaged file through a whole execution, in a folder of its own below `root` (removed when nothing is wrong). Gives what came of it:
 * a state of the verdict or the code of an error of ours. Throws, with what it saw, when the run ended any other way: a bug, a hang, an
 * unreadable verdict, something left behind, an open file, a second run with another verdict.
 */
export async function fuzzOne(
  run: number,
  root: string,
  execute: Execute,
  seed = FUZZ_SEED,
): Promise<string> {
  const input = fuzzInput(run, seed)
  const told = await tryOne(run, root, input, execute).catch((error: unknown) => {
    throw new Error(`fuzz run ${run} of seed ${seed} (${input.name}): ${explain(error)}`, { cause: error })
  })
  await rm(join(root, `r${run}`), { recursive: true, force: true })
  return told
}

const explain = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

async function tryOne(run: number, root: string, input: FuzzInput, execute: Execute): Promise<string> {
  const folder = join(root, `r${run}`)
  const dir = join(folder, 'ejecucion')
  await mkdir(folder, { recursive: true })
  const inputPath = join(folder, input.name)
  await writeFile(inputPath, input.bytes)
  const pick = picker(run)
  const request = {
    inputPath,
    inputName: input.name,
    yamlText: input.yaml,
    executionId: `fuzz-${run}`,
    dir,
    politica: choose(['todo_o_nada', 'por_catalogo', 'solo_validos'] as const, pick),
    stage: pick(2) === 0,
    detailCap: choose([3, 1000], pick),
    threads: 2,
    memoryLimit: 256 * 1024 * 1024,
  }
  const first = await judge(() => execute(request), input, folder, dir)
  // The same file again, over what the first run left: the same answer.
  if (run % 20 === 0) same(first, await judge(() => execute(request), input, folder, dir))
  return first.told
}

interface Judged {
  told: string
  /** What must not change from one run to the next. */
  what: string
}

function same(first: Judged, second: Judged): void {
  if (first.what !== second.what) throw new Error(`two runs differ:\n${first.what}\n${second.what}`)
}

async function judge(
  execute: () => Promise<Verdict>,
  input: FuzzInput,
  folder: string,
  dir: string,
): Promise<Judged> {
  let judged: Judged
  try {
    judged = readVerdict(await inTime(execute()), input, dir)
    checkFinished(dir)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.kind === 'bug' || error.kind === 'cancelled') throw error
    if (error.message === '' || !error.hint)
      throw new Error(`${error.code} without message or hint`, { cause: error })
    judged = { told: error.code, what: JSON.stringify(error.toData()) }
    checkDiscarded(dir)
  }
  if (!readFileSync(join(folder, input.name)).equals(input.bytes)) throw new Error('the input was changed')
  const open = openBelow(folder)
  if (open.length > 0) throw new Error(`still open: ${open.join(', ')}`)
  return judged
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${HANG_MS} ms`)), HANG_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function readVerdict(given: Verdict, input: FuzzInput, dir: string): Judged {
  const verdict = verdictSchema.parse(JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')))
  if (verdict.executionId !== given.executionId) throw new Error('the verdict on disk is another one')
  if (verdict.inputSha256 !== createHash('sha256').update(input.bytes).digest('hex'))
    throw new Error('wrong SHA-256')
  const { estado, totals } = verdict
  if (totals.refused > totals.records) throw new Error(`refused ${totals.refused} of ${totals.records}`)
  const refusedFile = verdict.fileErrors.find((error) => error.severity === 'error')
  return { told: refusedFile ? `${estado} ${refusedFile.code}` : estado, what: comparable(verdict) }
}

const FINISHED = new Set([
  'aceptados',
  'details.json',
  'errores.csv',
  'findings.parquet',
  'input',
  'input.yaml',
  'rechazados',
  'report.html',
  'results.txt',
  'verdict.json',
])

function checkFinished(dir: string): void {
  const odd = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !FINISHED.has(name.split(/[\\/]/)[0] ?? '') || /\.(parte|registros|utf8)$/.test(name),
  )
  if (odd.length > 0) throw new Error(`left behind by a finished run: ${odd.join(', ')}`)
}

/** After an error only what was received stays: nothing that could be taken for a result. */
function checkDiscarded(dir: string): void {
  if (!existsSync(dir)) return
  const odd = readdirSync(dir).filter((name) => name !== 'input' && name !== 'input.yaml')
  if (odd.length > 0) throw new Error(`left behind by a failed run: ${odd.join(', ')}`)
}

/** Files below a folder that this process still holds open; looked up where the system tells (Linux). */
function openBelow(folder: string): string[] {
  if (!existsSync('/proc/self/fd')) return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(join('/proc/self/fd', fd))
      return path.startsWith(folder) ? [path] : []
    } catch {
      return [] // The descriptor of this very listing.
    }
  })
}
