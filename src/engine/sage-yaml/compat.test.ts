import { describe, expect, it } from 'vitest'
import type { RuleWhere } from './check-rules'
import { parseSageYaml } from './parse'

/** Shaped like the real files of the original platform. */
const ORIGINAL = `sage_yaml:
  name: Envíos
  description: Generado por YAML Studio
  version: 1.0
  author: 2024
catalogs:
  30001:
    name: 30001
    description: Sin cabecera
    filename: 30001.csv
    path: ./data
    file_format:
      type: CSV
      delimiter: '\\t'
      encoding: utf-8-sig
    fields:
      - name: 00063979
        type: texto
        required: yes
        unique: No
        validation_rules:
      - { name: 2025-03-30 00:52:46, type: fecha }
      - { name: ABANTO RONCAL MARIA, type: texto, validation_rules: ~ }
      - { name: "Unnamed: 5", type: decimal, validation_rules: null }
      - { name: 1e3, type: entero }
      - { name: null, type: entero }
      - { name: "null", type: entero }
      - { name: 0x1F, type: entero }
      - { name: true, type: booleano }
    row_validation:
    catalog_validation: null
packages:
  1:
    name: P
    description: D
    file_format: { type: ZIP, delimiter: "|", header: true }
    catalogs:
      - 30001
    package_validation:
      - { name: r, description: d, rule: "x", severity: WARNING }
`

describe('files of the original platform', () => {
  it('load unchanged: names stay as written, null lists are empty, only a null name is refused', () => {
    const { diagnostics } = parseSageYaml(ORIGINAL)
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => [d.code, d.path])).toEqual([
      ['EMPTY_VALUE', 'catalogs.30001.fields[5].name'],
    ])
    const { schema, diagnostics: rest } = parseSageYaml(
      ORIGINAL.replace('      - { name: null, type: entero }\n', ''),
    )
    expect(rest.map((d) => [d.severity, d.code, d.path])).toEqual([
      ['warning', 'UNKNOWN_KEY', 'catalogs.30001.path'],
    ])
    const catalog = schema?.catalogs.get('30001')
    expect(catalog?.fields.map((f) => f.name)).toEqual([
      '00063979',
      '2025-03-30 00:52:46',
      'ABANTO RONCAL MARIA',
      'Unnamed: 5',
      '1e3',
      'null',
      '0x1F',
      'true',
    ])
    expect(catalog?.fields[0]).toEqual({
      name: '00063979',
      type: 'texto',
      required: true,
      unique: false,
      rules: [],
    })
    expect(catalog?.format).toEqual({ type: 'CSV', delimiter: '\t', header: false, nullValues: [] })
    expect(schema).toMatchObject({ version: '1.0', author: '2024' })
    expect(schema?.packages.get('1')).toMatchObject({ catalogs: ['30001'], rules: [{ severity: 'warning' }] })
  })

  it('follows references and merge keys', () => {
    const { schema, diagnostics } =
      parseSageYaml(`sage_yaml: { name: N, description: D, version: 1, author: A }
catalogs:
  a: &base
    name: A
    description: D
    filename: a.csv
    file_format: &csv { type: CSV, delimiter: "¦", null_values: [NULL, "-"], encoding: cp1252 }
    fields: &fields
      - { name: x, type: decimal, decimal: ",", thousands: ".", trim: true, default: "0", max_length: 9 }
      - { name: y, type: fecha, format: "%d/%m/%Y" }
  b: { <<: *base, filename: b.csv }
  c: { name: C, description: D, filename: c.xlsx, file_format: { type: EXCEL, sheet: 2, header: true }, fields: *fields }
packages:
  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: [a, b, c] }
`)
    expect(diagnostics).toEqual([])
    expect(schema?.catalogs.get('b')).toMatchObject({
      name: 'A',
      filename: 'b.csv',
      format: { type: 'CSV', delimiter: '¦', nullValues: ['NULL', '-'], encoding: 'windows-1252' },
      fields: [
        { name: 'x', decimal: ',', thousands: '.', trim: true, default: '0', maxLength: 9 },
        { name: 'y', format: '%d/%m/%Y' },
      ],
    })
    expect(schema?.catalogs.get('c')?.format).toMatchObject({ type: 'EXCEL', sheet: 2, header: true })
  })

  it('reads transformations in order', () => {
    const { schema, diagnostics } =
      parseSageYaml(`sage_yaml: { name: N, description: D, version: 1, author: A }
catalogs:
  a:
    name: A
    description: D
    filename: a.csv
    file_format: { type: CSV, delimiter: "," }
    fields: [{ name: q, type: decimal }, { name: canal, type: texto }]
    transformations:
      - { set: total, value: "df['q'] * 2", type: decimal }
      - { rename: { q: cantidad } }
      - { map: canal, values: { T: Tradicional, 1: null }, otherwise: null }
      - { filter: "df['total'] > 0" }
      - { drop: [cantidad] }
packages:
  p: { name: P, description: D, file_format: { type: CSV }, catalogs: [a] }
`)
    expect(diagnostics).toEqual([])
    expect(schema?.catalogs.get('a')?.transformations).toMatchObject([
      {
        kind: 'set',
        column: 'total',
        value: "df['q'] * 2",
        type: 'decimal',
        path: 'catalogs.a.transformations[0]',
      },
      { kind: 'rename', names: { q: 'cantidad' } },
      { kind: 'map', column: 'canal', values: { T: 'Tradicional', '1': '' }, otherwise: 'null' },
      { kind: 'filter', condition: "df['total'] > 0" },
      { kind: 'drop', columns: ['cantidad'] },
    ])
  })
})

describe('rules', () => {
  const yaml = (type: string): string => `sage_yaml: { name: N, description: D, version: 1, author: A }
catalogs:
  a:
    name: A
    description: D
    filename: a.csv
    file_format: { type: CSV, delimiter: "," }
    fields:
      - name: q
        type: ${type}
        validation_rules:
          - { name: r, description: d, rule: "m('\\\\S') > mal" }
    row_validation:
      - name: f
        description: d
        rule: >
          df['q'] &
          mal
    transformations:
      - { set: t, value: 'x''s mal', type: decimal }
packages:
  p:
    name: P
    description: D
    file_format: { type: CSV }
    catalogs: [a]
    package_validation: [{ name: k, description: d, rule: mal }]
`
  const seen: [string, string][] = []
  const checkRules = (rule: { rule: string; name: string }, where: RuleWhere) => {
    seen.push([where.level, where.package?.id ?? where.field?.name ?? where.catalog?.id ?? ''])
    const from = rule.rule.indexOf('mal')
    return [{ severity: 'error' as const, code: 'RULE_NAME', message: 'No se conoce.', from, to: from + 3 }]
  }

  it('are all judged, placed in the file, and never keep the schema from being built', () => {
    const text = yaml('decimal')
    const { schema, diagnostics } = parseSageYaml(text, { checkRules })
    expect(schema?.catalogs.size).toBe(1)
    expect(seen).toEqual([
      ['field', 'q'],
      ['row', 'a'],
      ['transformation', 'a'],
      ['package', 'p'],
    ])
    for (const d of diagnostics) expect(text.slice(d.position.offset, d.position.endOffset)).toBe('mal')
    expect(diagnostics.map((d) => [d.path, d.position.line])).toEqual([
      ['catalogs.a.fields[0].validation_rules[0].rule', 12],
      ['catalogs.a.row_validation[0].rule', 18],
      ['catalogs.a.transformations[0].value', 20],
      ['packages.p.package_validation[0].rule', 27],
    ])
    expect(diagnostics[0]?.expression).toEqual({ text: "m('\\S') > mal", from: 10, to: 13 })
  })

  it('are not judged over fields that could not be read', () => {
    const { schema, diagnostics } = parseSageYaml(yaml('decimel'), { checkRules })
    expect(schema).toBeNull()
    expect(diagnostics.map((d) => d.code)).toEqual(['FIELD_TYPE'])
  })
})
