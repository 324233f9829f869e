import { describe, expect, it } from 'vitest'
import { casillaOf } from './casilla.fixture'
import { changeOf, isDirty, problemsOf, valuesOf } from './settings-draft'

const casilla = casillaOf({ carpeta: '/datos/ventas' })
const folder = { token: '00000000-0000-4000-8000-000000000001', path: '/datos/otra' }

describe('settings being changed', () => {
  it('show the draft over what is saved, and are changed only when they differ', () => {
    expect(valuesOf(casilla, { carpeta: folder, sondeo: true })).toMatchObject({
      nombre: 'Ventas',
      carpeta: '/datos/otra',
      sondeo: true,
    })
    expect(valuesOf(casilla, { carpeta: null }).carpeta).toBeNull()
    expect(isDirty(casilla, undefined)).toBe(false)
    expect(isDirty(casilla, { nombre: 'Ventas', sondeo: false })).toBe(false)
    expect(isDirty(casilla, { carpeta: folder })).toBe(true)
  })

  it('ask the engine only for what changed', () => {
    expect(changeOf(casilla, { nombre: ' Ventas norte ', activa: true })).toEqual({
      id: 1,
      nombre: 'Ventas norte',
    })
    expect(changeOf(casilla, { carpeta: folder })).toEqual({ id: 1, carpeta: { token: folder.token } })
    expect(changeOf(casilla, { carpeta: null })).toEqual({ id: 1, carpeta: null })
    expect(changeOf(casilla, { patrones: ['*.csv'], prioridad: 3 })).toEqual({
      id: 1,
      prioridad: 3,
      vigilancia: { ...casilla.vigilancia, patrones: ['*.csv'] },
    })
  })

  it('of a provider ask for it instead of the folder, and back', () => {
    const remoto = { proveedorId: 3, prefijo: 'data/5', alTerminar: 'mover' as const }
    expect(changeOf(casilla, { carpeta: null, origenRemoto: remoto })).toEqual({
      ...{ id: 1, carpeta: null, origenRemoto: remoto },
    })
    const remote = casillaOf({ carpeta: null, origenRemoto: remoto })
    expect(changeOf(remote, { origenRemoto: { ...remoto } })).toEqual({ id: 1 })
    expect(changeOf(remote, { origenRemoto: null, carpeta: folder })).toEqual({
      ...{ id: 1, origenRemoto: null, carpeta: { token: folder.token } },
    })
    const unchosen = valuesOf(casilla, { carpeta: null, origenRemoto: { ...remoto, proveedorId: null } })
    expect(problemsOf(unchosen).map(({ field }) => field)).toEqual(['origenRemoto'])
    expect(problemsOf(valuesOf(remote, { sondeoMs: 1 })).map(({ field }) => field)).toEqual(['sondeoMs'])
  })

  it('say everything that can not be saved', () => {
    const fields = (draft: Parameters<typeof valuesOf>[1]) =>
      problemsOf(valuesOf(casilla, draft)).map(({ field }) => field)
    expect(fields({})).toEqual([])
    expect(
      fields({ nombre: '  ', asentamientoMs: null, prioridad: 11, patrones: ['a'.repeat(256)] }),
    ).toEqual(['nombre', 'asentamientoMs', 'patrones', 'prioridad'])
    expect(fields({ sondeoMs: 1 })).toEqual([])
    expect(fields({ sondeoMs: 1, sondeo: true })).toEqual(['sondeoMs'])
  })
})
