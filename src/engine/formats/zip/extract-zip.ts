import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rm, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { AppError } from '@shared/errors/app-error'
import type { Entry, ZipFile } from 'yauzl'
import { DEFAULT_LIMITS } from '../limits'
import { writeAll } from '../shared/copy-with-hash'
import { fromFs, inputError, throwIfAborted } from '../shared/errors'
import { bomb, openZip, refuseEncrypted, tooBig, zipError } from '../shared/open-zip'
import { settleText } from '../shared/prepare-text'
import { sniffBytes, sniffContainer } from '../shared/sniff-container'
import { type Inspection, TextInspector } from '../shared/text-inspector'
import type { ExtractedFile, ExtractOptions, Limits, TextFileInfo, ZipEntry } from '../types'

/** Inflating in large pieces: 16 KiB ones (the default) cost more in turns of the event loop than in inflating. */
const PIECE = 1024 * 1024
/** Inflating runs outside the main thread, so two entries keep two cores busy. */
const AT_ONCE = 2

/**
 * The files of a ZIP with their declared sizes; folders left out.
 * Errors: ZIP_TRUNCATED, ZIP_CORRUPT, ZIP_PATH, ZIP_BOMB, ZIP_TOO_MANY, ZIP_TOO_BIG, ZIP_DUPLICATE, ZIP_MULTIDISK, ZIP_ENCRYPTED.
 */
export async function listZip(path: string, limits: Limits = DEFAULT_LIMITS): Promise<ZipEntry[]> {
  const { zip, entries } = await openZip(path, limits)
  zip.close()
  return [...entries].map(([name, entry]) => ({ name, bytes: entry.uncompressedSize }))
}

interface Job {
  name: string
  entry: Entry
  target: string
}

/**
 * Inflates the wanted entries into `dir` under the names that `wanted` gives (null: not wanted), two at a time, the largest first.
 * Each is inspected as it inflates, its CRC and real size checked, and written as UTF-8 when it was not. On any failure nothing
 * written here stays. Errors: those of `listZip`, and ZIP_NESTED, ZIP_METHOD, FILE_EXISTS, DISK_FULL, CANCELLED.
 */
export async function extractZip(
  path: string,
  dir: string,
  wanted: (name: string) => string | null,
  opts: ExtractOptions = {},
): Promise<Map<string, ExtractedFile>> {
  throwIfAborted(opts.signal)
  const limits = opts.limits ?? DEFAULT_LIMITS
  const { zip, entries } = await openZip(path, limits)
  const written: string[] = []
  try {
    const jobs = pick(path, dir, entries, wanted)
    await checkSpace(path, dir, jobs)
    const run = new Extraction(path, zip, limits, opts, written, sum(jobs))
    return await run.all(jobs)
  } catch (error) {
    for (const file of written) await rm(file, { force: true })
    throw zipError(error, path)
  } finally {
    zip.close()
  }
}

const sum = (jobs: Job[]): number => jobs.reduce((total, job) => total + job.entry.uncompressedSize, 0)

function pick(
  path: string,
  dir: string,
  entries: Map<string, Entry>,
  wanted: (name: string) => string | null,
): Job[] {
  const jobs: Job[] = []
  for (const [name, entry] of entries) {
    const file = wanted(name)
    if (file === null) continue
    if (file !== basename(file) || file === '' || file === '.' || file === '..') {
      throw new AppError('ZIP_TARGET', { kind: 'bug', message: `Nombre de destino no válido: ${file}` })
    }
    refuseEncrypted(basename(path), name, entry)
    jobs.push({ name, entry, target: join(dir, file) })
  }
  return jobs.sort((a, b) => b.entry.uncompressedSize - a.entry.uncompressedSize)
}

/** Full before it starts is kinder than full after ten minutes. */
async function checkSpace(path: string, dir: string, jobs: Job[]): Promise<void> {
  await mkdir(dir, { recursive: true })
  const disk = await statfs(dir)
  const free = disk.bavail * disk.bsize
  const needed = sum(jobs)
  if (needed <= free) return
  throw inputError(
    'DISK_FULL',
    `«${basename(path)}» no cabe al abrirse: necesita ${needed} bytes y quedan ${free}.`,
    'Liberar espacio o elegir otra carpeta de trabajo.',
    { needed, free },
  )
}

class Extraction {
  readonly #path: string
  readonly #name: string
  readonly #zip: ZipFile
  readonly #limits: Limits
  readonly #opts: ExtractOptions
  readonly #written: string[]
  readonly #total: number
  #done = 0
  #failed: unknown = null
  #streams = new Set<Readable>()

  constructor(
    path: string,
    zip: ZipFile,
    limits: Limits,
    opts: ExtractOptions,
    written: string[],
    total: number,
  ) {
    this.#path = path
    this.#name = basename(path)
    this.#zip = zip
    this.#limits = limits
    this.#opts = opts
    this.#written = written
    this.#total = total
  }

  async all(jobs: Job[]): Promise<Map<string, ExtractedFile>> {
    const files = new Map<string, ExtractedFile>()
    const queue = [...jobs]
    const stop = (): void => {
      for (const stream of this.#streams) stream.destroy()
    }
    const worker = async (): Promise<void> => {
      for (let job = queue.shift(); job && this.#failed === null; job = queue.shift()) {
        try {
          const file = await this.#one(job)
          files.set(job.name, file)
          this.#opts.onEntry?.(job.name, file.path, file)
        } catch (error) {
          this.#failed ??= error
          stop()
        }
      }
    }
    this.#opts.signal?.addEventListener('abort', stop)
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
    } finally {
      this.#opts.signal?.removeEventListener('abort', stop)
    }
    throwIfAborted(this.#opts.signal)
    if (this.#failed !== null) throw this.#failed
    return files
  }

  async #one(job: Job): Promise<ExtractedFile> {
    const delimiter = this.#opts.delimiter?.(job.name)
    const encoding = this.#opts.encoding?.(job.name)
    const found = await this.#inflate(job, delimiter)
    // A workbook is a ZIP too.
    const kind = found.kind === 'zip' ? await sniffContainer(job.target) : found.kind
    const file = { name: job.name, kind }
    if (kind === 'zip') {
      throw inputError(
        'ZIP_NESTED',
        `«${job.name}», dentro de «${this.#name}», es otro ZIP: no se abren ZIP dentro de ZIP.`,
        'Poner los archivos de datos directamente en un solo ZIP.',
        { entry: job.name },
      )
    }
    if (kind !== 'csv' && kind !== 'jsonl') {
      return { ...infoOf(found.inspection), ...file, path: job.target }
    }
    this.#written.push(`${job.target}.utf8`)
    try {
      const settled = await settleText(job.target, found.inspection, {
        name: job.name,
        removeOriginal: true,
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(encoding === undefined ? {} : { encoding }),
        ...(this.#opts.signal ? { signal: this.#opts.signal } : {}),
      })
      return { ...settled.info, ...file, path: settled.path }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'ENCODING_DAMAGED') throw error
      return { ...infoOf(found.inspection), ...file, path: job.target, damaged: error }
    }
  }

  async #inflate(job: Job, delimiter: string | undefined): Promise<Inflated> {
    const { entry } = job
    const inspector = new TextInspector(delimiter === undefined ? {} : { delimiter })
    const output = await this.#create(job.target)
    const { stream, closed } = await this.#open(entry).catch(async (error: unknown) => {
      await output.close()
      throw error
    })
    this.#streams.add(stream)
    let bytes = 0
    let crc = 0
    let head: Buffer = Buffer.alloc(0)
    try {
      for await (const piece of stream) {
        const chunk: Buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(piece)
        throwIfAborted(this.#opts.signal)
        bytes += chunk.length
        this.#check(job, bytes)
        const writing = writeAll(output, chunk)
        writing.catch(() => undefined)
        if (head.length < 4096) head = Buffer.concat([head, chunk.subarray(0, 4096)])
        crc = crc32(chunk, crc)
        inspector.push(chunk)
        await writing
        this.#done += chunk.length
        this.#opts.onProgress?.(this.#done, this.#total)
      }
    } catch (error) {
      throw fromFs(error, this.#path)
    } finally {
      this.#streams.delete(stream)
      stream.destroy()
      await closed
      await output.close()
    }
    throwIfAborted(this.#opts.signal)
    if (bytes !== entry.uncompressedSize || crc !== entry.crc32) throw this.#corrupt(job, bytes)
    return { inspection: inspector.finish(), kind: sniffBytes(head) }
  }

  async #create(target: string): Promise<FileHandle> {
    try {
      const output = await open(target, 'wx')
      this.#written.push(target)
      return output
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        throw inputError('FILE_EXISTS', `Ya existe «${basename(target)}».`, 'Usar otra carpeta de ejecución.')
      }
      throw fromFs(error, target)
    }
  }

  async #open(entry: Entry): Promise<{ stream: Readable; closed: Promise<void> }> {
    const stored = entry.compressionMethod === 0
    if (!stored && entry.compressionMethod !== 8) {
      throw new Error(`unsupported compression method: ${entry.compressionMethod}`)
    }
    // Checks too that the data lies inside the file.
    const { fileDataStart: start } = await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true })
    // A descriptor of its own: yauzl's streams share one and read by turns, and one that is destroyed while it waits for its turn
    // throws where nobody can catch it.
    const end = start + entry.compressedSize - 1
    const raw =
      entry.compressedSize === 0
        ? Readable.from([])
        : createReadStream(this.#path, { start, end, highWaterMark: PIECE })
    const closed = new Promise<void>((done) => {
      raw.once('close', () => done())
    })
    if (stored) return { stream: raw, closed }
    const inflate = createInflateRaw({ chunkSize: PIECE })
    raw.on('error', (error: Error) => inflate.destroy(error))
    inflate.on('close', () => raw.destroy())
    return { stream: raw.pipe(inflate), closed }
  }

  #check(job: Job, bytes: number): void {
    const { limits, declared } = { limits: this.#limits, declared: job.entry.uncompressedSize }
    if (bytes > declared) {
      throw inputError(
        'ZIP_BOMB',
        `«${job.name}», dentro de «${this.#name}», dice medir ${declared} bytes y al abrirse da más.`,
        'No abrirlo: pedir otro archivo a quien lo envió.',
        { entry: job.name },
      )
    }
    if (bytes > limits.entryBytes)
      throw tooBig(this.#name, `«${job.name}» pasa de ese tamaño`, limits.entryBytes)
    if (bytes > limits.ratioFloorBytes && bytes > job.entry.compressedSize * limits.ratio) {
      throw bomb(this.#name, job.name)
    }
  }

  #corrupt(job: Job, bytes: number): AppError {
    return inputError(
      'ZIP_CORRUPT',
      `«${job.name}», dentro de «${this.#name}», está dañado: no da el contenido que el ZIP declara.`,
      'Volver a copiarlo o a comprimirlo.',
      { entry: job.name, bytes, declared: job.entry.uncompressedSize },
    )
  }
}

function infoOf(inspection: Inspection): TextFileInfo {
  const { utf16: _utf16, ascii: _ascii, ...info } = inspection
  return info
}

interface Inflated {
  inspection: Inspection
  kind: ExtractedFile['kind']
}
