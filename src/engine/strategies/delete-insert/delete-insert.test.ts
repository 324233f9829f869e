import type { Condicion } from '@shared/model/materializacion'
import { expect, it } from 'vitest'
import { planOf, problemsOf } from '../plan.fixture'

const by = (...condiciones: Condicion[]) =>
  ({ tipo: 'delete_insert', borrar: { por: 'condicion', condiciones } }) as const

it('by key deletes what the load brings, once no key is repeated', () => {
  const plan = planOf({ tipo: 'delete_insert', borrar: { por: 'clave', clave: ['id'] } })
  expect(plan.check.map((step) => step.split(':')[0])).toEqual(['filas', 'repetidas'])
  expect(plan.clear).toEqual([
    'DELETE FROM e.ventas AS t WHERE EXISTS (SELECT 1 FROM etapa AS s WHERE t.id = s.id) → eliminadas',
  ])
  expect(plan.write).toEqual([
    'INSERT INTO e.ventas (id, canal, monto) SELECT id, canal, monto FROM etapa → insertadas',
  ])
})

it('by partitions deletes those without a value apart, and repeats are no fault', () => {
  const plan = planOf({ tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['canal'] } })
  expect(plan.check).toHaveLength(1)
  expect(plan.clear).toHaveLength(2)
  expect(plan.clear[1]).toBe(
    'DELETE FROM e.ventas WHERE (canal IS NULL) AND EXISTS (SELECT 1 FROM (SELECT DISTINCT canal FROM etapa WHERE canal IS NULL) s WHERE e.ventas.canal IS NOT DISTINCT FROM s.canal) → eliminadas',
  )
})

it('by condition needs no stage, and binds every value as its column', () => {
  const plan = planOf(
    by(
      { columna: 'canal', operador: 'en', valores: ['A', "B' OR 1=1"] },
      { columna: 'monto', operador: '>=', valores: ['10'] },
      { columna: 'id', operador: 'no_es_nulo', valores: [] },
    ),
  )
  expect(plan.stage).toEqual([])
  expect(plan.clear).toEqual([
    "DELETE FROM e.ventas WHERE canal IN (?1:texto, ?2:texto) AND monto >= ?3:entero AND id IS NOT NULL [A, B' OR 1=1, 10] → eliminadas",
  ])
  expect(plan.write).toEqual(['load ventas → insertadas'])
})

it('is refused when a condition lacks its values or its column', () => {
  expect(
    problemsOf(
      by(
        { columna: 'canal', operador: 'en', valores: [] },
        { columna: 'monto', operador: '=', valores: ['1', '2'] },
        { columna: 'monto', operador: '<', valores: ['diez'] },
        { columna: 'nada', operador: 'es_nulo', valores: [] },
      ),
    ),
  ).toEqual([
    'CONDICION_SIN_VALOR canal',
    'CONDICION_SIN_VALOR monto',
    'VALOR_DE_OTRO_TIPO monto',
    'CLAVE_SIN_ASIGNAR nada',
  ])
})
