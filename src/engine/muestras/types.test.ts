import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lines, SampleBench } from './sample-bench'

let bench: SampleBench
beforeEach(async () => {
  bench = await SampleBench.open()
})
afterEach(() => bench.close())

describe('types', () => {
  const typeOf = async (values: string[], mark = '|') => {
    const catalog = await bench.one(
      `campo${mark}otro\n${values.map((value) => `${value}${mark}x`).join('\n')}\n`,
    )
    const [column] = catalog.columnas
    return {
      tipo: column?.tipo,
      formato: column?.formato,
      decimal: column?.decimal,
      miles: column?.miles,
      porque: column?.porque,
    }
  }

  it.each([
    [['1', '22', '-3'], 'entero'],
    [['1.0', '22.5', '3'], 'decimal'],
    [['00123', '00456'], 'texto'],
    [['0', '10'], 'entero'],
    [['0.5', '0.75'], 'decimal'],
    [['12345678901234567890', '12345678901234567891'], 'texto'],
    [['9223372036854775807', '1'], 'entero'],
    [['+51987654321', '+51912345678'], 'texto'],
    [['12E5', '13E7'], 'texto'],
    [['true', 'false'], 'booleano'],
    [['Sí', 'no'], 'booleano'],
    [['1', '0'], 'entero'],
    [['2024-01-31', '2024-02-29'], 'fecha'],
    [['2024-01-31 10:00:00', '2024-02-29T11:12:13'], 'fecha'],
    [['2024-01-31', '2024-02-30'], 'texto'],
    [['A1', '2'], 'texto'],
  ])('%j is %s', async (values, tipo) => {
    expect(await typeOf(values)).toMatchObject({ tipo, formato: null, decimal: null, miles: null })
  })

  it.each([
    [['31/01/2024', '01/02/2024'], '%d/%m/%Y'],
    [['01/31/2024', '02/28/2024'], '%m/%d/%Y'],
    [['31-01-2024', '01-02-2024'], '%d-%m-%Y'],
    [['20240131', '20240229'], '%Y%m%d'],
    [['31/01/24', '01/02/24'], '%d/%m/%y'],
    [['31/01/2024 08:30', '01/02/2024 23:59'], '%d/%m/%Y %H:%M'],
    [['2024/01/31', '2024/02/01'], '%Y/%m/%d'],
  ])('%j is a date as %s', async (values, formato) => {
    expect(await typeOf(values)).toMatchObject({ tipo: 'fecha', formato })
  })

  it('warns of days and months that could be swapped', async () => {
    expect((await typeOf(['01/02/2024', '03/04/2024'])).porque).toContain('podría ser mes/día')
  })

  it.each([
    [['1,5', '2,25'], { tipo: 'decimal', decimal: ',', miles: null }],
    [['1.234,50', '12,00'], { tipo: 'decimal', decimal: ',', miles: '.' }],
    [['1,234.50', '12.00'], { tipo: 'decimal', decimal: null, miles: ',' }],
    [['1,234,567', '12,000'], { tipo: 'entero', decimal: null, miles: ',' }],
    [['1.234.567', '12.000'], { tipo: 'entero', decimal: ',', miles: '.' }],
  ])('%j keeps its marks', async (values, wanted) => {
    expect(await typeOf(values)).toMatchObject(wanted)
  })

  it('judges every record, not the first ones, and says what the column nearly is', async () => {
    const far = await bench.one(`id,monto\n${lines(5000, (i) => `${i},${i === 4321 ? 'pendiente' : i}`)}`)
    const monto = far.columnas[1]
    expect(monto?.tipo).toBe('texto')
    expect(monto?.porque).toContain('números enteros')
    expect(monto?.porque).toContain('«pendiente»')
    const zero = await bench.one(`id,cod\n${lines(5000, (i) => `${i},${i === 4999 ? '007' : i + 1}`)}`)
    expect(zero.columnas[1]?.tipo).toBe('texto')
  })

  it('counts nulls, distinct values, the least and the greatest, and finds value sets', async () => {
    const { columnas, claves } = await bench.one(
      `id,estado,fecha,vacia\n${lines(100, (i) => `${i + 1},${['A', 'B'][i % 2]},${i % 4 === 0 ? '' : '2024-05-17'},`)}`,
    )
    expect(columnas[0]).toMatchObject({
      unico: true,
      sinRepetir: true,
      distintos: 100,
      minimo: '1',
      maximo: '100',
      nulos: 0,
    })
    expect(columnas[1]).toMatchObject({ valores: ['A', 'B'], obligatorio: true, unico: false })
    expect(columnas[2]).toMatchObject({ nulos: 0.25, obligatorio: false, minimo: '2024-05-17' })
    expect(columnas[3]).toMatchObject({ nulos: 1, tipo: 'texto' })
    expect(claves).toEqual([['id']])
  })

  it('finds a key of two columns where none is one alone', async () => {
    const { claves } = await bench.one(
      `factura,linea,monto\n${lines(40, (i) => `F${Math.floor(i / 4)},${(i % 4) + 1},1.5`)}`,
    )
    expect(claves).toEqual([['factura', 'linea']])
  })

  it('finds marks that only come after the first records', async () => {
    const late = await bench.one(
      `id|monto|dia\n${lines(3000, (i) => `${i}|${i > 2900 ? '1,234.50' : `${i % 900}.25`}|${i > 2900 ? 15 : 5}/0${(i % 9) + 1}/2026`)}`,
    )
    expect(late.columnas[1]).toMatchObject({ tipo: 'decimal', miles: ',', decimal: null })
    expect(late.columnas[2]).toMatchObject({ tipo: 'fecha', formato: '%d/%m/%Y' })
    expect(late.columnas[2]?.porque).not.toContain('mes/día')
  })

  it('reads padded numbers with trim', async () => {
    const { columnas } = await bench.one(`id;monto\n${lines(10, (i) => `${i};   ${i}.50`)}`)
    expect(columnas[1]).toMatchObject({ tipo: 'decimal', recortar: true })
  })
})
