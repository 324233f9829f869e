import { AppError } from '@shared/errors/app-error'
import type { SageSchema } from '@shared/model/schema'
import { describe, expect, it } from 'vitest'
import { chooseTarget, type FileKind, matchesFilename } from './choose-target'
import { outlineOf } from './outline'
import { parseSageYaml } from './parse'

const catalog = (id: string, filename: string, type = 'CSV'): string =>
  `  ${id}: { name: ${id}, description: D, filename: "${filename}", file_format: { type: ${type}, delimiter: "|" }, fields: [{ name: x, type: texto, required: true, validation_rules: [{ name: r, description: d, rule: x }] }] }\n`
const pack = (id: string, type: string, catalogs: string): string =>
  `  ${id}: { name: "Envío ${id}", description: D, file_format: { type: ${type} }, catalogs: [${catalogs}] }\n`
const schemaOf = (catalogs: string, packages: string): SageSchema => {
  const { schema, diagnostics } = parseSageYaml(
    `sage_yaml: { name: N, description: D, version: 1, author: A }\ncatalogs:\n${catalogs}packages:\n${packages}`,
  )
  if (schema === null) throw new Error(JSON.stringify(diagnostics))
  return schema
}
const failure = (schema: SageSchema, name: string, kind: FileKind): AppError => {
  try {
    chooseTarget(schema, { name, kind })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it chose')
}

const ab = catalog('a', 'a.csv') + catalog('b', 'b_*.csv')

describe('chooseTarget', () => {
  const zip = schemaOf(ab, pack('diario', 'ZIP', 'a, b'))

  it('a ZIP takes the ZIP package whatever its name', () => {
    expect(chooseTarget(zip, { name: 'x.zip', kind: 'zip' })).toEqual({
      packageId: 'diario',
      catalogs: ['a', 'b'],
      reason: 'only-of-type',
    })
  })

  it('two ZIP packages need a name; never a guess', () => {
    const two = schemaOf(ab, pack('diario', 'ZIP', 'a') + pack('mensual', 'ZIP', 'b'))
    expect(chooseTarget(two, { name: 'C:\\x\\MENSUAL.zip', kind: 'zip' })).toMatchObject({
      packageId: 'mensual',
      reason: 'name',
    })
    expect(chooseTarget(two, { name: 'envio diario.zip', kind: 'zip' })).toMatchObject({
      packageId: 'diario',
    })
    const error = failure(two, 'datos.zip', 'zip')
    expect(error.code).toBe('TARGET_AMBIGUOUS')
    expect(error.message).toContain('`diario`, `mensual`')
  })

  it('a CSV takes the package whose name or filename matches, else the only one', () => {
    const two = schemaOf(ab, pack('p', 'CSV', 'a') + pack('q', 'CSV', 'b'))
    expect(chooseTarget(two, { name: 'A.CSV', kind: 'csv' })).toMatchObject({
      packageId: 'p',
      reason: 'filename',
    })
    expect(chooseTarget(two, { name: 'b_2025.csv', kind: 'csv' })).toMatchObject({ packageId: 'q' })
    expect(chooseTarget(two, { name: 'q.csv', kind: 'csv' })).toMatchObject({
      packageId: 'q',
      reason: 'name',
    })
    expect(failure(two, 'otro.csv', 'csv').code).toBe('TARGET_AMBIGUOUS')
    const one = schemaOf(catalog('a', 'a.csv'), pack('p', 'CSV', 'a'))
    expect(chooseTarget(one, { name: 'otro.csv', kind: 'csv' })).toMatchObject({
      packageId: 'p',
      reason: 'only-of-type',
    })
  })

  it('without a package of its type, the catalog whose file it is judges it alone', () => {
    expect(chooseTarget(zip, { name: 'a.csv', kind: 'csv' })).toEqual({
      packageId: null,
      catalogs: ['a'],
      reason: 'catalog-filename',
    })
    const error = failure(zip, 'c.csv', 'csv')
    expect(error.code).toBe('TARGET_NONE')
    expect(error.hint).toContain('`a` (a.csv)')
  })

  it('says what there is when nothing fits', () => {
    expect(failure(zip, 'a.xlsx', 'excel').code).toBe('TARGET_NONE')
    const csv = schemaOf(catalog('a', 'a.csv'), pack('p', 'CSV', 'a'))
    expect(failure(csv, 'a.zip', 'zip')).toMatchObject({
      code: 'TARGET_NONE',
      hint: expect.stringContaining('`p`'),
    })
  })
})

describe('matchesFilename', () => {
  it.each([
    ['a.csv', 'A.csv', true],
    ['ventas_*.csv', 'ventas_2025.csv', true],
    ['ventas_*.csv', 'ventas_.csv', true],
    ['ventas_*.csv', 'ventas.csv', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['a*a', 'a', false],
    ['*.csv', 'x.csv.zip', false],
    ['data/a.csv', 'a.csv', true],
    ['a.csv', 'axcsv', false],
  ])('%s %s', (pattern, name, expected) => {
    expect(matchesFilename(pattern, name)).toBe(expected)
  })

  it('a pattern of many stars ends', () => {
    expect(matchesFilename('*a'.repeat(5000), 'a'.repeat(4999))).toBe(false)
  })
})

it('outlineOf counts fields and rules', () => {
  const outline = outlineOf(schemaOf(ab, pack('diario', 'ZIP', 'a, b')))
  expect(outline.rules).toBe(2)
  expect(outline.catalogs[0]).toMatchObject({
    id: 'a',
    type: 'CSV',
    delimiter: '|',
    fields: [{ name: 'x', type: 'texto', required: true, unique: false, rules: 1 }],
  })
  expect(outline.packages).toEqual([
    { id: 'diario', name: 'Envío diario', description: 'D', type: 'ZIP', catalogs: ['a', 'b'], rules: 0 },
  ])
})
