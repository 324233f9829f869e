import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ADMITTED, extractZip } from '@engine/formats'
import { safeName } from '../listing/findings'

/** A person who looks at one record looks at others: inflating again for each would cost seconds in a large package. */
export const KEPT_MS = 120_000

/** Working folders with entries open, each with the clock that will take it away. */
const open = new Map<string, NodeJS.Timeout>()
process.on('exit', () => {
  for (const folder of open.keys()) rmSync(folder, { recursive: true, force: true })
})

const folderOf = (dir: string): string => join(dir, 'tmp', 'entradas')

/** Puts off the end of what is open in an execution folder. */
function keepAWhile(dir: string): void {
  const folder = folderOf(dir)
  clearTimeout(open.get(folder))
  const timer = setTimeout(() => void forget(dir), KEPT_MS)
  timer.unref()
  open.set(folder, timer)
}

async function forget(dir: string): Promise<void> {
  const folder = folderOf(dir)
  open.delete(folder)
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  // Goes only when nobody else keeps anything there.
  await rmdir(join(dir, 'tmp')).catch(() => undefined)
}

/**
 * Entries of a ZIP of a finished execution, inflated in its working folder and gone some minutes after the last question (or with the
 * process). Gives the path of each. Errors: those of `extractZip`.
 */
export async function openEntries(
  dir: string,
  zip: string,
  catalog: string,
  names: readonly string[],
  options: { encoding?: string; signal?: AbortSignal },
): Promise<Map<string, string>> {
  keepAWhile(dir)
  const folder = folderOf(dir)
  const paths = new Map(names.map((name, i) => [name, join(folder, `${safeName(catalog)}-${i}`)]))
  const missing = names.filter((name) => !existsSync(paths.get(name) ?? ''))
  if (missing.length === 0) return paths
  await mkdir(folder, { recursive: true })
  // Made aside and renamed: two questions at once don't read each other's half file.
  const aside = await mkdtemp(join(folder, '.parte-'))
  try {
    const targets = new Map(missing.map((name, i) => [name, `${i}.csv`]))
    const files = await extractZip(zip, aside, (name) => targets.get(name) ?? null, {
      limits: ADMITTED,
      encoding: () => options.encoding,
      ...(options.signal ? { signal: options.signal } : {}),
    })
    for (const [name, file] of files) await rename(file.path, paths.get(name) ?? file.path)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return paths
}
