import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDuck } from '@engine/duckdb'
import { inspectText } from '@engine/formats'
import { Validator } from '@engine/validation'
import type { CatalogSpec, SageSchema } from '@shared/model/schema'
import { delimiterOf, openCatalog } from './intake/catalog-file'
import { writeFindings } from './listing/findings'

export interface JudgedFiles {
  records: number
  errors: number
  seconds: Record<string, number>
}

interface Turn {
  id: string
  catalog: CatalogSpec
  path: string
  bytes: number
}

async function bySize(
  ids: readonly string[],
  schema: SageSchema,
  files: ReadonlyMap<string, string>,
): Promise<Turn[]> {
  const turns: Turn[] = []
  for (const id of ids) {
    const [catalog, path] = [schema.catalogs.get(id), files.get(id)]
    if (catalog && path !== undefined) turns.push({ id, catalog, path, bytes: (await stat(path)).size })
  }
  return turns.sort((a, b) => a.bytes - b.bytes)
}

/**
 * The engine's core on files already unpacked, in place: structure, one scan per catalog, package rules, findings listed; no copy, no
 * hash, no reports. What the bench compares with one DuckDB scan of the same files. `dir` must hold the files and the working folder.
 */
export async function judgeFiles(
  dir: string,
  schema: SageSchema,
  packageId: string,
  files: ReadonlyMap<string, string>,
  memoryLimit?: number,
): Promise<JudgedFiles> {
  const seconds: Record<string, number> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const value = await work()
    seconds[name] = (seconds[name] ?? 0) + (performance.now() - started) / 1000
    return value
  }
  const out = join(dir, 'verdict')
  await rm(out, { recursive: true, force: true })
  await mkdir(join(out, 'rechazados'), { recursive: true })
  await mkdir(join(out, 'tmp'))
  const duck = await openDuck({ dir, ...(memoryLimit ? { memoryLimit } : {}) })
  try {
    const pack = schema.packages.get(packageId) ?? null
    const validator = new Validator(duck, { schema, catalogs: pack?.catalogs ?? [], pack, detailCap: 1000 })
    // The next file is looked at while this one is scanned: small ones first, so that the largest is ready when its turn comes.
    const turns = await bySize(pack?.catalogs ?? [], schema, files)
    const look = (turn: Turn | undefined) =>
      turn ? timed('inspect', () => inspectText(turn.path, { delimiter: delimiterOf(turn.catalog) })) : null
    let looking = look(turns[0])
    for (const [i, { id, catalog, path }] of turns.entries()) {
      const found = await looking
      if (!found) continue
      looking = look(turns[i + 1])
      // Awaited at its turn; until then its failure is nobody's.
      looking?.catch(() => undefined)
      const { utf16: _utf16, ascii: _ascii, ...info } = found
      const extracted = { kind: 'csv' as const, info }
      const opened = await timed('structure', () =>
        openCatalog(catalog, [{ file: `${id}.csv`, path, extracted }], {
          duck,
          workDir: join(out, 'tmp'),
          id,
        }),
      )
      const { source } = opened
      if (source) await timed('scan', () => validator.scan(source))
    }
    const outcomes = await timed('rules', () => validator.finish(new Set()))
    const scanned = [...validator.scanned.values()]
    await timed('list', () =>
      writeFindings(duck, { dir: out, temp: join(out, 'tmp'), outcomes, scanned, structure: [] }),
    )
    return {
      records: scanned.reduce((sum, { source }) => sum + source.plan.total, 0),
      errors: outcomes.reduce((sum, { check, count }) => sum + (check.severity === 'error' ? count : 0), 0),
      seconds,
    }
  } finally {
    await duck.close()
    await rm(out, { recursive: true, force: true })
  }
}
