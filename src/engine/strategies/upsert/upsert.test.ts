import { expect, it } from 'vitest'
import { planOf, problemsOf } from '../plan.fixture'

it('updates what differs, then inserts what is missing, once no key is repeated', () => {
  const { check, clear, write, exclusive } = planOf({ tipo: 'upsert', clave: ['id'] })
  expect(check).toEqual([
    'filas: SELECT count(*) FROM etapa',
    'repetidas: SELECT s._sage_registro, s.id FROM etapa s JOIN (SELECT id FROM etapa GROUP BY id HAVING count(*) > 1) r ON r.id = s.id ORDER BY s._sage_registro LIMIT 21',
  ])
  expect(clear).toEqual([])
  expect(write).toEqual([
    'UPDATE e.ventas AS t SET canal = s.canal, monto = s.monto FROM etapa AS s WHERE t.id = s.id AND (NOT (t.canal IS NOT DISTINCT FROM s.canal) OR NOT (t.monto IS NOT DISTINCT FROM s.monto)) → actualizadas',
    'INSERT INTO e.ventas (id, canal, monto) SELECT s.id, s.canal, s.monto FROM etapa AS s WHERE NOT EXISTS (SELECT 1 FROM e.ventas AS t WHERE t.id = s.id) → insertadas',
  ])
  expect(exclusive).toBe(true)
})

it('with a delete mark deletes what is marked before, and writes only what is not; the mark is bound', () => {
  const { clear, write } = planOf({
    ...{ tipo: 'upsert', clave: ['id', 'canal'] },
    borrarSi: { columna: 'monto', valor: '0' },
  })
  expect(clear).toEqual([
    'DELETE FROM e.ventas AS t WHERE EXISTS (SELECT 1 FROM etapa AS s WHERE t.id = s.id AND t.canal = s.canal AND s.monto = ?1:entero) [0] → eliminadas',
  ])
  for (const step of write) expect(step).toContain('AND NOT (s.monto IS NOT DISTINCT FROM ?1:entero) [0]')
})

it('is refused without its key in the mapping, or with a mark of another type', () => {
  expect(problemsOf({ tipo: 'upsert', clave: ['id', 'otra', 'id'] })).toEqual([
    'CLAVE_SIN_ASIGNAR otra',
    'CLAVE_DOS_VECES id',
  ])
  expect(
    problemsOf({ tipo: 'upsert', clave: ['id'], borrarSi: { columna: 'monto', valor: 'baja' } }),
  ).toEqual(['VALOR_DE_OTRO_TIPO monto'])
})
