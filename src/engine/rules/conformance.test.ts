import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { runConformance } from './conformance'

const root = resolve(__dirname, '../../testkit/fixtures/conformance')

test('the corpus judged by pandas passes whole', async () => {
  const result = await runConformance({
    rulesFile: `${root}/rules.jsonl`,
    dataDir: `${root}/data`,
    schemaFile: `${root}/schema.json`,
  })
  expect(result.lines).toEqual([])
  expect(result.passed).toBe(136)
})
