import type { CasillaRecepcion } from '@shared/model/recepcion'
import { describe, expect, it } from 'vitest'
import { trayText } from './tray-text'

const casilla = (change: Partial<CasillaRecepcion>): CasillaRecepcion => ({
  casillaId: 1,
  estado: 'vigilando',
  motivo: null,
  enCola: 0,
  enCurso: 0,
  cuarentena: 0,
  ultimoArchivoEn: null,
  ...change,
})

describe('what the tray says', () => {
  it.each([
    ['ready', [], { look: 'listo', status: 'Motor listo' }],
    ['ready', [casilla({ enCola: 2, enCurso: 1 })], { look: 'listo', status: '3 archivos en curso' }],
    ['ready', [casilla({ cuarentena: 1 })], { look: 'avisos', status: '1 archivo en cuarentena' }],
    [
      'ready',
      [casilla({ estado: 'sin_acceso' }), casilla({ enCurso: 1, estado: 'sin_acceso' })],
      { look: 'avisos', status: '1 archivo en curso, 2 carpetas sin acceso' },
    ],
    ['degraded', [], { look: 'avisos', status: 'Motor recuperándose' }],
    ['stopped', [casilla({ enCurso: 4 })], { look: 'detenido', status: 'Motor detenido' }],
  ] as const)('%s %#', (state, casillas, said) => {
    expect(trayText(state, casillas)).toEqual(said)
  })
})
