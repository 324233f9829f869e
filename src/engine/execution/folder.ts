import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Verdict, verdictSchema } from '@shared/model/execution'

/** Present while a run is under way: a folder that still has it was left by a run that did not end. */
export const RUNNING_MARK = '.en-curso'
const VERDICT = 'verdict.json'

/** What a run writes; a repeated run starts by removing all of it, and nothing else in the folder. */
const PARTS = [
  'input',
  'input.yaml',
  'tmp',
  'rechazados',
  'aceptados',
  'findings.parquet',
  'errores.csv',
  'results.txt',
  'details.json',
  'report.html',
  'hallazgos.csv',
  VERDICT,
]

export interface Folder {
  dir: string
  input: string
  data: string
  temp: string
}

/** Makes (or makes again) an execution folder, marked as running. `keepsInput`: what lies in `input/` is the input itself. */
export async function openFolder(
  given: string,
  keepsInput: (inputFolder: string) => boolean = () => false,
): Promise<Folder> {
  const dir = resolve(given)
  const keep = keepsInput(join(dir, 'input'))
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, RUNNING_MARK), String(process.pid))
  for (const part of PARTS) {
    if (part !== 'input' || !keep) await rm(join(dir, part), { recursive: true, force: true })
  }
  const folder = { dir, input: join(dir, 'input'), temp: join(dir, 'tmp'), data: join(dir, 'tmp', 'data') }
  await mkdir(folder.input, { recursive: true })
  await mkdir(folder.data, { recursive: true })
  await mkdir(join(dir, 'rechazados'))
  return folder
}

/** Ends a run well: working files gone, mark gone last. */
export async function closeFolder(folder: Folder): Promise<void> {
  await rm(folder.temp, { recursive: true, force: true })
  await rm(join(folder.dir, RUNNING_MARK), { force: true })
}

/** Ends a run that failed or was cancelled: only what was received stays, so that it can be run again. */
export async function discardFolder(folder: Folder): Promise<void> {
  for (const part of PARTS) {
    if (part === 'input' || part === 'input.yaml') continue
    await rm(join(folder.dir, part), { recursive: true, force: true }).catch(() => undefined)
  }
  await rm(join(folder.dir, RUNNING_MARK), { force: true }).catch(() => undefined)
}

/** True for a folder whose run did not end: killed, or still going. */
export const isUnfinished = (dir: string): boolean => existsSync(join(dir, RUNNING_MARK))

/** Written beside and renamed: a verdict is there whole or not at all. */
export async function writeVerdict(dir: string, verdict: Verdict): Promise<void> {
  const part = join(dir, `${VERDICT}.parte`)
  await writeFile(part, `${JSON.stringify(verdict, null, 1)}\n`)
  await rename(part, join(dir, VERDICT))
}

/** The verdict of a finished run, or null when there is none (or it is not one of ours). */
export async function readVerdict(dir: string): Promise<Verdict | null> {
  if (isUnfinished(dir)) return null
  try {
    const parsed = verdictSchema.safeParse(JSON.parse(await readFile(join(dir, VERDICT), 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
