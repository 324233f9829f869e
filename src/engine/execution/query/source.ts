import { existsSync } from 'node:fs'
import { copyFile, link, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duck } from '@engine/duckdb'
import { ADMITTED, inspectText, listZip, matchEntries, sniffContainer } from '@engine/formats'
import type { CatalogSource } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { CatalogSpec } from '@shared/model/schema'
import { type ArrivedFile, openCatalog } from '../intake/catalog-file'
import { safeName } from '../listing/findings'
import { openEntries } from './opened-entries'

export interface Workplace {
  dir: string
  duck: Duck
  /** Folder of this question alone, gone when it is answered. */
  workDir: string
  signal?: AbortSignal
}

/**
 * The file of one catalog of a finished execution, readable again. What comes out of a ZIP is kept a while for the
 * next question. Errors: INPUT_MISSING, CATALOG_FILE_MISSING, and the file's own structure problems.
 */
export async function openSource(place: Workplace, catalog: CatalogSpec): Promise<CatalogSource> {
  const files = await filesOf(place, catalog)
  const opened = await openCatalog(catalog, files, {
    duck: place.duck,
    workDir: place.workDir,
    limits: ADMITTED,
    id: `s${safeName(catalog.id)}`,
    ...(place.signal ? { signal: place.signal } : {}),
  })
  if (opened.source) return opened.source
  const first = opened.problems.find((problem) => problem.severity === 'error')
  throw new AppError(first?.code ?? 'CATALOG_FILE', {
    kind: 'input',
    message: first?.message ?? `El archivo de «${catalog.id}» no se puede leer.`,
    ...(first?.hint ? { hint: first.hint } : {}),
  })
}

async function receivedFile(dir: string): Promise<{ path: string; name: string }> {
  const input = join(dir, 'input')
  const [name] = existsSync(input) ? await readdir(input) : []
  if (name !== undefined) return { path: join(input, name), name }
  throw new AppError('INPUT_MISSING', {
    kind: 'not-found',
    message: 'El archivo de esta ejecución ya no está en su carpeta.',
    hint: 'Volver a procesar el archivo original.',
  })
}

async function filesOf(place: Workplace, catalog: CatalogSpec): Promise<ArrivedFile[]> {
  const input = await receivedFile(place.dir)
  if ((await sniffContainer(input.path)) !== 'zip') {
    // What is derived from it must not fall into `input/`.
    return [{ file: input.name, path: await workCopy(place, input.path) }]
  }
  const names = await entriesOf(input.path, catalog)
  const { encoding } = catalog.format
  const paths = await openEntries(place.dir, input.path, catalog.id, names, {
    ...(encoding === undefined ? {} : { encoding }),
    ...(place.signal ? { signal: place.signal } : {}),
  })
  return Promise.all(
    names.map(async (name) => {
      const path = paths.get(name) ?? ''
      const { utf16: _utf16, ascii: _ascii, ...info } = await inspectText(path, textOptions(place, catalog))
      return { file: name, path, extracted: { kind: await sniffContainer(path), info } }
    }),
  )
}

const textOptions = (place: Workplace, catalog: CatalogSpec) => ({
  ...(catalog.format.delimiter === undefined ? {} : { delimiter: catalog.format.delimiter }),
  ...(place.signal ? { signal: place.signal } : {}),
})

async function workCopy(place: Workplace, path: string): Promise<string> {
  const target = join(place.workDir, 'entrada')
  if (!existsSync(target)) await link(path, target).catch(() => copyFile(path, target))
  return target
}

async function entriesOf(zip: string, catalog: CatalogSpec): Promise<string[]> {
  const entries = await listZip(zip, ADMITTED)
  const match = matchEntries(
    entries.map((entry) => entry.name),
    [{ catalog: catalog.id, filename: catalog.filename }],
  )
  const names = match.matched.get(catalog.id) ?? []
  if (names.length > 0) return names
  throw new AppError('CATALOG_FILE_MISSING', {
    kind: 'not-found',
    message: `El ZIP de esta ejecución no trae el archivo «${catalog.filename}».`,
  })
}
