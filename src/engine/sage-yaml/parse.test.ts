import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
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
