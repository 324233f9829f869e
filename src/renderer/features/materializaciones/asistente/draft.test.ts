import { type Estrategia, materializacionConfigSchema } from '@shared/model/materializacion'
import { describe, expect, test } from 'vitest'
import { materializacion } from '../../../blocks/materializacion/materializacion.fixture'
import {
  configOf,
  emptyDraft,
  freeColumn,
  isChanged,
  isProposed,
  type MatDraft,
  matDraftOf,
  movedItem,
  withColumnName,
  withEstrategia,
  withKey,
  withProposal,
  withTipo,
} from './draft'
import { faultsOf, placeOf, strategyFault } from './faults'

const row = materializacion()
const [tabla] = row.config.tablas
if (!tabla) throw new Error('the fixture has a table')
const draft = (part: Partial<MatDraft> = {}): MatDraft => ({ ...matDraftOf(row), ...part })

describe('a draft', () => {
  test('of what is saved asks for exactly what is saved', () => {
    const scheduled = materializacion({
      config: {
        ...row.config,
        tablas: [{ ...tabla, filtro: "df['codigo'] != 'X'" }],
        cuando: {
          tipo: 'programada',
          frecuencia: { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes'] },
        },
        maxIntentos: 3,
      },
    })
    expect(materializacionConfigSchema.parse(configOf(matDraftOf(scheduled)))).toEqual(scheduled.config)
    expect(isChanged(matDraftOf(scheduled), matDraftOf(scheduled))).toBe(false)
    expect(isChanged({ ...matDraftOf(scheduled), step: 4 }, matDraftOf(scheduled))).toBe(false)
  })

  test('an empty filter is none, and another kind of date leaves no frequency behind', () => {
    const config = configOf(draft({ filtros: { ventas: '  ' }, cuando: 'manual' }))
    expect(config.tablas[0]?.filtro).toBeNull()
    expect(config.cuando).toEqual({ tipo: 'manual' })
  })

  test('keeps what was corrected when catalogs come or go, and begins anew for another destination', () => {
    const mine = { ...tabla, tabla: 'mis_ventas' }
    const proposed = [tabla, { ...tabla, catalogo: 'clientes', tabla: 'clientes' }]
    const begun = draft({ tablas: [mine], catalogos: ['clientes', 'ventas'] })
    expect(isProposed(begun)).toBe(false)
    const both = { ...begun, ...withProposal(begun, proposed) }
    expect(both.tablas.map((one) => one.tabla)).toEqual(['clientes', 'mis_ventas'])
    expect(isProposed(both)).toBe(true)
    const elsewhere = { ...both, destinoId: 9 }
    expect(isProposed(elsewhere)).toBe(false)
    expect(withProposal(elsewhere, proposed).tablas.map((one) => one.tabla)).toEqual(['clientes', 'ventas'])
  })
})

describe('columns', () => {
  test('a renamed column is followed by what names it', () => {
    const keyed = {
      ...tabla,
      estrategia: { tipo: 'upsert', clave: ['codigo'], borrarSi: { columna: 'codigo', valor: 'X' } } as const,
      indices: [{ columnas: ['codigo'], unico: false }],
    }
    const next = withColumnName(
      { ...keyed, estrategia: { ...keyed.estrategia, clave: ['codigo'] } },
      0,
      'sku',
    )
    expect(next.columnas[0]?.nombre).toBe('sku')
    expect(next.estrategia).toEqual({
      tipo: 'upsert',
      clave: ['sku'],
      borrarSi: { columna: 'sku', valor: 'X' },
    })
    expect(next.indices[0]?.columnas).toEqual(['sku'])
  })

  test('move, and get a name that is free', () => {
    expect(movedItem(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(movedItem(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(freeColumn(tabla.columnas, 'Codigo')).toBe('Codigo_2')
  })

  test('keep the digits they had while their type stays', () => {
    const money = { tipo: 'decimal', precision: 12, escala: 4 } as const
    expect(withTipo(money, 'decimal')).toBe(money)
    expect(withTipo({ tipo: 'texto', largo: 8 }, 'fecha_hora')).toEqual({ tipo: 'fecha_hora', zona: false })
  })
})

describe('what is missing', () => {
  test('is told step by step, each with where it is mended', () => {
    const found = faultsOf({ ...emptyDraft(null), maxIntentos: 0 })
    expect(found.map(({ step, key }) => [step, key])).toEqual([
      ['fuente', 'mat.fault.casilla'],
      ['destino', 'mat.fault.destino'],
      ['mapeo', 'mat.fault.tablas'],
      ['cuando', 'form.nameRequired'],
      ['cuando', 'mat.fault.intentos'],
    ])
    expect(faultsOf(draft())).toEqual([])
  })

  test('of columns: names empty or twice, and more digits after the point than in all', () => {
    const [column] = tabla.columnas
    if (!column) throw new Error('the fixture has a column')
    const columnas = [
      column,
      { ...column },
      { ...column, nombre: ' ', tipo: { tipo: 'decimal' as const, precision: 4, escala: 6 } },
    ]
    const found = faultsOf(draft({ tablas: [{ ...tabla, columnas }] }))
    expect(found.map(({ key, columna, focus }) => [key, columna, focus])).toEqual([
      ['mat.fault.repetida', 1, 'mat-columna-0-1'],
      ['mat.fault.columna', 2, 'mat-columna-0-2'],
      ['mat.fault.decimal', 2, 'mat-tipo-0-2'],
    ])
  })

  test.each<[Estrategia, string | null]>([
    [{ tipo: 'append' }, null],
    [{ tipo: 'upsert', clave: [] }, 'mat.fault.clave'],
    [{ tipo: 'upsert', clave: ['a'], borrarSi: { columna: '', valor: 'X' } }, 'mat.fault.marca'],
    [{ tipo: 'delete_insert', borrar: { por: 'clave', clave: [] } }, 'mat.fault.clave'],
    [{ tipo: 'delete_insert', borrar: { por: 'particion', columnas: [] } }, 'mat.fault.particion'],
    [{ tipo: 'delete_insert', borrar: { por: 'condicion', condiciones: [] } }, 'mat.fault.condicion'],
    [
      {
        tipo: 'delete_insert',
        borrar: { por: 'condicion', condiciones: [{ columna: 'a', operador: '=', valores: [''] }] },
      },
      'mat.fault.condicion',
    ],
    [
      {
        tipo: 'delete_insert',
        borrar: { por: 'condicion', condiciones: [{ columna: 'a', operador: 'es_nulo', valores: [] }] },
      },
      null,
    ],
  ])('of strategy %j', (estrategia, key) => {
    expect(strategyFault(estrategia)).toBe(key)
  })

  test('a strategy under another name keeps its key', () => {
    const upsert = withEstrategia({ tipo: 'upsert', clave: ['a', 'b'] }, 'delete_insert')
    expect(upsert).toEqual({ tipo: 'delete_insert', borrar: { por: 'clave', clave: ['a', 'b'] } })
    expect(withEstrategia(upsert, 'upsert')).toEqual({ tipo: 'upsert', clave: ['a', 'b'] })
  })
})

test('the columns of a key no longer take empty values; the others stay as they are', () => {
  const columnas = ['a', 'b', 'c'].map((nombre) => ({
    nombre,
    fuente: { de: 'campo', campo: nombre } as const,
    tipo: { tipo: 'texto' } as const,
    nulos: true,
  }))
  const nullable = (estrategia: Estrategia) =>
    withKey({ ...tabla, columnas }, estrategia)
      .columnas.filter(({ nulos }) => nulos)
      .map(({ nombre }) => nombre)
  expect(nullable({ tipo: 'upsert', clave: ['a', 'c'] })).toEqual(['b'])
  expect(nullable({ tipo: 'delete_insert', borrar: { por: 'clave', clave: ['b'] } })).toEqual(['a', 'c'])
  expect(nullable({ tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['b'] } })).toHaveLength(3)
})

test('a problem of the engine leads to its place', () => {
  const place = (codigo: string, index: number | null, columna: string | null) =>
    placeOf({ codigo, tabla: index, columna }, [tabla])
  expect(place('TIPO_NO_CABE', 0, 'codigo')).toEqual({ step: 'mapeo', tabla: 0, focus: 'mat-columna-0-0' })
  expect(place('CLAVE_SIN_ASIGNAR', 0, 'codigo').step).toBe('estrategia')
  expect(place('CLAVE_ADMITE_NULOS', 0, 'codigo').focus).toBe('mat-columna-0-0')
  expect(place('FILTRO_INVALIDO', 0, null).step).toBe('fuente')
  expect(place('DESTINO_NO_EXISTE', null, null).step).toBe('destino')
})
