import type { TipoColumna } from '@shared/model/materializacion'
import { expect, it } from 'vitest'
import { readConstant } from './constant'

const told = (tipo: TipoColumna, valor: string): string => {
  const read = readConstant(tipo, valor)
  return read.ok ? read.texto : `✗ ${read.razon}`
}
const decimal: TipoColumna = { tipo: 'decimal', precision: 5, escala: 2 }

it.each<[TipoColumna, string, string]>([
  [{ tipo: 'texto' }, '', ''],
  [{ tipo: 'texto', largo: 2 }, '😀😀', '😀😀'],
  [{ tipo: 'texto', largo: 2 }, 'abc', '✗ tiene 3 caracteres y la columna admite 2'],
  [{ tipo: 'entero' }, '+0012', '12'],
  [{ tipo: 'entero' }, '-9223372036854775808', '-9223372036854775808'],
  [{ tipo: 'entero' }, '9223372036854775808', '✗ no cabe en un entero de 64 bits'],
  [{ tipo: 'entero' }, '1.0', '✗ no es un número entero'],
  [decimal, '-012.50', '-12.5'],
  [decimal, '0.00', '0'],
  [decimal, '1234', '✗ no cabe en decimal(5,2)'],
  [decimal, '1.255', '✗ no cabe en decimal(5,2)'],
  [{ tipo: 'doble' }, '1e5', '1e5'],
  [{ tipo: 'doble' }, '1e999', '✗ no es un número'],
  [{ tipo: 'booleano' }, 'Sí', 'true'],
  [{ tipo: 'booleano' }, 'quizás', '✗ no es verdadero ni falso'],
  [{ tipo: 'fecha' }, '2024-02-29', '2024-02-29'],
  [{ tipo: 'fecha' }, '2025-02-29', '✗ no es una fecha AAAA-MM-DD'],
  [{ tipo: 'fecha_hora', zona: false }, '2025-01-31T08:30', '2025-01-31 08:30'],
  [{ tipo: 'fecha_hora', zona: false }, '2025-01-31', '2025-01-31 00:00:00'],
  [
    { tipo: 'fecha_hora', zona: false },
    '2025-01-31 08:30Z',
    '✗ trae zona y la columna guarda la hora tal como se escribe',
  ],
  [{ tipo: 'fecha_hora', zona: true }, '2025-01-31 08:30:00Z', '2025-01-31 08:30:00+00'],
  [{ tipo: 'fecha_hora', zona: true }, '2025-01-31 08:30:00-05:00', '2025-01-31 08:30:00-05:00'],
])('%o of %s', (tipo, valor, expected) => {
  expect(told(tipo, valor)).toBe(expected)
})
