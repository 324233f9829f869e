import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Progress } from '@shared/model/execution'
import { rawZip } from '@testkit/hostile'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  exportFindings,
  isUnfinished,
  previewTransformations,
  queryFindings,
  readVerdict,
  recordContext,
  runExecution,
  tryRule,
} from '.'
import { KEPT_MS } from './query/opened-entries'
import { Bench, failures, oneCatalog } from './testing-bench'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.close())

const TWO = oneCatalog([
  { name: 'id', type: 'entero', more: 'required: true' },
  { name: 'saldo', type: 'decimal' },
])

async function parquet(path: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const rows = (
    await connection.runAndReadAll(`SELECT COLUMNS(name -> name <> '_rec') FROM read_parquet('${path}')`)
  ).getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return rows
}

describe('policy and staging', () => {
  const BAD = 'id,saldo\n1,1.10\nx,2\n3,123456789012345678.90\n'

  it.each([
    ['todo_o_nada', 'Fallido', null],
    ['por_catalogo', 'Fallido', null],
    [
      'solo_validos',
      'Parcial',
      [
        ['1', '1.10'],
        ['3', '123456789012345678.90'],
      ],
    ],
  ] as const)('%s with an error gives %s', async (politica, estado, accepted) => {
    const verdict = await bench.run('datos.csv', BAD, TWO, { politica, stage: true })
    expect(verdict.estado).toBe(estado)
    expect(verdict.totals).toMatchObject({ records: 3, refused: 1, successRate: 66.66 })
    const file = join(bench.dir, 'aceptados', 'datos.parquet')
    expect(existsSync(file)).toBe(accepted !== null)
    if (accepted) expect(await parquet(file)).toEqual(accepted)
  })

  it('stages everything when there are no errors, and nothing unless asked', async () => {
    const good = 'id,saldo\n1,1.10\n'
    expect((await bench.run('datos.csv', good, TWO)).estado).toBe('Éxito')
    expect(existsSync(join(bench.dir, 'aceptados'))).toBe(false)
    await bench.run('datos.csv', good, TWO, { stage: true })
    expect(await parquet(join(bench.dir, 'aceptados', 'datos.parquet'))).toEqual([['1', '1.10']])
  })

  it('transforms what it accepts: set, drop, rename, filter, map', async () => {
    const yaml = oneCatalog(
      [{ name: 'a', type: 'entero' }, { name: 'b', type: 'entero' }, { name: 'canal' }],
      {
        extra: `    transformations:
      - { set: total, value: "df['a'] * df['b']", type: entero }
      - { filter: "df['total'] > 2" }
      - { map: canal, values: { T: Tradicional }, otherwise: keep }
      - { drop: [b] }
      - { rename: { a: cantidad } }`,
      },
    )
    await bench.run('datos.csv', 'a,b,canal\n1,1,T\n2,3,T\n4,5,M\n', yaml, { stage: true })
    expect(await parquet(join(bench.dir, 'aceptados', 'datos.parquet'))).toEqual([
      ['2', 'Tradicional', '6'],
      ['4', 'M', '20'],
    ])
    const preview = await previewTransformations(bench.dir, { yaml, catalog: 'datos', limit: 10 })
    expect(preview.problems).toEqual([])
    expect(preview.before).toEqual({
      columns: ['a', 'b', 'canal'],
      rows: [
        ['1', '1', 'T'],
        ['2', '3', 'T'],
        ['4', '5', 'M'],
      ],
      records: [1, 2, 3],
    })
    expect(preview.after).toEqual({
      columns: ['cantidad', 'canal', 'total'],
      rows: [
        ['2', 'Tradicional', '6'],
        ['4', 'M', '20'],
      ],
      records: [2, 3],
    })
    expect(preview.counts).toEqual({ in: 3, out: 2, refused: 0 })
  })
})

describe('a run that does not end', () => {
  const big = `id,saldo\n${'12345,67890.12\n'.repeat(400_000)}`

  it('stops within a second of a cancel, at any step, and leaves only its input', async () => {
    for (const step of ['copiar', 'validar', 'listar'] as const) {
      const stop = new AbortController()
      let asked = 0
      const run = bench.run('datos.csv', step === 'listar' ? big.replaceAll('.12', '.x') : big, TWO, {
        signal: stop.signal,
        onProgress: (progress: Progress) => {
          if (progress.step !== step || stop.signal.aborted) return
          asked = performance.now()
          stop.abort()
        },
      })
      await expect(run, step).rejects.toMatchObject({ code: 'CANCELLED', kind: 'cancelled' })
      expect(performance.now() - asked).toBeLessThan(1000)
      expect(
        (await bench.list()).filter((name) => !name.startsWith('input')),
        step,
      ).toEqual([])
    }
  })

  it('is told apart while it runs, and a folder left by a kill is run again from clean', async () => {
    const dir = bench.dir
    await mkdir(join(dir, 'tmp', 'data'), { recursive: true })
    await mkdir(join(dir, 'rechazados'))
    await writeFile(join(dir, '.en-curso'), '1')
    await writeFile(join(dir, 'errores.csv'), 'half')
    await writeFile(join(dir, 'verdict.json'), '{}')
    expect(isUnfinished(dir)).toBe(true)
    expect(await readVerdict(dir)).toBeNull()
    const verdict = await bench.run('datos.csv', 'id,saldo\n1,2\n', TWO)
    expect(isUnfinished(dir)).toBe(false)
    expect(await readVerdict(dir)).toEqual(verdict)
    expect(await bench.read('errores.csv')).toBe(
      '\ufeffcatalog,record,line,field,value,rule,severity,message\n',
    )
    expect(existsSync(join(dir, 'tmp'))).toBe(false)
  })

  it('can be run again on the input that lies in its own folder', async () => {
    const first = await bench.run('datos.csv', 'id,saldo\nx,2\n', TWO)
    const again = await runExecution({
      inputPath: join(bench.dir, 'input', 'datos.csv'),
      inputName: 'datos.csv',
      yamlText: TWO,
      executionId: first.executionId,
      dir: bench.dir,
      politica: 'todo_o_nada',
      stage: false,
    })
    expect(again.inputSha256).toBe(first.inputSha256)
    expect(failures(again)).toEqual(failures(first))
  })

  it('says what a YAML with errors has, with its diagnostics, and makes no folder', async () => {
    const run = bench.run('datos.csv', 'id\n1\n', 'sage_yaml: 3')
    await expect(run).rejects.toMatchObject({
      code: 'YAML_INVALID',
      details: { diagnostics: expect.any(Array) },
    })
    expect(existsSync(bench.dir)).toBe(false)
  })
})

describe('limits of what a ZIP may expand to', () => {
  it.each([
    [{ entries: 1 }, 'ZIP_TOO_MANY'],
    [{ entryBytes: 50 }, 'ZIP_TOO_BIG'],
    [{ totalBytes: 60 }, 'ZIP_TOO_BIG'],
    [{ entries: 2, entryBytes: 100, totalBytes: 110 }, 'Éxito'],
  ])('%j: %s', async (limits, told) => {
    const yaml = oneCatalog([{ name: 'a' }, { name: 'b' }]).replace(
      'file_format: { type: CSV }, catalogs',
      'file_format: { type: ZIP }, catalogs',
    )
    const zip = rawZip([
      { name: 'datos.csv', data: Buffer.from(`a,b\n${'1,2\n'.repeat(24)}`) },
      { name: 'nota.txt', data: Buffer.from('diez bytes') },
    ])
    const run = bench.run('envio.zip', zip, yaml, { limits })
    if (told === 'Éxito') expect((await run).estado).toBe(told)
    else await expect(run).rejects.toMatchObject({ code: told, kind: 'input' })
  })
})

describe('questions to a finished run', () => {
  const yaml = oneCatalog([
    { name: 'id', type: 'entero' },
    { name: 'descripción', type: 'booleano' },
  ])
  const csv = 'id,descripción\n1,sí\nÁrbol,no\n3,quizás\n"x\ny",no\n5,no\n'

  it('pages, sorts, filters and searches findings without case or accents', async () => {
    await bench.run('datos.csv', csv, yaml)
    const all = await queryFindings(bench.dir, { limit: 2, offset: 0 })
    expect(all.total).toBe(3)
    expect(all.items.map((item) => [item.seq, item.record, item.line])).toEqual([
      [0, 2, 3],
      [1, 4, 5],
    ])
    const search = await queryFindings(bench.dir, { filter: { search: 'ARBOL' }, limit: 10, offset: 0 })
    expect(search.items.map((item) => item.value)).toEqual(['Árbol'])
    const sorted = await queryFindings(bench.dir, { sort: 'record', direction: 'desc', limit: 1, offset: 0 })
    expect(sorted.items[0]?.record).toBe(4)
    const hostile = await queryFindings(bench.dir, {
      filter: { search: "' OR 1=1 --", rule: "x'" },
      limit: 9,
      offset: 0,
    })
    expect(hostile).toEqual({ items: [], total: 0 })
    expect(await exportFindings(bench.dir, { rule: 'type:id' })).toEqual({ file: 'hallazgos.csv', rows: 2 })
    expect((await bench.read('hallazgos.csv')).match(/type:id/g)).toHaveLength(2)
  })

  it('shows a record in its place, line breaks inside cells included', async () => {
    await bench.run('datos.csv', csv, yaml)
    const context = await recordContext(bench.dir, 'datos', 4, 1)
    expect(context.rows.map(({ record, line, cells }) => [record, line, cells])).toEqual([
      [3, 4, ['3', 'quizás']],
      [4, 5, ['x\ny', 'no']],
      [5, 7, ['5', 'no']],
    ])
    expect(context.rows[1]?.findings.map((finding) => finding.rule)).toEqual(['type:id'])
    expect((await bench.list()).includes('tmp')).toBe(false)
  })

  it('keeps what it inflates of a ZIP for the next question, not for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const zipYaml = yaml
        .replace('filename: datos.csv', 'filename: "*.csv"')
        .replace('file_format: { type: CSV }, catalogs', 'file_format: { type: ZIP }, catalogs')
      const entry = (name: string, text: string) => ({ name, data: Buffer.from(text) })
      // The same name in two folders: neither may be read as the other.
      const zip = rawZip([entry('a/datos.csv', csv), entry('b/datos.csv', 'id,descripción\n70,sí\n')])
      await bench.run('envio.zip', zip, zipYaml)
      const cells = async (record: number) =>
        (await recordContext(bench.dir, 'datos', record, 0)).rows.map((row) => row.cells[0])
      const opened = join('tmp', 'entradas')
      expect([await cells(1), await cells(6)]).toEqual([['1'], ['70']])
      expect(await bench.list(opened)).toEqual(['datos-0', 'datos-1'])
      vi.advanceTimersByTime(KEPT_MS - 1)
      expect(await cells(6)).toEqual(['70'])
      vi.advanceTimersByTime(KEPT_MS - 1)
      expect(await bench.list(opened)).toHaveLength(2)
      vi.advanceTimersByTime(1)
      vi.useRealTimers()
      await vi.waitFor(async () => expect(await bench.list()).not.toContain('tmp'))
      expect(await cells(1)).toEqual(['1'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('tries a rule without saving anything', async () => {
    await bench.run('datos.csv', csv, yaml)
    const tried = await tryRule(bench.dir, {
      yaml,
      level: 'field',
      catalog: 'datos',
      field: 'id',
      rule: "df['id'] < 4",
    })
    expect(tried).toMatchObject({
      ok: false,
      failing: 1,
      total: 5,
      rows: [{ record: 5, cells: ['5', 'no'] }],
    })
    expect(
      await tryRule(bench.dir, { yaml, level: 'row', catalog: 'datos', rule: "df['id'] < 9" }),
    ).toMatchObject({ ok: true })
    const broken = await tryRule(bench.dir, { yaml, level: 'row', catalog: 'datos', rule: "df['idd'] < 9" })
    expect(broken.ok).toBeNull()
    expect(broken.problems[0]).toMatchObject({ from: expect.any(Number), to: expect.any(Number) })
  })
})
