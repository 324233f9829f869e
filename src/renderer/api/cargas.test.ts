import type { Carga } from '@shared/model/materializacion'
import { afterEach, expect, test } from 'vitest'
import {
  cargaProgressStore,
  cargaTaskStore,
  dismissCarga,
  onCargaChanged,
  onCargaProgress,
  watchCargas,
} from './cargas'

const carga = (id: string, estado: Carga['estado']): Carga => ({
  id,
  materializacionId: 1,
  materializacionNombre: 'Ventas',
  casillaId: 1,
  casillaNombre: 'Ventas',
  destinoId: 0,
  destinoNombre: 'Datos de la consola',
  executionId: 'e',
  archivo: 'ventas.csv',
  estado,
  intentos: 1,
  proximoIntento: null,
  retenidaPor: null,
  repetida: false,
  totales: { leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 },
  bytes: 0,
  tablas: [],
  error: null,
  creadaEn: '2026-11-25T10:00:00Z',
  iniciadaEn: null,
  terminadaEn: null,
})
const listed = () => cargaTaskStore.get().map(({ id, estado }) => `${id} ${estado}`)

afterEach(() => {
  for (const { id } of cargaTaskStore.get()) dismissCarga(id)
})

test('a load that ends well by itself leaves; one that fails, or that a person asked for, stays', () => {
  watchCargas(['pedida'])
  for (const id of ['sola', 'fallida', 'pedida']) onCargaChanged(carga(id, 'en_proceso'))
  onCargaChanged(carga('sola', 'completado'))
  onCargaChanged(carga('fallida', 'error'))
  onCargaChanged(carga('pedida', 'completado'))
  expect(listed()).toEqual(['pedida completado', 'fallida error'])
})

test('its progress is forgotten when it ends', () => {
  onCargaChanged(carga('a', 'en_proceso'))
  onCargaProgress({
    cargaId: 'a',
    materializacionId: 1,
    executionId: 'e',
    paso: 'enviar',
    tabla: 'ventas',
    hechas: 10,
    total: 100,
    bytes: 0,
    ms: 5,
  })
  expect(cargaProgressStore.get().get('a')?.hechas).toBe(10)
  onCargaChanged(carga('a', 'completado'))
  expect(cargaProgressStore.get().has('a')).toBe(false)
  expect(listed()).toEqual([])
})
