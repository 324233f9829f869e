import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { quoteLiteral } from '@engine/duckdb'
import { parseSageYaml } from '@engine/sage-yaml'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { previewTransformations } from '..'
import { checkRule } from '../rule-checker'
import { Bench, failures, oneCatalog } from '../testing-bench'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.close())

const FIELDS = [
  { name: 'id', type: 'entero', more: 'required: true' },
  { name: 'monto', type: 'decimal' },
  { name: 'canal' },
]
const withSteps = (...steps: string[]): string =>
  oneCatalog(FIELDS, { extra: `    transformations:\n${steps.map((step) => `      - ${step}`).join('\n')}` })

const CSV = 'id,monto,canal\n1,10,T\n2,x,Z\n3,30,Z\n4,40,\n5,50,M\n'
const STRICT = '{ map: canal, values: { T: Tradicional, M: Moderno }, otherwise: error }'

async function staged(): Promise<unknown[] | null> {
  const file = join(bench.dir, 'aceptados', 'datos.parquet')
  if (!existsSync(file)) return null
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = await connection.runAndReadAll(
    `SELECT COLUMNS(name -> name <> '_rec') FROM read_parquet(${quoteLiteral(file)})`,
  )
  const out = rows.getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return out
}

describe('otherwise: error', () => {
  it('refuses the records whose value is not known, with their record, line and value', async () => {
    const verdict = await bench.run('datos.csv', CSV, withSteps(STRICT), {
      politica: 'solo_validos',
      stage: true,
    })
    // Record 2 is refused for its bad cell: it is not transformed, so it is not told twice. A null is not an unknown value.
    expect(failures(verdict)).toEqual(['type:monto 1 [2]', 'map canal 1 [3]'])
    expect(verdict.estado).toBe('Parcial')
    expect(verdict.totals).toMatchObject({ errors: 2, refused: 2 })
    expect(await bench.read('errores.csv')).toContain(
      'datos,3,4,canal,Z,map canal,error,El valor de «canal» no está entre los que la transformación traduce.',
    )
    expect(await bench.read('rechazados/datos.csv')).toContain('3,4,map canal:')
    expect(await staged()).toEqual([
      ['1', '10', 'Tradicional'],
      ['4', '40', null],
      ['5', '50', 'Moderno'],
    ])
  })

  it('counts for the policies that take all or nothing', async () => {
    const csv = 'id,monto,canal\n1,10,Z\n2,20,T\n'
    const verdict = await bench.run('datos.csv', csv, withSteps(STRICT), { stage: true })
    expect(verdict.estado).toBe('Fallido')
    expect(await staged()).toBeNull()
    await bench.run('datos.csv', csv, withSteps(STRICT), { politica: 'por_catalogo', stage: true })
    expect(await staged()).toBeNull()
  })

  it('looks only at what the steps before it leave', async () => {
    const yaml = withSteps(
      '{ filter: "df[\'id\'] > 3" }',
      '{ rename: { canal: medio } }',
      STRICT.replace('canal', 'medio'),
    )
    const verdict = await bench.run('datos.csv', 'id,monto,canal\n1,1,Z\n4,1,T\n5,1,Q\n', yaml)
    expect(failures(verdict)).toEqual(['map medio 1 [3]'])
  })
})

describe('a step that can not be applied', () => {
  const broken = withSteps('{ set: doble, value: "df[\'montoo\'] * 2", type: decimal }')

  it('is refused when the YAML is saved, at its place', () => {
    const { diagnostics } = parseSageYaml(broken, { checkRules: checkRule })
    const [error] = diagnostics.filter((item) => item.severity === 'error')
    expect(error).toMatchObject({ path: 'catalogs.datos.transformations[0].value' })
    expect(error?.message).toContain('¿quisiste decir `monto`?')
    expect(broken.slice(error?.position.offset, error?.position.endOffset)).toContain("'montoo'")
  })

  it('is one error of the rule in an execution, and nothing half transformed is handed on', async () => {
    for (const politica of ['todo_o_nada', 'por_catalogo', 'solo_validos'] as const) {
      const verdict = await bench.run('datos.csv', 'id,monto,canal\n1,1,T\n2,2,T\n', broken, {
        politica,
        stage: true,
      })
      expect(verdict.checks).toMatchObject([{ kind: 'rule', rule: 'set doble', count: 1, recordCount: 0 }])
      expect(await staged()).toBeNull()
    }
  })

  it('is told in the preview, with the rest still shown record by record', async () => {
    await bench.run('datos.csv', CSV, withSteps('{ drop: [canal] }'))
    const preview = await previewTransformations(bench.dir, { yaml: broken, catalog: 'datos', limit: 50 })
    expect(preview.problems).toMatchObject([{ code: 'COLUMN', path: 'catalogs.datos.transformations[0]' }])
    expect(preview.before.records).toEqual([1, 3, 4, 5])
    expect(preview.after.records).toEqual([1, 3, 4, 5])
  })
})

it('previews at most what is asked, each row with its record', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i + 1},${i},${i % 2 ? 'T' : 'M'}`)
  await bench.run(
    'datos.csv',
    `id,monto,canal\n${rows.join('\n')}\n`,
    withSteps("{ filter: \"df['canal'] == 'T'\" }"),
  )
  const yaml = withSteps("{ filter: \"df['canal'] == 'T'\" }", '{ set: monto, value: "df[\'monto\'] + 0.5" }')
  const preview = await previewTransformations(bench.dir, { yaml, catalog: 'datos', limit: 50 })
  expect(preview.before.rows).toHaveLength(50)
  expect(preview.after.records.slice(0, 3)).toEqual([2, 4, 6])
  expect(preview.after.rows[0]).toEqual(['2', '1.5', 'T'])
  expect(preview.counts).toEqual({ in: 200, out: 100, refused: 0 })
})

it('writes both sides alike: a date without a midnight nobody wrote, a number with its digits', async () => {
  const yaml = oneCatalog(
    [
      { name: 'f', type: 'fecha' },
      { name: 'm', type: 'decimal' },
      { name: 'n', type: 'entero' },
    ],
    {
      extra: `    transformations: [{ set: n, value: "df['n'] + 1" }]`,
    },
  )
  await bench.run('datos.csv', 'f,m,n\n2025-01-31,1.50,7.0\n2025-01-31 08:30:00,2,8\n', yaml)
  const preview = await previewTransformations(bench.dir, { yaml, catalog: 'datos', limit: 50 })
  expect(preview.before.rows).toEqual([
    ['2025-01-31', '1.50', '7'],
    ['2025-01-31 08:30:00', '2', '8'],
  ])
  expect(preview.after.rows).toEqual([
    ['2025-01-31', '1.50', '8'],
    ['2025-01-31 08:30:00', '2', '9'],
  ])
})
