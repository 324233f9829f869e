import { expect, it } from 'vitest'
import { planOf } from '../plan.fixture'

it('counts what is there, empties, fills', () => {
  expect(planOf({ tipo: 'truncate_insert' })).toMatchObject({
    clear: ['SELECT count(*) FROM e.ventas → eliminadas', 'DELETE FROM e.ventas'],
    write: ['load ventas → insertadas'],
    exclusive: true,
  })
})
