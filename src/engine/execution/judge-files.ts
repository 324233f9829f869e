import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDuck } from '@engine/duckdb'
import { inspectText } from '@engine/formats'
import { Validator } from '@engine/validation'
import type { SageSchema } from '@shared/model/schema'
import { delimiterOf, openCatalog } from './intake/catalog-file'
import { writeFindings } from './listing/findings'

export interface JudgedFiles {
  records: number
  errors: number
  seconds: Record<string, number>
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
    for (const id of pack?.catalogs ?? []) {
      const catalog = schema.catalogs.get(id)
      const path = files.get(id)
      if (!catalog || path === undefined) continue
      const found = await timed('inspect', () => inspectText(path, { delimiter: delimiterOf(catalog) }))
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
