import { expect, it } from 'vitest'
import { involves } from './involves'

it('marks the field of a finding, or the fields a row rule names', () => {
  expect(involves({ field: 'precio', value: 'cantidad=1' }, 'cantidad')).toBe(false)
  expect(involves({ field: 'precio', value: null }, 'precio')).toBe(true)
  const row = { field: null, value: 'cantidad=-3; precio=12.50; importe=1' }
  expect(involves(row, 'cantidad')).toBe(true)
  expect(involves(row, 'importe')).toBe(true)
  expect(involves(row, 'tidad')).toBe(false)
  expect(involves({ field: null, value: null }, 'importe')).toBe(false)
})
