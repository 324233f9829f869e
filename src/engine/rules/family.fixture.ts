import { resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { runConformance } from './conformance'
import { everyFunction } from './registry'

const root = resolve(__dirname, '../../testkit/fixtures/conformance')

/**
 * The tests of one family: its cases (`cases.jsonl`, with the verdict of pandas 1.5.3 on frames typed as SAGE_YAML.md says; made by
 * scripts/conformance/judge.py), and that each of its functions is asked by one of them. `apart` names the functions that pandas can't judge, with the reason.
 */
export function familyTests(family: string, apart: Record<string, string> = {}): void {
  test(`${family}: what pandas answers, and every function asked`, async () => {
    const functions = everyFunction().filter((def) => def.family === family)
    const spies = functions.map((def) => [def, vi.spyOn(def, 'call')] as const)
    const result = await runConformance({
      rulesFile: resolve(__dirname, `families/${family}/cases.jsonl`),
      dataDir: `${root}/data`,
      schemaFile: `${root}/schema.json`,
    })
    expect(result.lines).toEqual([])
    const silent = spies
      .filter(([, spy]) => spy.mock.calls.length === 0)
      .map(([def]) => `${def.on}.${def.name}`)
    expect(silent.filter((name) => !Object.hasOwn(apart, name))).toEqual([])
    // A function that got its case leaves the list.
    expect(Object.keys(apart).filter((name) => !silent.includes(name))).toEqual([])
  })
}
