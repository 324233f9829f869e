import type { Family } from '../../registry'
import { access } from './access'
import { cells } from './cells'
import { convert } from './convert'
import { membership } from './membership'
import { operators } from './operators'
import { order } from './order'

/** What looks at all the records of a column, whatever group they are in. */
const WHOLE_COLUMN = new Set([
  ...[
    'values',
    'to_numpy',
    'tolist',
    'to_list',
    'at',
    'iat',
    'is_monotonic_increasing',
    'is_monotonic_decreasing',
  ],
  ...['value_counts', 'unique', 'drop_duplicates', 'duplicated', 'reindex', 'get', 'item'],
])

/** Methods of a column that look at one record at a time. */
export const family: Family = {
  name: 'columna',
  functions: [
    ...[...access, ...cells, ...convert, ...membership, ...operators].map((def) => ({
      ...def,
      inGroup: !WHOLE_COLUMN.has(def.name),
    })),
    ...order,
  ],
}
