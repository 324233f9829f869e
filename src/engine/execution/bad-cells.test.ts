import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench, failures, oneCatalog } from './testing-bench'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.close())

const rule = (name: string, text: string): string =>
  `{ name: ${JSON.stringify(name)}, description: d, rule: ${JSON.stringify(text)} }`

/** Rules of one catalog over `id`, `n` (whole number) and `t`; the second record's `n` does not read as a number. */
async function judge(level: 'row' | 'catalog' | 'field', text: string): Promise<string[]> {
  const rules = `[${rule('r', text)}]`
  const yaml = oneCatalog(
    [
      { name: 'id', type: 'entero' },
      { name: 'n', type: 'entero', ...(level === 'field' ? { more: `validation_rules: ${rules}` } : {}) },
      { name: 't' },
    ],
    level === 'field' ? {} : { extra: `    ${level}_validation: ${rules}` },
  )
  const verdict = await bench.run('datos.csv', 'id,n,t\n1,10,a\n2,mal,b\n3,-5,c\n4,,d\n', yaml)
  return failures(verdict).filter((line) => !line.startsWith('type:'))
}

// SAGE_YAML.md: a bad cell counts once; it is null to what follows, and no rule that reads it is judged on that record.
describe('a cell that does not read as its type', () => {
  it('is one error, of its type', async () => {
    const yaml = oneCatalog([{ name: 'id', type: 'entero' }, { name: 'n', type: 'entero' }, { name: 't' }])
    expect(failures(await bench.run('datos.csv', 'id,n,t\n1,10,a\n2,mal,b\n', yaml))).toEqual([
      'type:n 1 [2]',
    ])
  })

  it.each([
    ['field', "df['n'] > 0", ['r 1 [3]']],
    ['row', "df['n'] > 0", ['r 2 [3,4]']],
    ['row', "df['n'].notna()", ['r 1 [4]']],
    ['row', "df['n'].fillna(0) >= 0", ['r 1 [3]']],
    ['row', "df['t'] != 'b'", ['r 1 [2]']],
    ['row', "(df['n'] > 0) | (df['t'] == 'z')", ['r 2 [3,4]']],
    ['row', "df.apply(lambda r: r['n'] is not None and r['n'] > 0, axis=1)", ['r 2 [3,4]']],
    // Record 2 would fail (2 > 10); it is the one with the bad cell, so it is not judged.
    ['row', "df['id'] > df['n'].shift(1).fillna(0)", []],
    ['row', "df['n'].rank() >= 1", ['r 1 [4]']],
    ['row', "df.groupby('t')['n'].transform('count') >= 1", ['r 1 [4]']],
    ['catalog', "df['n'].sum() == 5", []],
    ['catalog', "df['n'].count() == 2", []],
    // The record of the bad cell takes no part: only the empty one of record 4 is missing.
    ['catalog', "df['n'].isna().sum() == 1", []],
    ['catalog', 'len(df) == 4', []],
    ['catalog', "(df['n'] > 0).all()", ['r 1 []']],
  ] as const)('%s rule %s', async (level, text, expected) => {
    expect(await judge(level, text)).toEqual(expected)
  })
})
