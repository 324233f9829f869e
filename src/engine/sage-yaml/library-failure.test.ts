import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it, vi } from 'vitest'
import { parseSageYaml, parseSageYamlBytes } from './parse'

const failing = vi.hoisted(() => ({ parser: false, lexer: false, tree: false }))

/** The real library, made to fail where told: no text is known to do it, and one found tomorrow must not stop the engine. */
vi.mock('yaml', async (importOriginal) => {
  const yaml = await importOriginal<typeof import('yaml')>()
  const fail = (where: keyof typeof failing): void => {
    if (failing[where]) throw new TypeError(`Cannot read properties of undefined (${where})\n    at compose`)
  }
  class Lexer extends yaml.Lexer {
    override *lex(source: string, incomplete?: boolean): Generator<string, void, unknown> {
      fail('lexer')
      yield* super.lex(source, incomplete)
    }
  }
  const parseDocument: typeof yaml.parseDocument = (text, options) => {
    fail('parser')
    return yaml.parseDocument(text, options)
  }
  const isMap = (node: unknown): boolean => {
    fail('tree')
    return yaml.isMap(node)
  }
  return { ...yaml, Lexer, parseDocument, isMap }
})

const sample = readFileSync(
  resolve(__dirname, '../../../resources/samples/distribuidora/distribuidora.yaml'),
  'utf8',
)

it.each(['parser', 'lexer', 'tree'] as const)(
  'a failure of the library in its %s is a diagnostic',
  (where) => {
    expect(parseSageYaml(sample).schema).not.toBeNull()
    failing[where] = true
    try {
      for (const result of [parseSageYaml(sample), parseSageYamlBytes(Buffer.from(sample))]) {
        expect(result.schema).toBeNull()
        expect(result.diagnostics).toMatchObject([
          {
            severity: 'error',
            code: 'YAML_UNREADABLE',
            message: `El YAML no se puede leer (Cannot read properties of undefined (${where})).`,
            position: { line: 1, column: 1 },
          },
        ])
        expect(result.diagnostics[0]?.hint).toMatch(/Revisar/)
      }
    } finally {
      failing[where] = false
    }
    expect(parseSageYaml(sample).schema).not.toBeNull()
  },
)
