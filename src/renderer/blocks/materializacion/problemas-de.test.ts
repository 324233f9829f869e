import { expect, test } from 'vitest'
import { problemasDe } from './problemas-de'

const error = (details: Record<string, unknown>) =>
  problemasDe({ code: 'MATERIALIZACION_INVALIDA', kind: 'input', message: 'x', retryable: false, details })

test('the problems of an error are told one by one; what is not one is left out', () => {
  const whole = {
    severidad: 'aviso',
    codigo: 'TIPO_NO_CABE',
    tabla: 1,
    columna: 'importe',
    mensaje: 'No cabe.',
    sugerencia: 'Ampliar.',
  }
  expect(error({ problemas: [whole, null, { mensaje: 3 }, { mensaje: 'Falta la tabla.' }] })).toEqual([
    whole,
    {
      severidad: 'error',
      codigo: '',
      tabla: null,
      columna: null,
      mensaje: 'Falta la tabla.',
      sugerencia: null,
    },
  ])
  for (const details of [{}, { problemas: 'x' }]) expect(error(details)).toEqual([])
})
