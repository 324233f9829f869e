import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { AppError } from '@shared/errors/app-error'
import { rawZip } from '@testkit/hostile/zip-bytes'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Duck, openDuck } from '../duckdb'
import {
  admitContainer,
  type CsvPlan,
  convertExcel,
  convertJsonl,
  convertParquet,
  csvRecordsSql,
  csvRelationSql,
  extractGzip,
  extractZip,
  planCsv,
  prepareText,
  readRecords,
  repairCsv,
} from '.'

/** `SAGE_FUZZ_RUNS=10000 npx vitest run src/engine/formats/fuzz.test.ts` is the long run; SAGE_FUZZ_SEED repeats one. */
const RUNS = Number(process.env.SAGE_FUZZ_RUNS ?? 240)
const SEED = Number(process.env.SAGE_FUZZ_SEED ?? 20261125)
/** Far above what any of these small files needs, even on a busy machine. */
const HANG_MS = 20_000

let root: string
let duck: Duck
const seeds: { name: string; bytes: Buffer }[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-fuzz-'))
  duck = await openDuck({ dir: root, threads: 2 })
  const csv = Buffer.from(
    'id,nombre,saldo\n1,"Ñandú, ""x""",10.5\n2,"dos\nlíneas",\n\n3,a"b,7\r\n4,x,y\n'.repeat(3),
  )
  const rows = [
    ['id', 'nombre', 'saldo'],
    [1, 'uno', 10.5],
    [2, null, new Date(Date.UTC(2024, 0, 1))],
    ['003', 'dos\nlíneas', true],
  ]
  await duck.run(
    `COPY (SELECT i AS id, 'x' || i AS nombre, i / 2 AS saldo FROM range(50) r(i)) TO '${join(root, 's.parquet')}' (FORMAT parquet)`,
  )
  const { readFile } = await import('node:fs/promises')
  const zip = rawZip([
    { name: 'd/a.csv', data: csv },
    { name: 'd/b.csv', data: csv, flags: 0x808 },
    { name: 'd/c.csv', data: csv, method: 0, zip64: true },
  ])
  seeds.push(
    { name: 'a.csv', bytes: csv },
    { name: 'b.csv', bytes: Buffer.from(csv.toString('utf8'), 'utf16le') },
    { name: 'c.csv', bytes: Buffer.from(csv.toString('utf8'), 'latin1') },
    { name: 'a.zip', bytes: zip },
    { name: 'a.csv.gz', bytes: gzipSync(csv) },
    { name: 'a.xlsx', bytes: Buffer.from(await writeXlsx({ sheets: [{ name: 'h', rows }] })) },
    { name: 'a.xls', bytes: await readFile(join(import.meta.dirname, 'excel/fixtures/biff8.xls')) },
    { name: 'a.parquet', bytes: await readFile(join(root, 's.parquet')) },
    { name: 'a.jsonl', bytes: Buffer.from('{"id":1,"nombre":"x"}\n{"id":2.50,"saldo":null}\n'.repeat(4)) },
  )
})
afterAll(async () => {
  await duck.close()
  await rm(root, { recursive: true, force: true })
})

/** mulberry32: small, seeded, the same everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const SPICE = [
  '"',
  '""',
  ',',
  '\n',
  '\r',
  '\r\n',
  '\0',
  'ñ',
  '\xff',
  '\x00\x00\x00\x80',
  '\xff\xff\xff\xff',
  ' ',
  '{',
  ']',
]

function mutate(bytes: Buffer, pick: (below: number) => number): Buffer {
  let out = Buffer.from(bytes)
  for (let n = 1 + pick(6); n > 0; n--) {
    const at = pick(Math.max(1, out.length))
    const kind = pick(6)
    const spice = Buffer.from(SPICE[pick(SPICE.length)] ?? '', 'latin1')
    if (kind === 0) out = Buffer.from(out.subarray(0, at))
    else if (kind === 1) out = Buffer.concat([out.subarray(0, at), spice, out.subarray(at)])
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + pick(20))])
    else if (kind === 3)
      out = Buffer.concat([out.subarray(0, at), out.subarray(pick(Math.max(1, out.length)))])
    else if (out.length > 0) out[at] = kind === 4 ? pick(256) : (out[at] ?? 0) ^ (1 << pick(8))
  }
  return out
}

/** Everything a file goes through up to its records; gives how many it has. */
async function take(path: string, name: string): Promise<number> {
  const kind = await admitContainer(path, name)
  const out = `${path}.out`
  if (kind === 'zip') {
    let at = 0
    const files = await extractZip(path, join(path, '..'), () => `e${at++}.out`, { delimiter: () => ',' })
    let total = 0
    for (const file of files.values()) {
      if (file.kind === 'csv')
        total += await records({ name, path: file.path, info: file, delimiter: ',', header: true })
    }
    return total
  }
  if (kind === 'gzip') {
    const file = await extractGzip(path, out, { delimiter: ',' })
    return file.kind === 'csv'
      ? await records({ name, path: file.path, info: file, delimiter: ',', header: true })
      : 0
  }
  if (kind === 'xlsx' || kind === 'xls') {
    return await records({ name, ...(await convertExcel(path, out, { header: true, columns: 3 })) })
  }
  if (kind === 'parquet') return await records({ name, ...(await convertParquet(duck, path, out)) })
  const text = await prepareText(path, { delimiter: ',' })
  if (kind === 'jsonl') return await records({ name, ...(await convertJsonl(text.path, out, { name })) })
  return await records({ name, ...text, delimiter: ',', header: true })
}

async function records(input: Omit<Parameters<typeof planCsv>[0], 'columns'>): Promise<number> {
  let plan: CsvPlan = await planCsv({ ...input, columns: 3 })
  for (;;) {
    const [row] = await duck.rows(
      `SELECT count(*) AS n, count(k0), count(k1), count(k2) FROM ${csvRelationSql(plan)}`,
    )
    if (Number(row?.n) === plan.records) break
    plan = await repairCsv(plan)
  }
  const found = await duck.rows(`SELECT record, k0, k1, k2 FROM ${csvRecordsSql(plan)}`)
  expect(found.length + (plan.faults?.count ?? 0)).toBe(plan.total)
  const raw = await readRecords(plan, 1, plan.total)
  expect(raw).toHaveLength(plan.total)
  for (const { record, k0, k1, k2 } of found) {
    const cells = raw[Number(record) - 1]?.cells ?? []
    expect([k0, k1, k2]).toEqual([0, 1, 2].map((i) => cells[i] || null))
  }
  return plan.total
}

it(`${RUNS} damaged files: an answer or an error of ours, no hang, no bug, nothing left behind`, {
  timeout: 30 * 60_000,
}, async () => {
  let read = 0
  let refused = 0
  for (let run = 0; run < RUNS; run++) {
    const pick = random(SEED + run)
    const seed = seeds[run % seeds.length]
    if (!seed) throw new Error('no seeds')
    const dir = join(root, `r${run}`)
    await mkdir(dir)
    const path = join(dir, seed.name)
    await writeFile(path, mutate(seed.bytes, pick))
    const started = performance.now()
    try {
      await take(path, seed.name)
      read++
    } catch (error) {
      refused++
      if (!(error instanceof AppError) || error.kind === 'bug')
        throw Object.assign(error as Error, { run, seed: seed.name })
      // What could not be read leaves at most the text it was transcoded to, which the execution folder takes with it.
      const left = (await readdir(dir)).filter((file) => /\.registros$/.test(file))
      expect(left, `run ${run}`).toEqual([])
    }
    expect(performance.now() - started, `run ${run} (${seed.name})`).toBeLessThan(HANG_MS)
    await rm(dir, { recursive: true })
  }
  expect(read).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(0)
})
