import { describe, expect, it } from 'vitest'
import { matchEntries } from '..'

const ventas = { catalog: 'ventas', filename: 'ventas.csv' }
const clientes = { catalog: 'clientes', filename: 'clientes.csv' }

describe('matching entries to catalogs', () => {
  it('takes exact names first and leaves the rest as extra', () => {
    const result = matchEntries(['ventas.csv', 'VENTAS.CSV', 'clientes.csv', 'leeme.txt'], [ventas, clientes])
    expect(Object.fromEntries(result.matched)).toEqual({ ventas: ['ventas.csv'], clientes: ['clientes.csv'] })
    expect(result).toMatchObject({
      inexact: [],
      missing: [],
      ambiguous: [],
      extra: ['VENTAS.CSV', 'leeme.txt'],
    })
  })

  it('takes another case or accents, and says so; two candidates are never guessed', () => {
    const wanted = [ventas, { catalog: 'dev', filename: 'devolución.csv' }]
    const result = matchEntries(['Ventas.CSV', 'DEVOLUCION.csv'], wanted)
    expect(result.matched.get('dev')).toEqual(['DEVOLUCION.csv'])
    expect(result.inexact.map((one) => one.entry)).toEqual(['Ventas.CSV', 'DEVOLUCION.csv'])
    const two = matchEntries(['Ventas.csv', 'VENTAS.csv'], [ventas, clientes])
    expect(two.ambiguous).toEqual([{ ...ventas, entries: ['Ventas.csv', 'VENTAS.csv'] }])
    expect(two.missing).toEqual([clientes])
    expect(two.matched.size).toBe(0)
  })

  it('sees through the folder that wraps everything and what systems add', () => {
    const entries = [
      'envío/2026/ventas.csv',
      'envío/2026/clientes.csv',
      '__MACOSX/envío/._ventas.csv',
      'envío/.DS_Store',
    ]
    const result = matchEntries(entries, [ventas, clientes])
    expect(result.matched.get('ventas')).toEqual(['envío/2026/ventas.csv'])
    expect(result).toMatchObject({ inexact: [], extra: [], missing: [] })
  })

  it('a name alone inside one of several folders is found, and said', () => {
    const result = matchEntries(['a/ventas.csv', 'b/clientes.csv'], [ventas, clientes])
    expect(result.matched.get('clientes')).toEqual(['b/clientes.csv'])
    expect(result.inexact).toHaveLength(2)
  })

  it('the same letters composed or not are the same name', () => {
    const wanted = [{ catalog: 'a', filename: 'año.csv'.normalize('NFC') }]
    expect(matchEntries(['año.csv'.normalize('NFD')], wanted).inexact).toEqual([])
  })

  it('a pattern takes every file it fits that no plain name claims', () => {
    const wanted = [
      { catalog: 'todas', filename: 'ventas_*.csv' },
      { catalog: 'enero', filename: 'ventas_01.csv' },
      { catalog: 'nada', filename: 'x*y*z.csv' },
    ]
    const result = matchEntries(
      ['d/ventas_03.csv', 'd/ventas_01.csv', 'd/VENTAS_02.csv', 'd/ventas.csv'],
      wanted,
    )
    expect(result.matched.get('todas')).toEqual(['d/VENTAS_02.csv', 'd/ventas_03.csv'])
    expect(result.matched.get('enero')).toEqual(['d/ventas_01.csv'])
    expect(result.inexact.map((one) => one.entry)).toEqual(['d/VENTAS_02.csv'])
    expect(result.missing.map((one) => one.catalog)).toEqual(['nada'])
    expect(result.extra).toEqual(['d/ventas.csv'])
  })

  it('a pattern that fits nothing where it stands is looked for inside the folders', () => {
    const wanted = [{ catalog: 'ventas', filename: 'ventas_*.csv' }]
    const result = matchEntries(['sur/ventas_2.csv', 'norte/ventas_1.csv', 'norte/leeme.txt'], wanted)
    expect(result.matched.get('ventas')).toEqual(['norte/ventas_1.csv', 'sur/ventas_2.csv'])
    expect(result.inexact).toHaveLength(2)
    expect(matchEntries(['ventas_1.csv', 'norte/ventas_2.csv'], wanted).extra).toEqual(['norte/ventas_2.csv'])
  })

  it('many stars cost nothing', () => {
    const filename = `${'*a'.repeat(200)}b.csv`
    const result = matchEntries([`${'a'.repeat(5000)}.csv`], [{ catalog: 'x', filename }])
    expect(result.missing).toHaveLength(1)
  })
})
