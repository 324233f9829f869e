import { expect, it } from 'vitest'
import { readDraft } from './draft'

it('reads a draft back, and nothing from what is not one', () => {
  expect(readDraft(JSON.stringify({ text: 'a: 1', base: 3 }))).toEqual({ text: 'a: 1', base: 3 })
  expect(readDraft(null)).toBeNull()
  expect(readDraft('{"text":')).toBeNull()
  expect(readDraft('{"text":1,"base":3}')).toBeNull()
})
