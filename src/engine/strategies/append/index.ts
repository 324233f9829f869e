import { insertsAll } from '../shared/rehearsal'
import { filled } from '../shared/steps'
import type { Strategy } from '../types'

/** Adds the rows of the load to those that are there. */
export const append: Strategy<'append'> = {
  tipo: 'append',
  key: () => null,
  extraTables: () => [],
  check: () => [],
  plan(input) {
    const { fill, ...rest } = filled(input)
    return { ...rest, clear: [], write: [fill], exclusive: false }
  },
  rehearse: (input) => insertsAll(input, null),
}
