import type { CasillaRecepcion } from '@shared/model/recepcion'
import { expect, it } from 'vitest'
import { casillaOf } from './casilla.fixture'
import { formatCasillaFilters, listRows, parseCasillaFilters } from './casilla-list'

const recepcion = (casillaId: number, change: Partial<CasillaRecepcion> = {}): CasillaRecepcion => ({
  casillaId,
  estado: 'vigilando',
  motivo: null,
  enCola: 0,
  enCurso: 0,
  cuarentena: 0,
  ultimoArchivoEn: null,
  ...change,
})
const casillas = [
  casillaOf({ id: 1, nombre: 'Ventas' }),
  casillaOf({ id: 2, nombre: 'Órdenes', carpeta: '/datos/pedidos' }),
  casillaOf({ id: 3, nombre: 'clientes', carpeta: null }),
]
const receptions = new Map(
  [
    recepcion(1, { enCola: 4 }),
    recepcion(2, { cuarentena: 1 }),
    recepcion(3, { estado: 'sin_carpeta', enCurso: 9 }),
  ].map((item) => [item.casillaId, item]),
)
const ids = (search: string) =>
  listRows(casillas, receptions, parseCasillaFilters(search)).map(({ casilla }) => casilla.id)

it('sorts by name without minding case or accents, and by what the daemon tells', () => {
  expect(ids('')).toEqual([3, 2, 1])
  expect(ids('?dir=desc')).toEqual([1, 2, 3])
  const numbered = [2, 10, 1].map((id) => casillaOf({ id, nombre: `Casilla ${id}` }))
  expect(listRows(numbered, new Map(), parseCasillaFilters('')).map((row) => row.casilla.id)).toEqual([
    1, 2, 10,
  ])
  expect(ids('?orden=enCola&dir=desc')).toEqual([3, 1, 2])
  expect(ids('?orden=recepcion')).toEqual([2, 1, 3])
})

it('finds by name, folder and YAML, and narrows to a situation or to what needs a person', () => {
  expect(ids('?q=ordenes')).toEqual([2])
  expect(ids('?q=pedidos')).toEqual([2])
  expect(ids('?situacion=sin_carpeta')).toEqual([3])
  expect(ids('?situacion=atencion')).toEqual([2])
  expect(ids('?q=nada')).toEqual([])
})

it('says its filters as short as it can, and reads them back', () => {
  expect(formatCasillaFilters(parseCasillaFilters('?orden=x&dir=y&situacion=z'))).toBe('')
  const search = '?q=ventas&situacion=atencion&orden=tasa&dir=desc'
  expect(formatCasillaFilters(parseCasillaFilters(search))).toBe(search)
})
