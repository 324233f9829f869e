import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CASES, MARK } from './mistakes.fixture'
import { parseSageYaml } from './parse'

const sample = readFileSync(
  resolve(__dirname, '../../../resources/samples/distribuidora/distribuidora.yaml'),
  'utf8',
)

describe('the sample', () => {
  it('reads without a diagnostic', () => {
    const { schema, diagnostics } = parseSageYaml(sample)
    expect(diagnostics).toEqual([])
    expect([...(schema?.catalogs.keys() ?? [])]).toEqual(['clientes', 'productos', 'vendedores', 'ventas'])
    const ventas = schema?.catalogs.get('ventas')
    expect(ventas?.fields).toHaveLength(12)
    expect(ventas?.fields[7]).toMatchObject({
      name: 'cantidad',
      type: 'decimal',
      required: true,
      unique: false,
    })
    expect(ventas?.format).toEqual({ type: 'CSV', delimiter: '|', header: false, nullValues: [] })
    expect(ventas?.rowRules.map((r) => r.path)).toEqual([
      'catalogs.ventas.row_validation[0]',
      'catalogs.ventas.row_validation[1]',
    ])
    expect(schema?.packages.get('diario')).toMatchObject({
      format: { type: 'ZIP' },
      catalogs: ['clientes', 'productos', 'vendedores', 'ventas'],
    })
  })
})

describe('every mistake says where it is', () => {
  it.each(CASES)('$title', ({ yaml, code, path, severity, hint, also }) => {
    expect(yaml.split(MARK)).toHaveLength(2)
    const before = yaml.slice(0, yaml.indexOf(MARK))
    const { schema, diagnostics } = parseSageYaml(yaml.replace(MARK, ''))
    const found = diagnostics.filter((d) => d.code === code && d.path === path)
    expect(diagnostics.map((d) => d.code)).toContain(code)
    expect(diagnostics.map((d) => d.path)).toContain(path)
    const line = before.split('\n').length
    const column = before.length - before.lastIndexOf('\n')
    expect(found.map((d) => [d.position.line, d.position.column])).toContainEqual([line, column])
    expect(found[0]?.severity).toBe(severity ?? 'error')
    if (hint !== undefined) expect(found[0]?.hint).toContain(hint)
    expect(found[0]?.message).toMatch(/^[^a-z]/)
    expect(schema === null).toBe(severity === undefined)
    const others = new Set(diagnostics.map((d) => d.code).filter((c) => c !== code))
    expect([...others].sort()).toEqual([...(also ?? [])].sort())
  })
})
