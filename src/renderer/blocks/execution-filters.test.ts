import { METODOS_ENVIO } from '@shared/model/emisor'
import { ESTADOS, FASES, POLITICAS } from '@shared/model/execution'
import { SEVERITIES } from '@shared/model/findings'
import { describe, expect, it } from 'vitest'
import { dayInstant, formatFilters, parseFilters, toQuery } from './execution-filters'
import { ESTADO_VALUES, FASE_VALUES, METODO_VALUES, POLITICA_VALUES, SEVERITY_VALUES } from './values'

describe('filters of executions in the URL', () => {
  it('go and come back whole', () => {
    const filters = {
      casilla: 3,
      emisor: 8,
      metodo: 'local',
      estado: 'Éxito',
      fase: 'terminada',
      q: 'ventas & más',
      desde: '2025-11-01',
      hasta: '2025-11-25',
      orden: 'errores',
      dir: 'desc',
    } as const
    expect(parseFilters(formatFilters(filters))).toEqual(filters)
  })

  it('say nothing when they are the defaults', () => {
    expect(formatFilters(parseFilters(''))).toBe('')
  })

  it('leave out what is not understood', () => {
    const parsed = parseFilters(
      '?casilla=-2&emisor=x&metodo=paloma&estado=Regular&fase=x&desde=ayer&orden=; drop&dir=up',
    )
    expect(formatFilters(parsed)).toBe('')
  })

  it('become what the engine takes, with whole local days', () => {
    expect(toQuery(parseFilters('?casilla=2&emisor=5&metodo=local&q=abc&hasta=2025-11-25'))).toEqual({
      sort: 'creadaEn',
      direction: 'desc',
      casillaId: 2,
      emisorId: 5,
      metodo: 'local',
      search: 'abc',
      to: new Date(2025, 10, 25, 23, 59, 59, 999).toISOString(),
    })
    expect(dayInstant('2025-11-25', 'start')).toBe(new Date(2025, 10, 25).toISOString())
  })
})

it('lists the same values as the model', () => {
  expect(ESTADO_VALUES).toEqual(ESTADOS)
  expect(FASE_VALUES).toEqual(FASES)
  expect(SEVERITY_VALUES).toEqual(SEVERITIES)
  expect([...METODO_VALUES].sort()).toEqual([...METODOS_ENVIO].sort())
  expect(POLITICA_VALUES).toEqual(POLITICAS)
})
