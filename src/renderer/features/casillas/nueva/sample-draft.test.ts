import type { MuestraInferida } from '@shared/model/muestra'
import { describe, expect, it } from 'vitest'
import {
  mergeSchema,
  nameFaults,
  numberForms,
  schemaOf,
  withColumn,
  withCorrection,
  withName,
  withType,
} from './sample-draft'

const columna = (nombre: string) => ({
  nombre,
  tipo: 'texto' as const,
  formato: null,
  decimal: null,
  miles: null,
  recortar: false,
  obligatorio: true,
  unico: false,
  nulos: 0,
  distintos: 2,
  distintosExactos: true,
  sinRepetir: false,
  ejemplos: ['a'],
  valores: ['a', 'b'],
  minimo: 'a',
  maximo: 'b',
  porque: '',
})

const muestra = (encabezado = true): MuestraInferida => ({
  nombre: 'Envio',
  archivo: 'envio.zip',
  empaquetado: 'ZIP',
  avisos: [],
  relaciones: [],
  catalogos: ['ventas', 'clientes'].map((id) => ({
    id,
    nombre: id,
    origen: `${id}.csv`,
    archivo: `${id}.csv`,
    formato: 'CSV' as const,
    delimitador: ',',
    hoja: null,
    hojas: [],
    codificacion: 'utf-8',
    decision: {
      encabezado: id === 'ventas' ? encabezado : true,
      seguridad: 'alta' as const,
      razones: [],
      primeraFila: [],
    },
    registros: 2,
    columnas: [columna('a'), columna('b')],
    claves: [],
    filas: [],
    avisos: [],
  })),
})

describe('a proposal under correction', () => {
  it('starts without any suggested rule', () => {
    const esquema = schemaOf(muestra())
    expect(esquema.relaciones).toEqual([])
    expect(esquema.catalogos[0]?.columnas.map((c) => c.valores)).toEqual([null, null])
  })

  it('keeps what was edited in the files that are still read the same way', () => {
    const esquema = schemaOf(muestra())
    const edited = {
      ...esquema,
      catalogos: esquema.catalogos.map((catalogo) => withColumn(catalogo, 0, { unico: true })),
      relaciones: [
        { desde: { catalogo: 'ventas', columna: 'zz' }, hacia: { catalogo: 'clientes', columna: 'a' } },
      ],
    }
    const merged = mergeSchema(edited, muestra(false))
    expect(merged.catalogos.map((c) => [c.id, c.encabezado, c.columnas[0]?.unico])).toEqual([
      ['ventas', false, false],
      ['clientes', true, true],
    ])
    expect(merged.relaciones).toEqual([])
  })

  it('adds one correction to those of the same file', () => {
    const first = withCorrection([], 'v.csv', { encabezado: false })
    expect(withCorrection(first, 'v.csv', { delimitador: ';' })).toEqual([
      { origen: 'v.csv', encabezado: false, delimitador: ';' },
    ])
  })

  it('drops the form of the type a column no longer has, and the list of values', () => {
    const base = { ...columna('x'), formato: '%d/%m/%Y', valores: ['a'] }
    expect(withType(base, 'decimal')).toMatchObject({ tipo: 'decimal', formato: null, valores: null })
    expect(withType({ ...base, tipo: 'decimal', decimal: ',' }, 'fecha')).toMatchObject({ decimal: null })
  })

  it('renames a column in the relations too, and sees names that can not be', () => {
    const esquema = {
      ...schemaOf(muestra()),
      relaciones: [
        { desde: { catalogo: 'ventas', columna: 'a' }, hacia: { catalogo: 'clientes', columna: 'a' } },
      ],
    }
    const renamed = withName(esquema, 'ventas', 0, 'cliente')
    expect(renamed.relaciones[0]).toEqual({
      desde: { catalogo: 'ventas', columna: 'cliente' },
      hacia: { catalogo: 'clientes', columna: 'a' },
    })
    expect([...nameFaults([{ nombre: 'a' }, { nombre: ' ' }, { nombre: 'a' }])]).toEqual([1, 2])
  })

  it('offers a whole number each form once, its own among them', () => {
    const base = { ...columna('n'), tipo: 'entero' as const, valores: null }
    expect(numberForms(base).map(({ example }) => example)).toEqual(['1234', '1,234', '1.234', '1 234'])
    const own = numberForms({ ...base, decimal: ',', miles: ' ' })
    expect(own.map(({ id }) => id)).toEqual(['plain', 'milesComa', 'milesPunto', 'milesEspacioComa'])
    expect(numberForms({ ...base, tipo: 'decimal' })).toHaveLength(6)
  })
})
