import { expect, test } from 'vitest'
import { formatCargaFilters, parseCargaFilters, toCargaQuery } from './carga-filters'

const executionId = '00000000-0000-4000-8000-000000000001'

test('filters survive the URL', () => {
  const filters = {
    q: 'diario 100%',
    estado: 'error',
    carga: { materializacionId: 3, executionId },
    orden: 'bytes',
    dir: 'asc',
  } as const
  expect(parseCargaFilters(formatCargaFilters(filters))).toEqual(filters)
})

test('the defaults say nothing, and what is not understood is left out', () => {
  const defaults = parseCargaFilters('?estado=roto&orden=nada&dir=x&carga=0:nada')
  expect(defaults).toEqual({
    q: undefined,
    estado: undefined,
    carga: undefined,
    orden: 'creadaEn',
    dir: 'desc',
  })
  expect(formatCargaFilters(defaults)).toBe('')
})

test('the engine is asked for the loads of the page only, and never for the one that is open', () => {
  const filters = parseCargaFilters(`?q=norte&carga=3:${executionId}`)
  expect(toCargaQuery({ casillaId: 4 }, filters)).toEqual({
    casillaId: 4,
    sort: 'creadaEn',
    direction: 'desc',
    search: 'norte',
  })
})
