import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { rawZip } from '@testkit/hostile/zip-bytes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { admitContainer, DEFAULT_LIMITS, extractZip, type Limits, listZip, sniffContainer } from '..'

let root: string
let turn = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-zip-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function file(bytes: Buffer): Promise<string> {
  const path = join(root, `f${turn++}.zip`)
  await writeFile(path, bytes)
  return path
}

async function fresh(): Promise<string> {
  const dir = join(root, `out${turn++}`)
  await mkdir(dir)
  return dir
}

const all = (name: string): string => name.replaceAll('/', '_')
const csv = Buffer.from('a,b\n1,ñ\n2,"x\ny"\n')

/** Extracts, and asserts that a failure leaves nothing behind. */
async function failing(bytes: Buffer, limits: Limits = DEFAULT_LIMITS): Promise<unknown> {
  const dir = await fresh()
  const error = await extractZip(await file(bytes), dir, all, { limits }).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(await readdir(dir)).toEqual([])
  return error
}

describe('good archives', () => {
  it('lists and inflates what is wanted, inspected on the way', async () => {
    const zip = new ZipFile()
    zip.addBuffer(csv, 'datos/ventas.csv')
    zip.addBuffer(Buffer.from('a|b\r\n\xf1|2\r\n', 'latin1'), 'datos/clientes.csv')
    zip.addBuffer(Buffer.from('x'), 'LEEME.txt')
    zip.addEmptyDirectory('vacía')
    zip.end()
    const path = join(root, 'bueno.zip')
    await pipeline(zip.outputStream, createWriteStream(path))
    expect((await listZip(path)).map((entry) => entry.name)).toEqual([
      'datos/ventas.csv',
      'datos/clientes.csv',
      'LEEME.txt',
    ])
    const dir = await fresh()
    const seen: string[] = []
    const progress: number[] = []
    const files = await extractZip(path, dir, (name) => (name.endsWith('.csv') ? all(name) : null), {
      delimiter: (name) => (name.includes('ventas') ? ',' : '|'),
      onEntry: (name) => seen.push(name),
      onProgress: (done) => progress.push(done),
    })
    expect(seen.sort()).toEqual(['datos/clientes.csv', 'datos/ventas.csv'])
    expect(Math.max(...progress)).toBe(csv.length + 10)
    expect(files.get('datos/ventas.csv')).toMatchObject({
      kind: 'csv',
      encoding: 'utf-8',
      transcoded: false,
      hasQuote: true,
      quotes: { records: 3, quotedBreaks: true },
    })
    const clientes = files.get('datos/clientes.csv')
    expect(clientes).toMatchObject({ encoding: 'windows-1252', transcoded: true, hasCr: 'crlf' })
    expect(await readFile(clientes?.path ?? '', 'utf8')).toBe('a|b\r\nñ|2\r\n')
    expect(await readdir(dir)).toHaveLength(2)
  })

  it.each([
    ['stored', [{ name: 'a.csv', data: csv, method: 0 }], 'a.csv'],
    ['zip64', [{ name: 'a.csv', data: csv, zip64: true }], 'a.csv'],
    ['data descriptor', [{ name: 'a.csv', data: csv, flags: 0x808 }], 'a.csv'],
    ['CP437 name', [{ name: Buffer.from([0x61, 0xa4, 0x6f, 0x2e, 0x63, 0x73, 0x76]), data: csv }], 'año.csv'],
    ['UTF-8 name without its flag', [{ name: Buffer.from('año.csv'), data: csv }], 'año.csv'],
    ['backslashes', [{ name: 'datos\\a.csv', data: csv }], 'datos/a.csv'],
  ])('%s', async (_what, entries, name) => {
    const files = await extractZip(await file(rawZip(entries)), await fresh(), all)
    const got = files.get(name)
    expect(await readFile(got?.path ?? '')).toEqual(csv)
  })

  it('an entry of several pieces keeps every byte', async () => {
    const big = Buffer.from('0123456789,"ñandú"\n'.repeat(300_000))
    const entries = [1, 2, 3].map((n) => ({ name: `${n}.csv`, data: big }))
    const files = await extractZip(await file(rawZip(entries)), await fresh(), all, { delimiter: () => ',' })
    for (const got of files.values()) {
      expect(got).toMatchObject({ newlines: 300_000, quotes: { records: 300_000, quoteFaults: 0 } })
      expect(big.equals(await readFile(got.path))).toBe(true)
    }
  })
})

describe('hostile archives', () => {
  const zeros = Buffer.alloc(4 * 1024 * 1024)
  const tight: Limits = { ...DEFAULT_LIMITS, ratio: 100, ratioFloorBytes: 1024 }
  it.each([
    ['climbs out', rawZip([{ name: '../fuera.csv', data: csv }]), 'ZIP_PATH'],
    ['climbs out with backslashes', rawZip([{ name: '..\\..\\fuera.csv', data: csv }]), 'ZIP_PATH'],
    ['absolute', rawZip([{ name: '/etc/passwd', data: csv }]), 'ZIP_PATH'],
    ['drive', rawZip([{ name: 'C:\\a.csv', data: csv }]), 'ZIP_PATH'],
    ['encrypted', rawZip([{ name: 'a.csv', data: csv, flags: 1 }]), 'ZIP_ENCRYPTED'],
    ['strong encryption', rawZip([{ name: 'a.csv', data: csv, flags: 0x41 }]), 'ZIP_ENCRYPTED'],
    ['cut at the end', rawZip([{ name: 'a.csv', data: csv }]).subarray(0, -30), 'ZIP_TRUNCATED'],
    ['cut at the start', rawZip([{ name: 'a.csv', data: csv }]).subarray(40), /^ZIP_/],
    ['no ZIP at all', Buffer.from('PK\x03\x04 y nada más'), 'ZIP_TRUNCATED'],
    ['says less than it holds', rawZip([{ name: 'a.csv', data: zeros, says: { size: 1000 } }]), 'ZIP_BOMB'],
    ['says more than it holds', rawZip([{ name: 'a.csv', data: csv, says: { size: 1000 } }]), 'ZIP_CORRUPT'],
    ['bad CRC', rawZip([{ name: 'a.csv', data: csv, says: { crc: 1 } }]), 'ZIP_CORRUPT'],
    [
      'inside another',
      rawZip([{ name: 'a.csv', data: rawZip([{ name: 'b.csv', data: csv }]) }]),
      'ZIP_NESTED',
    ],
    ['unknown compression', rawZip([{ name: 'a.csv', data: csv, method: 12 }]), 'ZIP_METHOD'],
    ['garbage for Deflate', rawZip([{ name: 'a.csv', data: csv, method: 8, says: { packed: 3 } }]), /^ZIP_/],
    [
      'the same name twice',
      rawZip([
        { name: 'a.csv', data: csv },
        { name: 'a.csv', data: csv },
      ]),
      'ZIP_DUPLICATE',
    ],
    [
      'entries on top of each other',
      rawZip([
        { name: 'a.csv', data: Buffer.from('x'.repeat(900)), method: 0 },
        { name: 'b.csv', data: csv, offset: 0, says: { packed: 900 } },
      ]),
      'ZIP_BOMB',
    ],
  ])('%s', async (_what, bytes, code) => {
    const expected = code instanceof RegExp ? expect.stringMatching(code) : code
    expect(await failing(bytes)).toMatchObject({ kind: 'input', code: expected, hint: expect.any(String) })
  })

  it('a bomb, by ratio, by entry, by total, by count', async () => {
    const bytes = rawZip([{ name: 'a.csv', data: zeros }])
    expect(await failing(bytes, tight)).toMatchObject({ code: 'ZIP_BOMB' })
    expect(await failing(bytes, { ...DEFAULT_LIMITS, entryBytes: 1024 })).toMatchObject({
      code: 'ZIP_TOO_BIG',
    })
    const two = rawZip(['a', 'b'].map((name) => ({ name, data: zeros })))
    expect(await failing(two, { ...DEFAULT_LIMITS, totalBytes: 6e6 })).toMatchObject({ code: 'ZIP_TOO_BIG' })
    expect(await failing(two, { ...DEFAULT_LIMITS, entries: 1 })).toMatchObject({ code: 'ZIP_TOO_MANY' })
  })

  it('cancels in the middle and leaves nothing', async () => {
    const big = Buffer.from('0123456789\n'.repeat(2_000_000))
    const path = await file(rawZip([{ name: 'a.csv', data: big }]))
    const dir = await fresh()
    const control = new AbortController()
    const work = extractZip(path, dir, all, {
      signal: control.signal,
      onProgress: () => control.abort(),
    })
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await readdir(dir)).toEqual([])
  })

  it('never writes over a file, nor outside its folder', async () => {
    const path = await file(rawZip([{ name: 'a.csv', data: csv }]))
    const dir = await fresh()
    await writeFile(join(dir, 'a.csv'), 'mío')
    await expect(extractZip(path, dir, all)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(await readFile(join(dir, 'a.csv'), 'utf8')).toBe('mío')
    await expect(extractZip(path, dir, () => '../x.csv')).rejects.toMatchObject({ code: 'ZIP_TARGET' })
  })

  it('any byte flipped or cut: an error of ours or the right content', async () => {
    const good = rawZip([
      { name: 'a.csv', data: csv, flags: 0x808 },
      { name: 'b.csv', data: Buffer.from('1,2\n'.repeat(50)) },
    ])
    for (let i = 0; i < good.length; i++) {
      const bad = Buffer.from(i % 5 === 0 ? good.subarray(0, i) : good)
      if (i % 5 !== 0) bad[i] = (bad[i] ?? 0) ^ (1 + (i % 255))
      const path = await file(bad)
      const dir = await fresh()
      try {
        const files = await extractZip(path, dir, all)
        for (const got of files.values()) expect((await readFile(got.path)).length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(ZIP|FILE|DISK)_/) })
        expect(await readdir(dir)).toEqual([])
      }
      await rm(dir, { recursive: true })
      await rm(path)
    }
  })
})

describe('what a file is', () => {
  it.each([
    ['zip', rawZip([{ name: 'a.csv', data: csv }])],
    ['zip', rawZip([])],
    [
      'xlsx',
      rawZip([
        { name: '[Content_Types].xml', data: csv },
        { name: 'xl/workbook.xml', data: csv },
      ]),
    ],
    ['xls', Buffer.from('d0cf11e0a1b11ae1000000', 'hex')],
    ['gzip', Buffer.from('1f8b080000', 'hex')],
    ['7z', Buffer.from('377abcaf271c0004', 'hex')],
    ['parquet', Buffer.from('PAR1....PAR1')],
    ['empty', Buffer.alloc(0)],
    ['binary', Buffer.from('%PDF-1.7\n')],
    ['binary', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['binary', Buffer.alloc(100)],
    ['binary', Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 7) % 256))],
    ['csv', csv],
    ['csv', Buffer.from('x')],
    ['csv', Buffer.from('\ufeffa,b\n', 'utf16le')],
    ['csv', Buffer.from('a,b\n1,2\n', 'utf16le')],
    ['csv', Buffer.from('{sin cerrar,b\n1,2\n')],
    ['jsonl', Buffer.from('\ufeff{"a":1}\n{"a":2}\n')],
  ])('%s', async (kind, bytes) => {
    expect(await sniffContainer(await file(bytes))).toBe(kind)
  })
})

describe('what is not let in', () => {
  it.each([
    [Buffer.alloc(0), 'FILE_EMPTY', /vacío/],
    [Buffer.from('377abcaf271c0004', 'hex'), 'FILE_7Z', /7z/],
    [Buffer.from('%PDF-1.7\n'), 'FILE_BINARY', /PDF/],
    [Buffer.alloc(64), 'FILE_BINARY', /no es un archivo de datos/],
  ])('%#', async (bytes, code, message) => {
    const work = admitContainer(await file(bytes), 'envío.csv')
    await expect(work).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('what is called a ZIP and is text', async () => {
    const path = await file(Buffer.from('a,b\n1,2\n'))
    await expect(admitContainer(path, 'Diario.ZIP')).rejects.toMatchObject({
      code: 'FILE_NOT_ZIP',
      message: expect.stringContaining('«Diario.ZIP»'),
    })
    expect(await admitContainer(path, 'diario.csv')).toBe('csv')
  })
})
