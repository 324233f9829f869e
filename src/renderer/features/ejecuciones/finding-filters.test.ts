import { describe, expect, it } from 'vitest'
import { formatFindingFilters, parseFindingFilters, toFindingFilter } from './finding-filters'

describe('filters of findings in the URL', () => {
  it('go and come back whole, catalogs with a colon in their name too', () => {
    const filters = {
      catalogo: 'ventas: norte',
      check: 0,
      severidad: 'warning',
      q: '50% & más',
      orden: 'record',
      dir: 'desc',
      registro: { catalog: 'ventas: norte', record: 20 },
    } as const
    expect(parseFindingFilters(formatFindingFilters(filters))).toEqual(filters)
  })

  it('leave out what is not understood', () => {
    const parsed = parseFindingFilters('?check=uno&severidad=grave&registro=ventas&orden=x')
    expect(formatFindingFilters(parsed)).toBe('')
    expect(toFindingFilter(parsed)).toEqual({})
  })

  it('become what the engine takes, without the order or the open record', () => {
    expect(toFindingFilter(parseFindingFilters('?check=3&q=abc&registro=a:1&dir=desc'))).toEqual({
      checkId: 3,
      search: 'abc',
    })
  })
})
