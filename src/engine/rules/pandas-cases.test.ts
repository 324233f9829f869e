import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { runConformance } from './conformance'

// Our own rules, in all the families, with the verdict that pandas (1.5.3, frames typed as SAGE_YAML.md says) gave for each.
test('what pandas answers to our own rules', async () => {
  const root = resolve(__dirname, '../../testkit/fixtures/conformance')
  const rulesFile = resolve(__dirname, 'testdata/pandas-cases.jsonl')
  const result = await runConformance({
    rulesFile,
    dataDir: `${root}/data`,
    schemaFile: `${root}/schema.json`,
  })
  expect(result.lines).toEqual([])
  expect(result.passed).toBeGreaterThan(750)
})
