import type { Family } from '../../registry'
import { access } from './access'
import { cells } from './cells'
import { convert } from './convert'
import { membership } from './membership'
import { operators } from './operators'
import { order } from './order'

/** Methods of a column that look at one record at a time. */
export const family: Family = {
  name: 'columna',
  functions: [...access, ...cells, ...convert, ...membership, ...operators, ...order],
}
