import { expect, it } from 'vitest'
import { planOf } from '../plan.fixture'

it('replaces all rows without taking the table from its readers', () => {
  const plan = planOf({ tipo: 'full', conservar: 0 })
  expect(plan.clear).toEqual(['SELECT count(*) FROM e.ventas → eliminadas', 'DELETE FROM e.ventas'])
  expect(plan.write).toEqual(['load ventas → insertadas'])
})

it('keeps what it replaces under the load that wrote it, and no more loads than it is told', () => {
  const [keep, prune] = planOf({ tipo: 'full', conservar: 3 }).clear
  expect(keep).toBe(
    "INSERT INTO e.ventas__cargas (_sage_carga, _sage_reemplazada_en, id, canal, monto) SELECT COALESCE((SELECT max(carga) FROM e._sage_cargas WHERE tabla = ?1:texto AND vigente = 1), '00000000-0000-0000-0000-000000000000'), ?2:fecha_hora, id, canal, monto FROM e.ventas [e.ventas, 2026-01-31T00:00:00.000Z]",
  )
  expect(prune).toContain('DELETE FROM e.ventas__cargas WHERE _sage_reemplazada_en NOT IN (SELECT r.en FROM')
  expect(prune).toContain('r.puesto <= 3)')
})
