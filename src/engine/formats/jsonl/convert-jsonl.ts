import { isUtf8 } from 'node:buffer'
import { basename } from 'node:path'
import { MAX_RECORD_BYTES } from '../limits'
import { CsvWriter } from '../shared/csv-writer'
import { inputError } from '../shared/errors'
import { NumberColumn } from '../shared/numbers'
import { eachChunk } from '../shared/prepare-text'
import type { ConvertedTable } from '../types'

const MAX_KEYS = 5000

/** A key that was not in the header being written: everything starts again with it. */
class LateKey {
  constructor(readonly keys: string[]) {}
}

/**
 * Writes JSON lines (UTF-8, see `prepareText`; one object per line, empty lines skipped) as a CSV with header at `target`. The
 * columns are the keys in the order they first appear; numbers keep the digits of the file, nested values stay JSON, a missing
 * key and null are empty. Errors: JSONL_LINE (names the line), JSONL_KEYS, FILE_EMPTY, FILE_EXISTS, DISK_FULL, CANCELLED.
 */
export async function convertJsonl(
  path: string,
  target: string,
  opts: { name?: string; signal?: AbortSignal } = {},
): Promise<ConvertedTable> {
  const name = opts.name ?? basename(path)
  let keys: string[] = []
  for (;;) {
    const writer = await CsvWriter.create(target)
    try {
      const { rowLines } = await write(path, name, keys, writer, opts.signal)
      const info = await writer.finish()
      return { path: target, delimiter: ',', header: true, info, rowLines }
    } catch (error) {
      await writer.abandon()
      if (!(error instanceof LateKey)) throw error
      keys = error.keys
      if (keys.length > MAX_KEYS) {
        throw inputError(
          'JSONL_KEYS',
          `«${name}» tiene más de ${MAX_KEYS} claves distintas.`,
          'Comprobar que cada línea es un registro del mismo tipo.',
        )
      }
    }
  }
}

async function write(
  path: string,
  name: string,
  known: string[],
  writer: CsvWriter,
  signal: AbortSignal | undefined,
): Promise<{ rowLines: Float64Array }> {
  const lines = new NumberColumn()
  let keys = known
  let header = keys.length > 0
  if (header) writer.row(keys)
  const handle = (text: string, line: number): void => {
    const record = parseLine(text, name, line)
    if (!header) {
      keys = [...record.keys()]
      if (keys.length === 0) throw lineError(name, line, 'no tiene ninguna clave')
      header = true
      writer.row(keys)
    }
    const cells = keys.map((key) => record.get(key) ?? '')
    if (record.size > keys.length || keys.filter((key) => record.has(key)).length < record.size) {
      throw new LateKey([...new Set([...keys, ...record.keys()])])
    }
    lines.push(line)
    writer.row(cells)
  }
  await eachLine(path, name, signal, handle, () => writer.flush())
  if (!header) {
    throw inputError('FILE_EMPTY', `«${name}» no tiene registros.`, 'Comprobar que se exportó completo.')
  }
  return { rowLines: lines.done() }
}

async function eachLine(
  path: string,
  name: string,
  signal: AbortSignal | undefined,
  visit: (text: string, line: number) => void,
  pause: () => Promise<void>,
): Promise<void> {
  let carry: Buffer[] = []
  let carried = 0
  let line = 0
  const take = (part: Buffer): void => {
    line++
    const bytes = carry.length === 0 ? part : Buffer.concat([...carry, part])
    carry = []
    carried = 0
    if (!isUtf8(bytes)) throw lineError(name, line, 'tiene bytes que no son de la codificación del archivo')
    const text = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trim()
    if (text !== '') visit(text, line)
  }
  await eachChunk(path, signal, async (chunk) => {
    let at = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, at)) {
      take(chunk.subarray(at, end))
      at = end + 1
    }
    carry.push(Buffer.from(chunk.subarray(at)))
    carried += chunk.length - at
    if (carried > MAX_RECORD_BYTES) throw lineError(name, line + 1, 'es demasiado larga')
    await pause()
    return true
  })
  if (carried > 0) take(Buffer.alloc(0))
}

const lineError = (name: string, line: number, what: string): Error =>
  inputError(
    'JSONL_LINE',
    `La línea ${line} de «${name}» ${what}.`,
    'Cada línea debe ser un objeto JSON completo, como {"campo": "valor"}.',
    { line },
  )

/** A number stands for the digits it was written with: 1.50 and 12345678901234567890 must not change. */
class Digits {
  constructor(readonly source: string) {}
}

function parseLine(text: string, name: string, line: number): Map<string, string> {
  let value: unknown
  try {
    value = JSON.parse(text, (_key: string, item: unknown, context?: { source?: string }) =>
      typeof item === 'number' && context?.source !== undefined ? new Digits(context.source) : item,
    )
  } catch {
    throw lineError(name, line, text.startsWith('[') ? 'empieza una lista, no un objeto' : 'no es JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Digits) {
    throw lineError(name, line, 'no es un objeto')
  }
  try {
    return new Map(Object.entries(value).map(([key, item]) => [key, cellOf(item)]))
  } catch {
    throw lineError(name, line, 'tiene valores dentro de valores sin fin')
  }
}

function cellOf(item: unknown): string {
  if (item === null || item === undefined) return ''
  if (typeof item === 'string') return item
  if (item instanceof Digits) return item.source
  if (typeof item === 'boolean') return item ? 'true' : 'false'
  return jsonText(item)
}

function jsonText(item: unknown): string {
  if (item instanceof Digits) return item.source
  if (Array.isArray(item)) return `[${item.map(jsonText).join(',')}]`
  if (typeof item === 'object' && item !== null) {
    return `{${Object.entries(item)
      .map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`)
      .join(',')}}`
  }
  return JSON.stringify(item)
}
