import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSageYaml, parseSageYamlBytes } from './parse'

const sample = readFileSync(
  resolve(__dirname, '../../../resources/samples/distribuidora/distribuidora.yaml'),
  'utf8',
)
/** Past this a text has hung the parser; it takes a fraction of a second, and a busy machine is slow. */
const HANG_MS = 120_000

const bomb = (levels: number): string => {
  let yaml = 'sage_yaml: &a0 [x, x, x, x, x, x, x, x, x]\n'
  for (let i = 1; i < levels; i += 1) yaml += `k${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]\n`
  return yaml
}
/** Twenty levels of merge keys that double: a million entries if they were expanded. */
const mergeBomb = (): string => {
  let yaml = 'a0: &a0 { x: 1 }\n'
  for (let i = 1; i <= 24; i += 1) yaml += `a${i}: &a${i}\n  <<: [*a${i - 1}, *a${i - 1}]\n`
  return `${yaml}catalogs: *a24\n`
}
const indented = (levels: number): string =>
  Array.from({ length: levels }, (_, i) => `${' '.repeat(i)}a:\n`).join('')

const HOSTILE: [string, string, string][] = [
  ['alias bomb', bomb(9), 'YAML_ALIAS_BOMB'],
  ['merge bomb', mergeBomb(), 'YAML_ALIAS_BOMB'],
  ['deep flow', '['.repeat(100_000), 'YAML_TOO_DEEP'],
  ['deep maps', '{a: '.repeat(100_000), 'YAML_TOO_DEEP'],
  ['deep sequences on a line', '- '.repeat(500_000), 'YAML_TOO_DEEP'],
  ['deep explicit keys', '? '.repeat(500_000), 'YAML_TOO_DEEP'],
  ['deep indentation', indented(1500), 'YAML_TOO_DEEP'],
  ['too large', 'a'.repeat(60 * 1024 * 1024), 'YAML_TOO_LARGE'],
  ['NUL', 'sage_yaml:\u0000', 'YAML_BINARY'],
  ['escape characters', '\u001b[31msage_yaml', 'YAML_BINARY'],
  ['many repeated keys', 'a: 1\n'.repeat(50_000), 'DUPLICATE_KEY'],
  ['many syntax errors', 'a: "\\q"\n'.repeat(20_000), 'YAML_ESCAPE'],
  ['one long key', `${'a'.repeat(500_000)}: 1\n`, 'YAML_SYNTAX'],
  [
    'prototype keys',
    'sage_yaml: { __proto__: 1, constructor: 2 }\ncatalogs: { __proto__: { fields: [] } }\npackages: {}\n',
    'EMPTY_FIELDS',
  ],
  ['python tag', 'sage_yaml: !!python/object/apply:os.system ["x"]\n', 'YAML_TAG'],
  ['many stars', `catalogs: ${'*'.repeat(100_000)}\n`, 'YAML_ALIAS_UNKNOWN'],
  ['many brackets closed', `catalogs: ${']'.repeat(100_000)}\n`, 'YAML_SYNTAX'],
  ['a million stray brackets', ']'.repeat(1_000_000), 'YAML_TOO_LARGE'],
  ['many open quotes', "a: '\n".repeat(20_000), 'YAML_SYNTAX'],
  ['open quote', `catalogs: "${'x\n'.repeat(100_000)}`, 'YAML_SYNTAX'],
]

describe('hostile texts', () => {
  it.each(HOSTILE)(
    '%s',
    (_, yaml, code) => {
      const { schema, diagnostics } = parseSageYaml(yaml)
      expect(schema).toBeNull()
      expect(diagnostics.map((d) => d.code)).toContain(code)
      expect(diagnostics.length).toBeLessThanOrEqual(301)
    },
    HANG_MS,
  )

  it('a large honest file is read in bounded time', () => {
    const fields = Array.from({ length: 20_000 }, (_, i) => `      - { name: c${i}, type: texto }\n`).join('')
    const yaml = `sage_yaml: { name: N, description: D, version: "1", author: A }\ncatalogs:\n  v:\n    name: V\n    description: D\n    filename: v.csv\n    file_format: { type: CSV, delimiter: "|" }\n    fields:\n${fields}packages:\n  p: { name: P, description: D, file_format: { type: ZIP }, catalogs: [v] }\n`
    const { schema, diagnostics } = parseSageYaml(yaml)
    expect(diagnostics).toEqual([])
    expect(schema?.catalogs.get('v')?.fields).toHaveLength(20_000)
  })
})

describe('bytes', () => {
  it('refuses what is not UTF-8 with its place', () => {
    const bytes = Buffer.concat([
      Buffer.from('sage_yaml:\n  name: "Env'),
      Buffer.from([0xed]),
      Buffer.from('o"\n'),
    ])
    const { schema, diagnostics } = parseSageYamlBytes(bytes)
    expect(schema).toBeNull()
    expect(diagnostics).toMatchObject([{ code: 'YAML_NOT_UTF8', position: { line: 2, column: 13 } }])
  })

  it('refuses a ZIP', () => {
    const bytes = Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 0xff, 0xfe, 0x80])
    expect(parseSageYamlBytes(bytes).diagnostics[0]?.code).toBe('YAML_NOT_UTF8')
  })

  it.each([
    ['UTF-8 mark', Buffer.from(`\ufeff${sample}`)],
    ['UTF-16', Buffer.from(`\ufeff${sample}`, 'utf16le')],
    ['CRLF', Buffer.from(sample.replaceAll('\n', '\r\n'))],
  ])('reads the sample with %s', (_, bytes) => {
    const { schema, diagnostics } = parseSageYamlBytes(bytes)
    expect(diagnostics).toEqual([])
    expect(schema?.catalogs.size).toBe(4)
  })

  it('refuses by bytes, not by letters', () => {
    expect(parseSageYaml('ñ'.repeat(600), { maxBytes: 1000 }).diagnostics[0]?.code).toBe('YAML_TOO_LARGE')
  })
})

describe('random mutations of the sample', () => {
  const JUNK = [
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ':',
    '- ',
    '\n',
    '\t',
    '|',
    '>',
    '&a ',
    '*a',
    '!!x ',
    '#',
    '<<: *a',
    '\u0000',
    'null',
    '~',
    '? ',
    '%',
    '@',
    '  ',
    '\\',
    '\r',
    '😀',
    '---\n',
  ]
  const edit = fc.record({
    at: fc.nat(sample.length),
    cut: fc.nat(40),
    put: fc.array(fc.constantFrom(...JUNK), { maxLength: 4 }),
  })

  it('never throw, stay placed inside the text and take little', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let text = sample
        for (const { at, cut, put } of edits) text = text.slice(0, at) + put.join('') + text.slice(at + cut)
        const { schema, diagnostics } = parseSageYaml(text, {
          checkRules: (rule) => [
            { severity: 'error', code: 'X', message: 'x', from: 0, to: rule.rule.length },
          ],
        })
        const lines = text.split('\n').length
        for (const { position, message } of diagnostics) {
          expect(position.offset).toBeLessThanOrEqual(text.length)
          expect(position.line).toBeLessThanOrEqual(lines)
          expect(message).not.toBe('')
        }
        const blocking = diagnostics.some((d) => d.severity === 'error' && d.expression === undefined)
        expect(schema === null).toBe(blocking)
      }),
      { numRuns: 150 },
    )
  })
})
