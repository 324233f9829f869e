import { materializacionOperations } from '@shared/contract/materializacion-operations'
import type { Estrategia } from '@shared/model/materializacion'
import { describe, expect, test } from 'vitest'
import { illustrate } from './index'

const COLUMNS = ['codigo', 'sucursal', 'estado', 'precio', 'cantidad', 'moneda']
const endsAs = (estrategia: Estrategia) =>
  illustrate(estrategia, COLUMNS).despues.map(({ celdas, cambio }) => `${celdas.join(' ')}: ${cambio}`)

describe('what a strategy does to the rows that are there', () => {
  test('append adds and repeats', () => {
    const { eliminadas } = illustrate({ tipo: 'append' }, COLUMNS)
    expect(endsAs({ tipo: 'append' })).toEqual([
      '1 antes antes: igual',
      '2 antes antes: igual',
      '3 antes antes: igual',
      '2 nuevo nuevo: insertada',
      '4 nuevo nuevo: insertada',
    ])
    expect(eliminadas).toEqual([])
  })

  test('upsert updates what is there, inserts what is not, leaves the rest', () => {
    expect(endsAs({ tipo: 'upsert', clave: ['codigo'] })).toEqual([
      '1 antes antes: igual',
      '2 nuevo nuevo: actualizada',
      '3 antes antes: igual',
      '4 nuevo nuevo: insertada',
    ])
  })

  test('upsert with a mark deletes the row of the key and does not write the record', () => {
    const estrategia: Estrategia = {
      tipo: 'upsert',
      clave: ['sucursal', 'codigo'],
      borrarSi: { columna: 'estado', valor: 'BAJA' },
    }
    const { columnas, carga, eliminadas, pasos } = illustrate(estrategia, COLUMNS)
    expect(columnas).toEqual(['sucursal', 'codigo', 'estado', 'precio'])
    expect(carga).toContainEqual(['A', '3', 'BAJA', 'nuevo'])
    expect(eliminadas).toEqual([['A', '3', 'otro', 'antes']])
    expect(endsAs(estrategia)).toEqual([
      'A 1 otro antes: igual',
      'A 2 otro nuevo: actualizada',
      'A 4 otro nuevo: insertada',
    ])
    expect(pasos.join(' ')).toContain('Si «estado» es «BAJA», elimina la fila')
  })

  test('delete by key takes away every row of the key, not one', () => {
    const { eliminadas } = illustrate(
      { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['codigo'] } },
      COLUMNS,
    )
    expect(eliminadas.map(([id]) => id)).toEqual(['2', '2'])
  })

  test('delete by partition takes away what shares a value with the load, sent again or not', () => {
    const estrategia: Estrategia = {
      tipo: 'delete_insert',
      borrar: { por: 'particion', columnas: ['sucursal'] },
    }
    const { columnas, eliminadas } = illustrate(estrategia, COLUMNS)
    expect(columnas.slice(0, 2)).toEqual(['codigo', 'sucursal'])
    expect(eliminadas.map((cells) => cells.slice(0, 2))).toEqual([
      ['2', 'P2'],
      ['3', 'P2'],
    ])
    expect(endsAs(estrategia)[0]).toBe('1 P1 antes: igual')
  })

  test('delete by condition takes away the rows for which it holds', () => {
    const estrategia: Estrategia = {
      tipo: 'delete_insert',
      borrar: {
        por: 'condicion',
        condiciones: [
          { columna: 'estado', operador: 'en', valores: ['ALTA', 'BAJA'] },
          { columna: 'moneda', operador: 'es_nulo', valores: [] },
        ],
      },
    }
    const { columnas, eliminadas, pasos } = illustrate(estrategia, COLUMNS)
    expect(columnas).toEqual(['codigo', 'estado', 'moneda', 'sucursal'])
    expect(eliminadas).toEqual([
      ['2', 'ALTA', 'NULL', 'antes'],
      ['3', 'ALTA', 'NULL', 'antes'],
    ])
    expect(pasos[0]).toBe(
      'Elimina las filas en que «estado» es uno de «ALTA» y «BAJA» y «moneda» está vacío, vengan o no en la carga.',
    )
  })

  test.each([{ tipo: 'truncate_insert' }, { tipo: 'full', conservar: 3 }] as const)(
    '$tipo leaves only the load',
    (estrategia) => {
      const { despues, eliminadas, antes } = illustrate(estrategia, COLUMNS)
      expect(despues.map(({ cambio }) => cambio)).toEqual(['insertada', 'insertada'])
      expect(eliminadas).toEqual(antes)
    },
  )

  test('full says how many earlier loads stay', () => {
    const words = (conservar: number) => illustrate({ tipo: 'full', conservar }, COLUMNS).pasos.join(' ')
    expect(words(0)).toContain('No conserva las cargas anteriores')
    expect(words(3)).toContain('Conserva las 3 cargas anteriores')
  })

  test('every picture is what the contract promises, with one column or thousands', () => {
    const { output } = materializacionOperations['materializaciones.ilustrar']
    const wide = Array.from({ length: 5000 }, (_, n) => `c${n}`)
    for (const columns of [['codigo'], wide, []]) {
      const picture = illustrate({ tipo: 'upsert', clave: ['codigo'] }, columns)
      expect(output.parse(picture)).toEqual(picture)
      expect(picture.columnas.length).toBeLessThanOrEqual(4)
      for (const cells of picture.antes) expect(cells).toHaveLength(picture.columnas.length)
    }
  })
})
