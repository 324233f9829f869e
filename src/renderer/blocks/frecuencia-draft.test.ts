import { frecuenciaSchema } from '@shared/model/frecuencia'
import { translate } from '@shared/text'
import { describe, expect, it } from 'vitest'
import { draftOf, faultOf, frecuenciaOf, frecuenciaText } from './frecuencia-draft'

const text = {
  lang: 'es' as const,
  t: (key: Parameters<typeof translate>[1], params?: Parameters<typeof translate>[2]) =>
    translate('es', key, params),
}

describe('a frequency being edited', () => {
  it.each([
    { tipo: 'diario', hora: '18:00' },
    { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes', 'jueves'] },
    { tipo: 'quincenal', hora: '09:00' },
    { tipo: 'mensual', hora: '10:00', dias_mes: [5, 31] },
    { tipo: 'fin_de_mes', hora: '23:59' },
    { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 },
    // Its hour means nothing.
    { tipo: 'bajo_demanda', hora: '18:00' },
  ])('goes into the form and comes out the same: %j', (value) => {
    const frecuencia = frecuenciaSchema.parse(value)
    const draft = draftOf(frecuencia)
    expect(faultOf(draft)).toBeNull()
    expect(frecuencia).toMatchObject(frecuenciaOf(draft) ?? { tipo: 'none' })
    // What the form gives is what the engine takes.
    const again = frecuenciaSchema.parse(frecuenciaOf(draft))
    if (again.tipo === 'bajo_demanda') expect(frecuencia.tipo).toBe('bajo_demanda')
    else expect(again).toEqual(frecuencia)
  })

  it('may be none, and says what it lacks', () => {
    const draft = draftOf(null)
    expect([faultOf(draft), frecuenciaOf(draft)]).toEqual([null, null])
    expect(faultOf({ ...draft, tipo: 'diario', hora: '24:00' })).toBe('hora')
    expect(faultOf({ ...draft, tipo: 'semanal', diasSemana: [] })).toBe('diasSemana')
    expect(faultOf({ ...draft, tipo: 'mensual', diasMes: [] })).toBe('diasMes')
    expect(faultOf({ ...draft, tipo: 'hasta_dia_n', limite: 32 })).toBe('limite')
    expect(faultOf({ ...draft, tipo: 'bajo_demanda', hora: '' })).toBeNull()
  })

  it('keeps days in order whatever the order of the clicks', () => {
    const draft = draftOf(null)
    expect(frecuenciaOf({ ...draft, tipo: 'semanal', diasSemana: ['domingo', 'lunes'] })).toMatchObject({
      dias_semana: ['lunes', 'domingo'],
    })
    expect(frecuenciaOf({ ...draft, tipo: 'mensual', diasMes: [15, 2] })).toMatchObject({ dias_mes: [2, 15] })
  })

  it('is told in a few words', () => {
    const say = (value: unknown): string => frecuenciaText(text, frecuenciaSchema.parse(value))
    expect(say({ tipo: 'diario', hora: '18:00' })).toBe('Cada día, 18:00')
    expect(say({ tipo: 'semanal', hora: '08:00', dias_semana: ['lunes', 'miércoles', 'sábado'] })).toBe(
      'lunes, miércoles y sábado, 08:00',
    )
    expect(say({ tipo: 'mensual', hora: '10:00', dias_mes: [5, 20] })).toBe('Días 5 y 20 de cada mes, 10:00')
    expect(say({ tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 })).toBe(
      'Hasta el día 10 de cada mes, 12:00',
    )
    expect(say({ tipo: 'bajo_demanda' })).toBe('Bajo demanda')
  })
})
