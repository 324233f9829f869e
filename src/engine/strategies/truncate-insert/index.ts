import { insertsAll } from '../shared/rehearsal'
import { countBefore, filled } from '../shared/steps'
import type { Strategy } from '../types'

/** Empties the table by the fastest way that a rollback undoes, then adds the rows of the load. */
export const truncateInsert: Strategy<'truncate_insert'> = {
  tipo: 'truncate_insert',
  key: () => null,
  extraTables: () => [],
  check: () => [],
  plan(input) {
    const { fill, ...rest } = filled(input)
    const statement = input.dialect.truncate(input.target)
    return {
      ...rest,
      clear: [countBefore(input), { do: 'sql', what: 'vaciar la tabla', statement }],
      write: [fill],
      exclusive: true,
    }
  },
  rehearse: (input) => insertsAll(input, { where: null }),
}
