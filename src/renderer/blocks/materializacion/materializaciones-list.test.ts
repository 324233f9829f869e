import { expect, test } from 'vitest'
import { materializacion } from './materializacion.fixture'
import { formatMatFilters, listMaterializaciones, parseMatFilters } from './materializaciones-list'

const rows = [
  materializacion({ id: 1, nombre: 'Ventas', casillaNombre: 'Norte' }),
  materializacion({ id: 2, nombre: 'Álmacenes', fallidas: 2, activa: false, destinoId: 0 }),
  materializacion({ id: 3, nombre: 'Clientes', pendientes: 4, destinoNombre: 'Depósito' }),
]
const names = (search: string) =>
  listMaterializaciones(rows, parseMatFilters(search)).map(({ nombre }) => nombre)

test('searches without accents in names, casilla, destination and tables', () => {
  expect(names('')).toEqual(['Álmacenes', 'Clientes', 'Ventas'])
  expect(names('?q=deposito')).toEqual(['Clientes'])
  expect(names('?q=VENTAS')).toHaveLength(3)
})

test('what needs a person comes first, even when it is switched off', () => {
  expect(names('?orden=situacion')).toEqual(['Álmacenes', 'Clientes', 'Ventas'])
  expect(names('?situacion=con_fallas')).toEqual(['Álmacenes'])
  expect(names('?situacion=sin_cargas')).toEqual(['Ventas'])
})

test('the embedded destination, number 0, can be filtered by; rubbish is left out', () => {
  expect(names('?destino=0')).toEqual(['Álmacenes'])
  expect(names('?destino=&situacion=x&orden=y')).toHaveLength(3)
  const filters = parseMatFilters('?q=a&situacion=al_dia&destino=0&orden=ultima&dir=desc')
  expect(parseMatFilters(formatMatFilters(filters))).toEqual(filters)
})
