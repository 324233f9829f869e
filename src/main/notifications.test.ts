import type { ArchivoRecibido } from '@shared/model/recepcion'
import { describe, expect, it } from 'vitest'
import { type Notice, noticeOf, RefusedFiles } from './notifications'

const archivo = (id: number, change: Partial<ArchivoRecibido> = {}): ArchivoRecibido => ({
  id,
  casillaId: 7,
  casillaNombre: 'Ventas',
  emisorId: null,
  emisorNombre: null,
  metodo: 'local',
  nombre: `ventas-${id}.csv`,
  bytes: 10,
  sha256: null,
  estado: 'terminado',
  desenlace: 'rechazado',
  motivo: '3 errores',
  intentos: 1,
  proximoIntento: null,
  executionId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  duplicadoDe: null,
  detectadoEn: '2026-11-25T10:00:00Z',
  terminadoEn: '2026-11-25T10:00:05Z',
  ...change,
})

function watching(enabled = true) {
  const shown: Notice[] = []
  let now = 0
  const refused = new RefusedFiles(
    (notice) => shown.push(notice),
    () => enabled,
    () => now,
  )
  return {
    shown,
    refused,
    pass: (ms: number) => {
      now += ms
    },
  }
}

describe('notices of refused files', () => {
  it('name the file, the casilla and the reason, and lead to the execution', () => {
    expect(noticeOf(archivo(1))).toEqual({
      title: 'Archivo rechazado',
      body: 'ventas-1.csv en Ventas: 3 errores',
      route: '/ejecuciones/6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
    })
    expect(noticeOf(archivo(1, { desenlace: 'error', executionId: null }))?.route).toBe(
      '/casillas/7/recepcion?archivo=1',
    )
    expect(noticeOf(archivo(2, { desenlace: 'error', estado: 'cuarentena' }))?.route).toBe(
      '/casillas/7/recepcion?archivo=2',
    )
  })

  it('say nothing of what went well, waits or was told already', () => {
    const { shown, refused } = watching()
    for (const desenlace of ['aceptado', 'duplicado', 'parcial', null] as const)
      refused.event('recepcion.archivo', archivo(1, { desenlace }))
    refused.event('execution.changed', archivo(2))
    refused.event('recepcion.archivo', { nombre: 'no es un archivo' })
    expect(shown).toEqual([])
    refused.event('recepcion.archivo', archivo(3))
    refused.event('recepcion.archivo', archivo(3))
    expect(shown).toHaveLength(1)
  })

  it('are summed when too many come at once', () => {
    const { shown, refused, pass } = watching()
    for (let id = 1; id <= 50; id++) refused.event('recepcion.archivo', archivo(id))
    expect(shown).toHaveLength(3)
    refused.sum()
    expect(shown.at(-1)?.title).toBe('47 archivos rechazados más')
    pass(61_000)
    refused.event('recepcion.archivo', archivo(51))
    expect(shown).toHaveLength(5)
  })

  it('stay quiet when the person turned them off', () => {
    const { shown, refused } = watching(false)
    refused.event('recepcion.archivo', archivo(1))
    expect(shown).toEqual([])
  })
})
