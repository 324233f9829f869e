import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rawZip } from '@testkit/hostile'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { queryFindings } from '.'
import { Bench, failures, oneCatalog } from './testing-bench'

const SAMPLE = join(__dirname, '../../../resources/samples/distribuidora')
let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.close())

const THREE = oneCatalog([
  { name: 'id', type: 'entero', more: 'required: true, unique: true' },
  { name: 'nombre' },
  { name: 'saldo', type: 'decimal' },
])

describe('structure', () => {
  it('reads columns by name whatever their order, and warns of case and accents', async () => {
    const verdict = await bench.run('datos.csv', 'Saldo,nombre,id\n1.5,a,1\n', THREE)
    expect(verdict.totals).toMatchObject({ errors: 0, warnings: 1, records: 1 })
    expect(verdict.estado).toBe('Parcial')
    expect(verdict.fileErrors[0]).toMatchObject({
      code: 'HEADER_INEXACT',
      severity: 'warning',
      found: 'Saldo',
    })
  })

  it('names what is missing and does not judge a file without a column', async () => {
    const verdict = await bench.run('datos.csv', 'id,nombre\n1,a\n', THREE)
    expect(verdict.estado).toBe('Fallido')
    expect(verdict.fileErrors).toMatchObject([{ code: 'COLUMNS_MISSING', catalog: 'datos' }])
    expect(failures(verdict)).toEqual(['structure 1 []'])
  })

  it('judges the known columns of a file that brings more', async () => {
    const verdict = await bench.run('datos.csv', 'id,nombre,saldo,otra\n1,a,x,z\n', THREE)
    expect(verdict.fileErrors).toMatchObject([{ code: 'COLUMNS_EXTRA' }])
    expect(failures(verdict)).toEqual(['structure 1 []', 'type:saldo 1 [1]'])
  })

  it('lists ragged records with their true record and line, and numbers the others past them', async () => {
    const csv = 'id,nombre,saldo\n1,"a\nb",1\n2,b\n3,c,3,4\n3,d,x\n3,e,5\n'
    const verdict = await bench.run('datos.csv', csv, THREE)
    expect(failures(verdict)).toEqual(['structure 2 [2,3]', 'unique:id 1 [5]', 'type:saldo 1 [4]'])
    expect(verdict.records).toEqual({ datos: 5 })
    expect(verdict.totals).toMatchObject({ errors: 4, refused: 4, successRate: 20 })
    const errores = await bench.read('errores.csv')
    expect(errores).toContain('datos,2,4,,"2,b",structure,error,Se esperaban 3 columnas y tiene 2.')
    expect(errores).toContain('datos,4,6,saldo,x,type:saldo')
    expect(await bench.read('rechazados/datos.csv')).toContain(
      '3,5,Se esperaban 3 columnas y tiene 4.'.slice(0, 3),
    )
  })

  it.each([
    ['semicolons', 'id;nombre;saldo\n1;a;2\n', 'DELIMITER'],
    ['data where the header should be', '1,a,2\n2,b,3\n', 'HEADER_IS_DATA'],
    ['an empty file', '', 'FILE_EMPTY'],
    ['a repeated header', 'id,id,nombre,saldo\n1,1,a,2\n', 'HEADER_REPEATED'],
    ['NUL bytes', 'id,nombre,saldo\n1,a\0,2\n', 'CSV_NUL'],
  ])('tells %s', async (_what, csv, code) => {
    const verdict = await bench.run('datos.csv', csv, THREE)
    expect(verdict.fileErrors.map((error) => error.code)).toEqual([code])
    expect(verdict.estado).toBe('Fallido')
  })

  it('tells a headerless file of another width once, not once per record', async () => {
    const yaml = oneCatalog([{ name: 'a' }, { name: 'b' }], { header: false })
    const verdict = await bench.run('datos.csv', 'x,y,z\n'.repeat(500), yaml)
    expect(failures(verdict)).toEqual(['structure 1 []'])
    expect(verdict.fileErrors[0]).toMatchObject({
      code: 'COLUMNS_EXTRA',
      expected: '2 columnas',
      found: '3 columnas',
    })
  })

  it('finds a ragged record in a column nobody reads, far into a file', async () => {
    const yaml = oneCatalog([{ name: 'a', type: 'entero' }, { name: 'b' }, { name: 'c' }], { header: false })
    const csv = `${'1,x,y\n'.repeat(60_000)}2,x\n${'1,x,y\n'.repeat(10)}z,x,y\n`
    const verdict = await bench.run('datos.csv', csv, yaml)
    expect(failures(verdict)).toEqual(['structure 1 [60001]', 'type:a 1 [60012]'])
  })
})

describe('checks', () => {
  it('counts a bad cell once: null to what follows, and no rule that reads it is judged', async () => {
    const yaml = oneCatalog(
      [
        { name: 'a', type: 'entero', more: 'required: true' },
        { name: 'b', type: 'entero' },
      ],
      {
        extra: `    row_validation:
      - { name: Suma, description: d, rule: "df['a'] + df['b'] > 0", severity: error }`,
      },
    )
    const verdict = await bench.run('datos.csv', 'a,b\nx,1\n,1\n-5,1\n5,1\n', yaml)
    expect(failures(verdict)).toEqual(['type:a 1 [1]', 'required:a 1 [2]', 'Suma 2 [2,3]'])
  })

  it('counts every repetition after the first, by value, and never nulls', async () => {
    const yaml = oneCatalog([{ name: 'a', type: 'entero', more: 'unique: true' }, { name: 'b' }])
    const verdict = await bench.run('datos.csv', 'a,b\n1,x\n1.0,x\n2,x\n,x\n,x\n01,x\n', yaml)
    expect(failures(verdict)).toEqual(['unique:a 2 [2,6]'])
  })

  it('keeps a rule that does not compile as one error of the rule, and runs the rest', async () => {
    const yaml = oneCatalog([{ name: 'a', type: 'entero' }, { name: 'b' }], {
      extra: `    row_validation:
      - { name: Rota, description: d, rule: "df['noexiste'] > 0", severity: warning }
      - { name: Sana, description: d, rule: "df['a'] > 1", severity: error }`,
    })
    const verdict = await bench.run('datos.csv', 'a,b\n1,x\n2,x\n', yaml)
    expect(verdict.checks.map(({ kind, rule, severity, count }) => [kind, rule, severity, count])).toEqual([
      ['rule', 'Rota', 'error', 1],
      ['row', 'Sana', 'error', 1],
    ])
    expect(verdict.checks[0]?.message).toMatch(/posición/)
  })

  it('counts past the cap and lists the first records only', async () => {
    const yaml = oneCatalog([{ name: 'a', type: 'entero' }, { name: 'b' }], { header: false })
    const verdict = await bench.run('datos.csv', 'x,y\n'.repeat(5000), yaml, { detailCap: 3 })
    expect(failures(verdict)).toEqual(['type:a 5000 [1,2,3]'])
    expect((await bench.read('errores.csv')).trim().split('\n')).toHaveLength(5001)
  })

  it('judges more checks than one mask holds', async () => {
    const fields = Array.from({ length: 120 }, (_, i) => ({ name: `c${i}`, type: 'entero' }))
    const row = fields.map((_, i) => (i === 119 || i === 60 ? 'x' : '1')).join(',')
    const verdict = await bench.run('datos.csv', `${row}\n`, oneCatalog(fields, { header: false }))
    expect(failures(verdict)).toEqual(['type:c60 1 [1]', 'type:c119 1 [1]'])
  })

  it('neutralises formulas for spreadsheets and starts with the UTF-8 mark', async () => {
    const yaml = oneCatalog([{ name: 'a', type: 'entero' }, { name: 'b' }])
    await bench.run('datos.csv', 'a,b\n=1+1,x\n-3x,x\n', yaml)
    const text = await bench.read('errores.csv')
    expect(text.startsWith('\ufeffcatalog,')).toBe(true)
    expect(text).toContain("'=1+1")
    expect(text).toContain("'-3x")
  })
})

describe('the sample', () => {
  it('gives exactly what is expected of it', async () => {
    const yaml = await readFile(join(SAMPLE, 'distribuidora.yaml'), 'utf8')
    const expected = JSON.parse(await readFile(join(SAMPLE, 'expected.json'), 'utf8'))
    const verdict = await bench.run('diario.zip', await readFile(join(SAMPLE, 'diario.zip')), yaml)
    const found = (severity: string) =>
      verdict.checks
        .filter((check) => check.severity === severity)
        .map(({ target, rule, records }) => JSON.stringify({ catalog: target, rule, records }))
        .sort()
    const wanted = (list: unknown[]) => list.map((item) => JSON.stringify(item)).sort()
    expect(verdict.records).toEqual(expected.records)
    expect(found('error')).toEqual(wanted(expected.errors))
    expect(found('warning')).toEqual(wanted(expected.warnings))
    expect(await bench.list()).toEqual([
      'details.json',
      'errores.csv',
      'findings.parquet',
      'input',
      'input.yaml',
      'rechazados',
      'report.html',
      'results.txt',
      'verdict.json',
    ])
    expect(await bench.list('rechazados')).toEqual(['clientes.csv', 'productos.csv', 'ventas.csv'])
  })
})

describe('several files of one catalog', () => {
  it('are read as one, and each finding names its file and the line there', async () => {
    const yaml = oneCatalog([{ name: 'id', type: 'entero', more: 'unique: true' }, { name: 'b' }])
      .replace('filename: datos.csv', 'filename: "datos_*.csv"')
      .replace('file_format: { type: CSV }, catalogs', 'file_format: { type: ZIP }, catalogs')
    const entry = (name: string, text: string) => ({ name, data: Buffer.from(text) })
    const zip = rawZip([
      entry('datos_1.csv', 'id,b\n1,x\nmal,x\n'),
      entry('datos_2.csv', 'id,b\n1,"y\nz"\npeor,y\n'),
    ])
    const verdict = await bench.run('envio.zip', zip, yaml)
    expect(verdict.records).toEqual({ datos: 4 })
    expect(failures(verdict)).toEqual(['type:id 2 [2,4]', 'unique:id 1 [3]'])
    const { items } = await queryFindings(bench.dir, { limit: 9, offset: 0, sort: 'record' })
    expect(items.map(({ record, file, line, value }) => [record, file, line, value])).toEqual([
      [2, 'datos_1.csv', 3, 'mal'],
      [3, 'datos_2.csv', 2, '1'],
      [4, 'datos_2.csv', 4, 'peor'],
    ])
  })
})
