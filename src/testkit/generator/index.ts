import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CATALOGS, type GeneratedCatalog } from './catalogs'
import { dice } from './random'
import { generatedYaml } from './yaml'

export { CATALOGS, type GeneratedCatalog } from './catalogs'
export { dice, seeded } from './random'
export { generatedYaml } from './yaml'

export interface GenerateOptions {
  /** Sales records; the other catalogs follow in proportion (1,000,000 sales make 1.84 million records). */
  rows: number
  dir: string
  seed?: number
  /** Zip the folder too (default true). */
  zip?: boolean
}

export interface GeneratedPackage {
  yaml: string
  zip: string | null
  files: { catalog: string; path: string; records: number; bytes: number }[]
}

/** Writes a package of seven catalogs: `csv/*.csv`, `paquete.yaml` and `paquete.zip` in `dir`. Streamed and seeded. */
export async function generatePackage(options: GenerateOptions): Promise<GeneratedPackage> {
  const csv = join(options.dir, 'csv')
  await mkdir(csv, { recursive: true })
  const sizes = Object.fromEntries(CATALOGS.map((catalog) => [catalog.id, catalog.size(options.rows)]))
  const files: GeneratedPackage['files'] = []
  for (const [index, catalog] of CATALOGS.entries()) {
    const path = join(csv, `${catalog.id}.csv`)
    await writeCatalog(catalog, path, sizes, (options.seed ?? 7) * 1000 + index)
    files.push({ catalog: catalog.id, path, records: sizes[catalog.id] ?? 0, bytes: (await stat(path)).size })
  }
  const yaml = join(options.dir, 'paquete.yaml')
  await writeFile(yaml, generatedYaml(CATALOGS))
  const zip = options.zip === false ? null : join(options.dir, 'paquete.zip')
  if (zip) await zipFiles(zip, files)
  return { yaml, zip, files }
}

async function writeCatalog(
  catalog: GeneratedCatalog,
  path: string,
  sizes: Record<string, number>,
  seed: number,
): Promise<void> {
  const out = createWriteStream(path)
  const roll = dice(seed)
  const total = sizes[catalog.id] ?? 0
  let lines = catalog.header ? [catalog.fields.map((field) => field.name).join(catalog.delimiter)] : []
  for (let n = 0; n < total; n++) {
    lines.push(catalog.record(n, roll, sizes).join(catalog.delimiter))
    if (lines.length < 4096) continue
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain')
    lines = []
  }
  out.end(lines.length > 0 ? `${lines.join('\n')}\n` : '')
  await once(out, 'close')
}

async function zipFiles(path: string, files: GeneratedPackage['files']): Promise<void> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  for (const file of files) {
    zip.addReadStreamLazy(`${file.catalog}.csv`, { mtime: new Date(0) }, (done) =>
      done(null, createReadStream(file.path)),
    )
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}
