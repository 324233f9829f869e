import { expect, it } from 'vitest'
import { ruleReferences, uniqueTogether } from './references'

it.each([
  [`df['v']['c'].isin(df['m']['id'])`, ['v.c>m.id']],
  [`df['v']['c'].dropna().isin(df['m']['id'].unique())`, ['v.c>m.id']],
  [`~(~df['v']['c'].isin(df['m']['id'])) & df['v']['d'].isin(df['n']['k'])`, ['v.c>m.id', 'v.d>n.k']],
  [`len(df['v']) == df['v']['c'].isin(df['m']['id']).sum()`, ['v.c>m.id']],
  [`df['v']['c'].isin(['A', 'B'])`, []],
  [`df['v']['c'].isin(df['v']['d'])`, []],
  [`df['v']['c'].isin(`, []],
])('%s', (rule, expected) => {
  expect(
    ruleReferences(rule).map(({ from, to }) => `${from.catalog}.${from.column}>${to.catalog}.${to.column}`),
  ).toEqual(expected)
})

it.each([
  [`~df.duplicated(subset=['a', 'b'])`, ['a', 'b']],
  [`~df.duplicated(['a'])`, ['a']],
  [`~df.duplicated(subset='a', keep=False)`, ['a']],
  [`df.duplicated(subset=['a'])`, null],
  [`~df['a'].duplicated()`, null],
  [`~df.duplicated()`, null],
])('%s keeps %o apart', (rule, expected) => {
  expect(uniqueTogether(rule)).toEqual(expected)
})
