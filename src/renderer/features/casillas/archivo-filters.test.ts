import { expect, it } from 'vitest'
import { formatArchivoFilters, parseArchivoFilters, toArchivoQuery } from './archivo-filters'

it('reads back what it wrote, and leaves out what nobody wrote', () => {
  const filters = { q: 'ventas', situacion: 'cuarentena', archivo: 7, orden: 'bytes', dir: 'asc' } as const
  expect(parseArchivoFilters(formatArchivoFilters(filters))).toEqual(filters)
  expect(parseArchivoFilters('?situacion=x&archivo=-1&orden=y&dir=z')).toEqual({
    q: undefined,
    situacion: undefined,
    archivo: undefined,
    orden: 'detectadoEn',
    dir: 'desc',
  })
  expect(formatArchivoFilters(parseArchivoFilters(''))).toBe('')
})

it('asks the engine for one situation in its own terms', () => {
  const query = (situacion: 'abiertos' | 'cuarentena' | 'rechazado') =>
    toArchivoQuery(3, { situacion, orden: 'detectadoEn', dir: 'desc' })
  expect(query('abiertos')).toMatchObject({ casillaId: 3, abiertos: true })
  expect(query('cuarentena')).toMatchObject({ estado: 'cuarentena' })
  expect(query('rechazado')).toMatchObject({ desenlace: 'rechazado' })
})
