import { expect, it } from 'vitest'
import { planOf } from '../plan.fixture'

it('loads straight into the table where the bulk load is part of the transaction, and lets others write', () => {
  expect(planOf({ tipo: 'append' })).toEqual({
    ...{ stage: [], check: [], clear: [], drop: [], exclusive: false },
    write: ['load ventas → insertadas'],
  })
})

it('goes by a stage where it is not', () => {
  expect(planOf({ tipo: 'append' }, { cargaTransaccional: false })).toEqual({
    stage: [
      'CREATE TEMPORARY TABLE etapa AS SELECT id, canal, monto, CAST(NULL AS BIGINT) AS _sage_registro FROM e.ventas WHERE 1 = 0',
      'load etapa numbered',
    ],
    check: ['filas: SELECT count(*) FROM etapa'],
    clear: [],
    write: ['INSERT INTO e.ventas (id, canal, monto) SELECT id, canal, monto FROM etapa → insertadas'],
    drop: ['DROP TABLE IF EXISTS etapa'],
    exclusive: false,
  })
})
