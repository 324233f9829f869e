import type { Family } from '../../registry'
import { encodings } from './encoding'
import { modify } from './modify'
import { predicates } from './predicates'
import { take } from './take'

/** `.str` of a text column, and the methods of a text inside a lambda. */
export const family: Family = {
  name: 'texto',
  inGroup: true,
  functions: [...predicates, ...modify, ...take, ...encodings],
}
