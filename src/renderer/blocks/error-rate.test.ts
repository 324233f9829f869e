import { expect, it } from 'vitest'
import { errorRate } from './error-rate'

it('is errors per hundred records, never past all of it, and all of a file that could not be read', () => {
  expect(errorRate({ estado: 'Parcial', registros: 200, errores: 3 })).toBe(1.5)
  expect(errorRate({ estado: 'Éxito', registros: 0, errores: 0 })).toBe(0)
  expect(errorRate({ estado: 'Fallido', registros: 0, errores: 0 })).toBe(100)
  expect(errorRate({ estado: 'Fallido', registros: 2, errores: 9 })).toBe(100)
})
