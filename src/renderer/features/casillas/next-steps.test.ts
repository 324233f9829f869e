import type { CasillaRecepcion } from '@shared/model/recepcion'
import { expect, it } from 'vitest'
import { casillaOf as casilla } from './casilla.fixture'
import { needsAttention, nextSteps } from './next-steps'

const recepcion = (change: Partial<CasillaRecepcion> = {}): CasillaRecepcion => ({
  casillaId: 1,
  estado: 'vigilando',
  motivo: null,
  enCola: 0,
  enCurso: 0,
  cuarentena: 0,
  ultimoArchivoEn: null,
  ...change,
})
const kinds = (...args: Parameters<typeof nextSteps>) => nextSteps(...args).map(({ kind }) => kind)

it('says that nothing is pending, and how the next file comes', () => {
  expect(kinds(casilla(), recepcion())).toEqual(['ok'])
  expect(kinds(casilla({ carpeta: null }), recepcion({ estado: 'sin_carpeta' }))).toEqual([
    'okManual',
    'sin_carpeta',
  ])
  expect(kinds(casilla({ carpeta: null, ultimaEjecucion: null }), undefined)).toEqual([
    'primera',
    'sin_carpeta',
  ])
})

it('puts first what stops it, then what a person has to mend', () => {
  const failed = casilla({
    ultimaEjecucion: { id: 'a', estado: 'Fallido', fase: 'terminada', terminadaEn: null },
    puntualidad: { ...casilla().puntualidad, estado: 'atrasado', minutosTarde: 90 },
    pausadaEn: '2026-11-03T12:00:00Z',
  })
  expect(kinds(failed, recepcion({ estado: 'sin_acceso', cuarentena: 2 }))).toEqual([
    'sin_acceso',
    'cuarentena',
    'atrasado',
    'rechazado',
    'pausada',
  ])
  expect(kinds(casilla({ activa: false }), recepcion({ estado: 'inactiva' }))).toEqual(['inactiva'])
})

it('tells what needs a person apart from what is only so', () => {
  expect(needsAttention(casilla({ pausadaEn: '2026-11-03T12:00:00Z' }), recepcion())).toBe(false)
  expect(needsAttention(casilla({ carpeta: null }), undefined)).toBe(false)
  expect(needsAttention(casilla(), recepcion({ cuarentena: 1 }))).toBe(true)
})
