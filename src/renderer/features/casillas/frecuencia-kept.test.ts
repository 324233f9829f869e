import { expect, it } from 'vitest'
import { casillaOf } from './casilla.fixture'
import { frecuenciasKept, isFrecuenciaDirty, keepFrecuencia, savedFrecuencia } from './frecuencia-kept'

it('a frequency that was not saved waits for the person, until it is as saved again', () => {
  const casilla = casillaOf({ frecuencia: { tipo: 'diario', hora: '18:00' } })
  const saved = savedFrecuencia(casilla)
  const kept = () => frecuenciasKept.get().get(casilla.id)
  expect(isFrecuenciaDirty(casilla, kept())).toBe(false)
  keepFrecuencia(casilla.id, { ...saved, zona: 'UTC' })
  expect([isFrecuenciaDirty(casilla, kept()), kept()?.zona]).toEqual([true, 'UTC'])
  // What one kind does not use makes no difference; what can not be saved does.
  keepFrecuencia(casilla.id, { ...saved, draft: { ...saved.draft, limite: 3 } })
  expect(isFrecuenciaDirty(casilla, kept())).toBe(false)
  keepFrecuencia(casilla.id, { ...saved, draft: { ...saved.draft, hora: '' } })
  expect(isFrecuenciaDirty(casilla, kept())).toBe(true)
  keepFrecuencia(casilla.id, null)
  expect(kept()).toBeUndefined()
})
