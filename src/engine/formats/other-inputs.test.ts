import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FileFormatSpec } from '@shared/model/schema'
import { rawZip } from '@testkit/hostile/zip-bytes'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from '../duckdb'
import {
  convertJsonl,
  convertParquet,
  DEFAULT_LIMITS,
  extractGzip,
  planCsv,
  readyTable,
  recordLines,
} from '.'

let root: string
let duck: Duck
let turn = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-otros-'))
  duck = await openDuck({ dir: root, threads: 2 })
})
afterAll(async () => {
  await duck.close()
  await rm(root, { recursive: true, force: true })
})

async function save(name: string, bytes: Buffer | string): Promise<string> {
  const dir = join(root, `o${turn++}`)
  await mkdir(dir)
  await writeFile(join(dir, name), bytes)
  return join(dir, name)
}
const beside = async (path: string): Promise<string[]> => await readdir(join(path, '..'))

describe('gzip', () => {
  it('inflates one or several members, inspected and transcoded as a ZIP entry is', async () => {
    const text = Buffer.from('a;b\n\xf1;"x"\n', 'latin1')
    const path = await save(
      'ventas.csv.gz',
      Buffer.concat([gzipSync(text.subarray(0, 5)), gzipSync(text.subarray(5))]),
    )
    const file = await extractGzip(path, join(path, '..', 'salida'), { delimiter: ';' })
    expect(file).toMatchObject({
      name: 'ventas.csv',
      kind: 'csv',
      encoding: 'windows-1252',
      quotes: { records: 2 },
    })
    expect(await readFile(file.path, 'utf8')).toBe('a;b\nñ;"x"\n')
    expect(await beside(path)).toHaveLength(2)
  })

  it.each([
    ['cut', gzipSync('1,2\n'.repeat(99)).subarray(0, -9), 'GZIP_TRUNCATED'],
    ['damaged', Buffer.from('1f8b0800000000000003ffffffffffffffff', 'hex'), 'GZIP_CORRUPT'],
    ['bad sum', Buffer.concat([gzipSync('1,2\n').subarray(0, -8), Buffer.alloc(8, 7)]), 'GZIP_CORRUPT'],
    ['a bomb', gzipSync(Buffer.alloc(4 * 1024 * 1024)), 'GZIP_BOMB'],
    ['a ZIP inside', gzipSync(rawZip([{ name: 'a.csv', data: Buffer.from('1') }])), 'ZIP_NESTED'],
    ['a gzip inside', gzipSync(gzipSync('1,2\n')), 'ZIP_NESTED'],
  ])('%s: refused, nothing left', async (_what, bytes, code) => {
    const path = await save('a.csv.gz', bytes)
    const limits = { ...DEFAULT_LIMITS, ratio: 100, ratioFloorBytes: 1024 * 1024 }
    await expect(extractGzip(path, join(path, '..', 'salida'), { limits })).rejects.toMatchObject({ code })
    expect(await beside(path)).toEqual(['a.csv.gz'])
  })
})

describe('Parquet', () => {
  it('rows in order, types as text, line is the record', async () => {
    const path = await save('a.parquet', '')
    await rm(path)
    await duck.run(
      `COPY (SELECT i AS "id", '00' || i AS "código", (i / 4)::DECIMAL(20,6) AS dec, DATE '2024-01-01' + i::INT AS d,
         TIMESTAMP '2024-01-01 10:20:30' AS t, i % 2 = 0 AS b, CASE i WHEN 1 THEN NULL WHEN 2 THEN 'x,"y"' || chr(10) END AS s, [i, 2] AS l
       FROM range(1, 5001) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    )
    const table = await convertParquet(duck, path, `${path}.csv`)
    const lines = (await readFile(table.path, 'utf8')).split('\n')
    expect(lines[0]).toBe('id,código,dec,d,t,b,s,l')
    expect(lines[1]).toBe('1,001,0.250000,2024-01-02,2024-01-01T10:20:30,false,,"[1, 2]"')
    expect(lines[2]).toBe('2,002,0.500000,2024-01-03,2024-01-01T10:20:30,true,"x,""y""')
    const plan = await planCsv({ name: 'a.parquet', ...table, columns: 8 })
    expect(plan.total).toBe(5000)
    expect([...(await recordLines(plan, [1, 5000]))]).toEqual([
      [1, 1],
      [5000, 5000],
    ])
  })

  it('damaged or cut: refused, nothing left', async () => {
    for (const bytes of ['PAR1', `PAR1${'x'.repeat(100)}`, `PAR1${'x'.repeat(100)}PAR1`]) {
      const path = await save('a.parquet', bytes)
      await expect(convertParquet(duck, path, `${path}.csv`)).rejects.toMatchObject({
        code: 'PARQUET_CORRUPT',
      })
      expect(await beside(path)).toEqual(['a.parquet'])
    }
  })
})

describe('JSON lines', () => {
  it('keys in the order seen, digits as written, a key that comes late, empty lines', async () => {
    const path = await save(
      'a.jsonl',
      '\ufeff{"id":1.50,"n":"ñ,\\"x\\""}\r\n\r\n{"n":null,"id":12345678901234567890}\n{"id":true,"nuevo":{"a":[1.0,null]}}',
    )
    const table = await convertJsonl(path, `${path}.csv`)
    expect(await readFile(table.path, 'utf8')).toBe(
      'id,n,nuevo\n1.50,"ñ,""x""",\n12345678901234567890,,\ntrue,,"{""a"":[1.0,null]}"\n',
    )
    expect([...(table.rowLines ?? [])]).toEqual([1, 3, 4])
  })

  it.each([
    ['{"a":1}\n{"a":\n', 'JSONL_LINE', 2],
    ['{"a":1}\n[1]\n', 'JSONL_LINE', 2],
    ['{"a":1}\n\n7\n', 'JSONL_LINE', 3],
    [`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n`, 'JSONL_LINE', 1],
    ['\n\n', 'FILE_EMPTY', undefined],
  ])('%#: refused by its line, nothing left', async (text, code, line) => {
    const path = await save('a.jsonl', text)
    const error: unknown = await convertJsonl(path, `${path}.csv`).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, ...(line === undefined ? {} : { details: { line } }) })
    expect(await beside(path)).toEqual(['a.jsonl'])
  })
})

describe('whatever arrives, ready for one path', () => {
  async function ready(
    name: string,
    bytes: Buffer,
    type: FileFormatSpec['type'],
    more: Partial<FileFormatSpec> = {},
  ): Promise<string> {
    const path = await save(name, bytes)
    const format = { type, header: true, ...more }
    const table = await readyTable({
      name,
      path,
      workDir: join(path, '..'),
      id: '0',
      format,
      columns: 2,
      duck,
    })
    const plan = await planCsv({ name, ...table, columns: 2 })
    return `${plan.total} ${table.delimiter} ${table.header} ${await readFile(table.path, 'utf8')}`
  }
  const xlsx = async (): Promise<Buffer> =>
    Buffer.from(
      await writeXlsx({
        sheets: [
          {
            name: 'x',
            rows: [
              ['a', 'b'],
              ['001', 2],
            ],
          },
        ],
      }),
    )

  it('CSV, JSON lines and Excel, inside a gzip or not', async () => {
    const csv = Buffer.from('a;b\n\xf1;2\n', 'latin1')
    for (const bytes of [csv, gzipSync(csv)]) {
      expect(await ready('a', bytes, 'CSV', { delimiter: ';' })).toBe('1 ; true a;b\nñ;2\n')
    }
    const json = Buffer.from('{"a":"001","b":2}\n')
    for (const bytes of [json, gzipSync(json), await xlsx(), gzipSync(await xlsx())]) {
      const type = bytes === json || bytes.length < 100 ? 'JSONL' : 'EXCEL'
      expect(await ready('a', bytes, type)).toBe('1 , true a,b\n001,2\n')
    }
  })

  it('another type than the YAML’s is refused, and so is what is no data', async () => {
    const refused = async (bytes: Buffer, type: FileFormatSpec['type']): Promise<unknown> =>
      await ready('a', bytes, type).catch((error: { code?: string }) => error.code)
    expect(await refused(await xlsx(), 'CSV')).toBe('FILE_TYPE')
    expect(await refused(gzipSync(await xlsx()), 'CSV')).toBe('FILE_TYPE')
    expect(await refused(Buffer.from('a,b\n1,2\n'), 'EXCEL')).toBe('FILE_TYPE')
    expect(await refused(gzipSync('a,b\n1,2\n'), 'PARQUET')).toBe('FILE_TYPE')
    expect(await refused(Buffer.from('a,b\n1,2\n'), 'JSONL')).toBe('JSONL_LINE')
    expect(await refused(Buffer.from('%PDF-1.7'), 'CSV')).toBe('FILE_BINARY')
    expect(await refused(Buffer.alloc(0), 'CSV')).toBe('FILE_EMPTY')
  })
})
