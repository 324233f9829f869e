import { join } from 'node:path'
import { openDuck, quoteLiteral } from '@engine/duckdb'
import { rawZip } from '@testkit/hostile'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stagedCatalogs, stagedSql } from '..'
import { Bench, oneCatalog, type TestField } from '../testing-bench'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.close())

const FIELDS: TestField[] = [
  { name: 'id', type: 'entero', more: 'required: true' },
  { name: 'monto', type: 'decimal' },
  { name: 'grupo' },
]

/** What was staged of `datos`: how records are numbered, and each row as number and cells. */
async function staged() {
  const duck = await openDuck({ dir: bench.dir })
  try {
    const catalog = (await stagedCatalogs(duck, bench.dir)).get('datos')
    if (!catalog) throw new Error('datos was not staged')
    const cells = catalog.columns.map((_, i) => `x${i}::VARCHAR`)
    const rows: string[] = []
    await duck.each(`SELECT _rec, ${cells.join(', ')} FROM ${stagedSql(catalog)} ORDER BY _rec`, (row) => {
      rows.push(row.join(' '))
    })
    return { ...catalog, rows }
  } finally {
    await duck.close()
  }
}

const steps = (...list: string[]) => ({ extra: `    transformations: [${list.join(', ')}]` })

it('every record accepted: its place is its number, and nothing is added to the file', async () => {
  await bench.run('datos.csv', 'id,monto,grupo\n7,1.50,a\n8,2e3,b\n', oneCatalog(FIELDS), { stage: true })
  expect(await staged()).toMatchObject({
    numbering: 'position',
    files: [{ file: 'datos.csv', before: 0 }],
    columns: [
      { name: 'id', type: 'entero' },
      { name: 'monto', type: 'decimal' },
      { name: 'grupo', type: 'texto' },
    ],
    rows: ['1 7 1.50 a', '2 8 2e3 b'],
  })
  const duck = await openDuck({ dir: bench.dir })
  const columns = await duck.rows(
    `DESCRIBE SELECT * FROM ${quoteLiteral(join(bench.dir, 'aceptados', 'datos.parquet'))}`,
  )
  await duck.close()
  expect(columns.map((column) => column.column_name)).toEqual(['id', 'monto', 'grupo'])
})

it('refused, filtered and broken records leave the numbers of the others as they were', async () => {
  const csv = 'id,monto,grupo\n1,1,a\nx,2,a\n3,3,b\n4,4\n5,5,a\n'
  const yaml = oneCatalog(FIELDS, steps(`{ filter: "df['grupo'] == 'a'" }`))
  await bench.run('datos.csv', csv, yaml, { stage: true, politica: 'solo_validos' })
  expect(await staged()).toMatchObject({ numbering: 'column', rows: ['1 1 1 a', '5 5 5 a'] })
})

it('a column made over groups does not move the numbers, and sees the order of the records', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i + 1},${i},${'abc'[i % 3]}`)
  const yaml = oneCatalog(
    FIELDS,
    steps(`{ set: monto, value: "df.groupby('grupo')['monto'].transform('max')" }`),
  )
  await bench.run('datos.csv', `id,monto,grupo\n${rows.join('\n')}\n`, yaml, { stage: true })
  const found = await staged()
  expect(found.rows).toHaveLength(5000)
  expect(found.rows.filter((row) => row.split(' ')[0] !== row.split(' ')[1])).toEqual([])
})

it('several files of a catalog are told apart by where each begins', async () => {
  const yaml = oneCatalog(FIELDS)
    .replace('filename: datos.csv', 'filename: "datos_*.csv"')
    .replace('file_format: { type: CSV }, catalogs', 'file_format: { type: ZIP }, catalogs')
  const zip = rawZip([
    { name: 'datos_1.csv', data: Buffer.from('id,monto,grupo\n1,1,a\n2,2,a\n') },
    { name: 'datos_2.csv', data: Buffer.from('id,monto,grupo\n3,3,b\n') },
  ])
  await bench.run('uno.zip', zip, yaml, { stage: true })
  expect(await staged()).toMatchObject({
    files: [
      { file: 'datos_1.csv', before: 0 },
      { file: 'datos_2.csv', before: 2 },
    ],
    rows: ['1 1 1 a', '2 2 2 a', '3 3 3 b'],
  })
})

it('hostile names stay names: the one DuckDB gives to places, equal ones by case, quotes', async () => {
  const fields = ['file_row_number', '_rec', 'a', 'A', `'; DROP TABLE x; --"`].map((name) => ({ name }))
  const csv = '1,2,3,4,5\n6,7,8,9,0\n'
  await bench.run('datos.csv', csv, oneCatalog(fields, { header: false }), { stage: true })
  const found = await staged()
  expect(found.columns.map(({ name }) => name)).toEqual(fields.map(({ name }) => name))
  expect(found.rows).toEqual(['1 1 2 3 4 5', '2 6 7 8 9 0'])
})

it('what was staged before files told of themselves is explained by the YAML and the verdict', async () => {
  await bench.run('datos.csv', 'id,monto,grupo\n7,1.50,a\n8,2,b\n', oneCatalog(FIELDS), { stage: true })
  const path = join(bench.dir, 'aceptados', 'datos.parquet')
  const duck = await openDuck({ dir: bench.dir })
  await duck.run(`CREATE TABLE old AS SELECT * FROM read_parquet(${quoteLiteral(path)})`)
  await duck.run(`COPY old TO ${quoteLiteral(path)} (FORMAT parquet)`)
  await duck.close()
  expect(await staged()).toMatchObject({
    numbering: 'unknown',
    files: [{ file: 'datos.csv', before: 0 }],
    columns: [
      { name: 'id', type: 'entero' },
      { name: 'monto', type: 'decimal' },
      { name: 'grupo', type: 'texto' },
    ],
    rows: ['1 7 1.50 a', '2 8 2 b'],
  })
})

it('an execution that staged nothing says so', async () => {
  await bench.run('datos.csv', 'id,monto,grupo\n7,1.50,a\n', oneCatalog(FIELDS))
  await expect(staged()).rejects.toMatchObject({ code: 'STAGED_MISSING', kind: 'not-found' })
})
