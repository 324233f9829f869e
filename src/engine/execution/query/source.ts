import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  extractZip,
  type Inspection,
  inspectText,
  listZip,
  matchEntries,
  prepareText,
  sniffContainer,
  type TextFileInfo,
} from '@engine/formats'
import type { CatalogSource } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { CatalogSpec } from '@shared/model/schema'
import { delimiterOf, openCatalogFile } from '../intake/catalog-file'
import { inputFileName } from '../intake/input'
import { safeName } from '../listing/findings'

/**
 * The file of one catalog of a finished execution, readable again: taken out of the input as received and kept in `cache/` of the
 * execution for the next question. Errors: INPUT_MISSING, CATALOG_FILE_MISSING, and the file's own structure problems.
 */
export async function openSource(
  dir: string,
  catalog: CatalogSpec,
  signal?: AbortSignal,
): Promise<CatalogSource> {
  const { path, file } = await cachedFile(dir, catalog, signal)
  const options = { delimiter: delimiterOf(catalog), ...(signal ? { signal } : {}) }
  const info = plainInfo(await inspectText(path, options))
  const opened = await openCatalogFile({
    catalog,
    file,
    path,
    info,
    ...(signal ? { signal } : {}),
  })
  if (opened.source) return opened.source
  const [first] = opened.problems
  throw new AppError(first?.code ?? 'CATALOG_FILE', {
    kind: 'input',
    message: first?.message ?? `«${file}» no se puede leer.`,
    ...(first?.hint ? { hint: first.hint } : {}),
  })
}

/** What is kept in the cache is UTF-8 already, whatever the YAML says of the file as received. */
function plainInfo(found: Inspection): TextFileInfo {
  const { utf16: _utf16, ascii: _ascii, ...info } = found
  return info
}

async function receivedFile(dir: string): Promise<{ path: string; name: string }> {
  const input = join(dir, 'input')
  const [name] = existsSync(input) ? await readdir(input) : []
  if (name !== undefined) return { path: join(input, name), name }
  throw new AppError('INPUT_MISSING', {
    kind: 'not-found',
    message: 'El archivo de esta ejecución ya no está en su carpeta.',
    hint: 'Vuelve a procesar el archivo original.',
  })
}

async function cachedFile(
  dir: string,
  catalog: CatalogSpec,
  signal: AbortSignal | undefined,
): Promise<{ path: string; file: string }> {
  const input = await receivedFile(dir)
  const cache = join(dir, 'cache')
  await mkdir(cache, { recursive: true })
  const zipped = (await sniffContainer(input.path)) === 'zip'
  const entry = zipped ? await entryOf(input.path, catalog) : input.name
  const target = join(cache, `${safeName(catalog.id)}-${inputFileName(entry)}`)
  if (existsSync(target)) return { path: target, file: entry }
  // Made aside and renamed: two questions at once don't read each other's half file.
  const aside = await mkdtemp(join(cache, '.parte-'))
  try {
    const part = join(aside, '0.csv')
    const { encoding } = catalog.format
    const text = zipped
      ? await inflate(input.path, entry, aside, encoding, signal)
      : await decoded(input.path, part, encoding, signal)
    await rename(text, target)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return { path: target, file: entry }
}

/** The entry as UTF-8, whatever it was. */
async function inflate(
  zip: string,
  entry: string,
  aside: string,
  encoding: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const files = await extractZip(zip, aside, (name) => (name === entry ? '0.csv' : null), {
    encoding: () => encoding,
    ...(signal ? { signal } : {}),
  })
  return files.get(entry)?.path ?? join(aside, '0.csv')
}

async function decoded(
  path: string,
  part: string,
  encoding: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  await link(path, part).catch(() => copyFile(path, part))
  const text = await prepareText(part, {
    ...(encoding === undefined ? {} : { encoding }),
    ...(signal ? { signal } : {}),
  })
  return text.path
}

async function entryOf(zip: string, catalog: CatalogSpec): Promise<string> {
  const entries = await listZip(zip)
  const match = matchEntries(
    entries.map((entry) => entry.name),
    [{ catalog: catalog.id, filename: catalog.filename }],
  )
  const [only] = match.matched.get(catalog.id) ?? []
  if (only !== undefined) return only
  throw new AppError('CATALOG_FILE_MISSING', {
    kind: 'not-found',
    message: `El ZIP de esta ejecución no trae el archivo «${catalog.filename}».`,
  })
}
