import type { Ejecucion, Estado } from '@shared/model/execution'
import { expect, it } from 'vitest'
import { countByDay, firstDay, localDay } from './by-day'

const row = (creadaEn: Date, estado: Estado | null): Ejecucion => ({
  id: 'x',
  casillaId: 1,
  casillaNombre: null,
  yamlVersion: 1,
  nombreYaml: '',
  archivo: '',
  bytes: 0,
  sha256: null,
  fase: 'terminada',
  estado,
  registros: 0,
  errores: 0,
  warnings: 0,
  metodoEnvio: 'consola',
  emisorId: null,
  emisorNombre: null,
  creadaEn: creadaEn.toISOString(),
  iniciadaEn: null,
  terminadaEn: null,
  error: null,
})

it('counts per local day, empty days included, outcomes apart', () => {
  const now = new Date(2025, 10, 2, 9)
  const counts = countByDay(
    [
      row(new Date(2025, 10, 2, 0, 1), 'Fallido'),
      row(new Date(2025, 10, 1, 23, 59), 'Éxito'),
      row(new Date(2025, 10, 1, 8), 'Éxito'),
      row(new Date(2025, 9, 31, 8), null),
      row(new Date(2025, 9, 1), 'Parcial'),
    ],
    now,
    3,
  )
  expect(counts.map((count) => [count.day, count.Éxito, count.Parcial, count.Fallido])).toEqual([
    ['2025-10-31', 0, 0, 0],
    ['2025-11-01', 2, 0, 0],
    ['2025-11-02', 0, 0, 1],
  ])
  expect(localDay(firstDay(now, 3))).toBe('2025-10-31')
})
