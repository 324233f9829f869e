import { postgresDialect } from '@engine/destinations/postgres/dialect'
import { readSchema } from '@engine/execution/schema'
import { oneCatalog } from '@engine/execution/testing-bench'
import { materializacionConfigSchema } from '@shared/model/materializacion'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { DestinationRules } from '../destination-rules'
import { checkConfig } from '.'

type Tabla = z.input<typeof materializacionConfigSchema>['tablas'][number]
type Column = Tabla['columnas'][number]

const POSTGRES: DestinationRules = { nombre: 'PostgreSQL', clase: 'sql', dialect: postgresDialect }
/** As MySQL: names are one whatever their case. */
const FOLDING: DestinationRules = {
  nombre: 'MySQL',
  clase: 'sql',
  dialect: {
    ...postgresDialect,
    capabilities: {
      ...postgresDialect.capabilities,
      identificador: { max: 64, unidad: 'caracteres', distingue: false },
      esquemas: false,
      maxColumnasClave: 2,
      maxColumnas: 3,
    },
  },
}
const ARCHIVOS: DestinationRules = { nombre: 'Archivos', clase: 'archivos' }

const SCHEMA = readSchema(
  oneCatalog([
    { name: 'id', type: 'entero', more: 'required: true, unique: true' },
    { name: 'nombre' },
    { name: 'monto', type: 'decimal' },
    { name: 'dia', type: 'fecha' },
    { name: 'ok', type: 'booleano' },
  ]),
)

const column = (nombre: string, tipo: Column['tipo'], more: Partial<Column> = {}): Column => ({
  nombre,
  tipo,
  fuente: { de: 'campo', campo: nombre },
  ...more,
})
const ID = column('id', { tipo: 'entero' }, { nulos: false })
const NOMBRE = column('nombre', { tipo: 'texto' })
const GOOD: Tabla = {
  catalogo: 'datos',
  tabla: 't',
  columnas: [ID, NOMBRE],
  estrategia: { tipo: 'upsert', clave: ['id'] },
}

const check = (destino: DestinationRules, ...tablas: Partial<Tabla>[]) =>
  checkConfig({
    config: materializacionConfigSchema.parse({ tablas: tablas.map((tabla) => ({ ...GOOD, ...tabla })) }),
    schema: SCHEMA,
    destino,
  })
const told = (destino: DestinationRules, ...tablas: Partial<Tabla>[]): string[] =>
  check(destino, ...tablas).map(({ severidad, codigo, columna }) =>
    [severidad === 'aviso' ? 'aviso ' : '', codigo, columna ? ` ${columna}` : ''].join(''),
  )

it('a mapping that can be saved has no problems', () => {
  expect(check(POSTGRES, {})).toEqual([])
  expect(check(ARCHIVOS, { formato: { tipo: 'parquet' } })).toEqual([])
})

describe('strategy', () => {
  it.each<[string, Partial<Tabla>, string[]]>([
    [
      'a key that is not mapped',
      { estrategia: { tipo: 'upsert', clave: ['otra'] } },
      ['CLAVE_SIN_ASIGNAR otra'],
    ],
    ['a key that may be null', { columnas: [{ ...ID, nulos: true }] }, ['CLAVE_ADMITE_NULOS id']],
    [
      'a delete by key, the same',
      {
        columnas: [{ ...ID, nulos: true }],
        estrategia: { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['id'] } },
      },
      ['CLAVE_ADMITE_NULOS id'],
    ],
    [
      'a partition may be null',
      {
        columnas: [{ ...ID, nulos: true }],
        estrategia: { tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['id'] } },
      },
      [],
    ],
    ['an index over nothing', { indices: [{ columnas: ['nadie'] }] }, ['INDICE_SIN_COLUMNA nadie']],
    ['a format in a database', { formato: { tipo: 'csv' } }, ['FORMATO_SOBRA']],
  ])('%s', (_what, tabla, expected) => {
    expect(told(POSTGRES, tabla)).toEqual(expected)
  })

  it('a key of more columns than the database takes', () => {
    const columnas = ['id', 'nombre', 'dia'].map((nombre, i) =>
      column(
        nombre,
        [{ tipo: 'entero' }, { tipo: 'texto', largo: 9 }, { tipo: 'fecha' }][i] as Column['tipo'],
        { nulos: false },
      ),
    )
    expect(
      told(FOLDING, { columnas, estrategia: { tipo: 'upsert', clave: ['id', 'nombre', 'dia'] } }),
    ).toEqual(expect.arrayContaining(['CLAVE_LARGA']))
  })
})

describe('names', () => {
  it('equal ones, by case only where the destination does not tell it', () => {
    const columnas = [ID, NOMBRE, column('ID', { tipo: 'entero' }, { fuente: { de: 'campo', campo: 'id' } })]
    expect(told(POSTGRES, { columnas })).toEqual([])
    expect(told(FOLDING, { columnas })).toEqual(['COLUMNA_REPETIDA ID'])
    expect(told(POSTGRES, { columnas: [ID, ID] })).toEqual(['COLUMNA_REPETIDA id'])
  })

  it('two tables onto one', () => {
    expect(told(POSTGRES, { tabla: 'ventas' }, { tabla: 'Ventas' })).toEqual([])
    expect(check(FOLDING, { tabla: 'ventas' }, { tabla: 'Ventas' })).toMatchObject([
      { codigo: 'TABLA_REPETIDA', tabla: 1 },
    ])
    expect(told(POSTGRES, { tabla: 'v', esquema: 'a' }, { tabla: 'v', esquema: 'b' })).toEqual([])
  })

  it('too long, counted as the destination counts', () => {
    const largo = 'ñ'.repeat(40)
    const columnas = [ID, column(largo, { tipo: 'texto' }, { fuente: { de: 'campo', campo: 'nombre' } })]
    expect(told(POSTGRES, { columnas })).toEqual([`NOMBRE_LARGO ${largo}`])
    expect(told(FOLDING, { columnas })).toEqual([])
  })

  it('reserved words and hostile ones are names; ours are not', () => {
    const named = (nombre: string) =>
      column(nombre, { tipo: 'texto' }, { fuente: { de: 'campo', campo: 'nombre' } })
    expect(
      told(POSTGRES, { tabla: 'select', columnas: [ID, named('order'), named(`'; DROP TABLE x; --"`)] }),
    ).toEqual([])
    expect(told(POSTGRES, { columnas: [ID, named('_sage_registro')] })).toEqual([
      'NOMBRE_RESERVADO _sage_registro',
    ])
    expect(told(POSTGRES, { columnas: [ID, named('a\0b')] })).toEqual(['NOMBRE_INVALIDO a\0b'])
  })

  it.each(['../fuera', 'a/b', 'a\\b', 'con', 'NUL.txt', '.oculta', 'acaba.', 'a:b', '..'])(
    '%s is no file',
    (tabla) => {
      expect(told(ARCHIVOS, { tabla, formato: { tipo: 'csv' } })).toEqual(['NOMBRE_INVALIDO'])
      expect(told(POSTGRES, { tabla })).toEqual([])
    },
  )

  it('a schema where there are none', () => {
    expect(told(FOLDING, { esquema: 'x' })).toEqual(['SIN_ESQUEMAS'])
  })
})

describe('columns', () => {
  it.each<[string, Column, string[]]>([
    ['a field that is not accepted', column('nadie', { tipo: 'texto' }), ['CAMPO_DESCONOCIDO nadie']],
    ['a text in an integer', column('nombre', { tipo: 'entero' }), ['TIPO_NO_GUARDA nombre']],
    ['a date in a boolean', column('dia', { tipo: 'booleano' }), ['TIPO_NO_GUARDA dia']],
    ['a decimal in a double loses digits', column('monto', { tipo: 'doble' }), ['aviso TIPO_PIERDE monto']],
    ['a number as text', column('monto', { tipo: 'texto' }), []],
    [
      'more decimals than digits',
      column('monto', { tipo: 'decimal', precision: 2, escala: 4 }),
      ['ESCALA_MAYOR monto'],
    ],
    [
      'a column that needs a value of a field that may be empty',
      column('nombre', { tipo: 'texto' }, { nulos: false }),
      ['aviso PUEDE_VENIR_VACIO nombre'],
    ],
    [
      'a constant of another type',
      column('c', { tipo: 'fecha' }, { fuente: { de: 'constante', valor: '31/01/2025' } }),
      ['CONSTANTE_INVALIDA c'],
    ],
    [
      'a null constant where there is none',
      column('c', { tipo: 'fecha' }, { fuente: { de: 'constante', valor: null }, nulos: false }),
      ['CONSTANTE_INVALIDA c'],
    ],
    [
      'a control in a type that cannot hold it',
      column('c', { tipo: 'fecha' }, { fuente: { de: 'control', control: 'registro' } }),
      ['TIPO_NO_GUARDA c'],
    ],
  ])('%s', (_what, columna, expected) => {
    expect(told(POSTGRES, { columnas: [ID, columna] })).toEqual(expected)
  })

  it('too many for the database', () => {
    const columnas = [
      ID,
      ...['a', 'b', 'c'].map((nombre) =>
        column(nombre, { tipo: 'texto' }, { fuente: { de: 'campo', campo: 'nombre' } }),
      ),
    ]
    expect(told(FOLDING, { columnas })).toEqual(['MUCHAS_COLUMNAS'])
  })

  it('of a catalog that the YAML does not have', () => {
    expect(told(POSTGRES, { catalogo: 'nadie' })).toEqual(['CATALOGO_DESCONOCIDO'])
  })
})

it('a filter that does not read says where', () => {
  const [problem] = check(POSTGRES, { filtro: "(df['id'] > 1) & (df['nadie'] == 2)" })
  expect(problem).toMatchObject({
    codigo: 'FILTRO_INVALIDO',
    mensaje: expect.stringMatching(/'nadie'.*\(carácter \d+\)/),
  })
  expect(told(POSTGRES, { filtro: "df['monto'] > 1" })).toEqual([])
})

describe('files', () => {
  const parquet = (particiones: string[]): Partial<Tabla> => ({ formato: { tipo: 'parquet', particiones } })
  const APPEND = { tipo: 'append' } as const

  it.each<[string, Partial<Tabla>, string[]]>([
    ['no format', {}, ['FORMATO_FALTA']],
    ['a workbook is only replaced', { formato: { tipo: 'excel' } }, ['EXCEL_SOLO_REEMPLAZA']],
    ['a workbook that is replaced', { formato: { tipo: 'excel' }, estrategia: { tipo: 'full' } }, []],
    ['a partition that is not mapped', parquet(['dia']), ['PARTICION_SIN_COLUMNA dia']],
    ['a partition twice', parquet(['id', 'id']), ['PARTICION_REPETIDA id']],
    ['nothing left outside the partitions', parquet(['id', 'nombre']), ['PARTICION_TODO']],
    [
      'a double is no partition',
      { ...parquet(['monto']), columnas: [ID, column('monto', { tipo: 'doble' })] },
      ['PARTICION_DOBLE monto', 'aviso TIPO_PIERDE monto'],
    ],
    [
      'indexes are not for files',
      { formato: { tipo: 'csv' }, estrategia: APPEND, indices: [{ columnas: ['id'] }] },
      ['aviso INDICES_SIN_USO'],
    ],
  ])('%s', (_what, tabla, expected) => {
    expect(told(ARCHIVOS, tabla)).toEqual(expected)
  })

  it('a decimal key is not told apart in JSON past the digits of a double', () => {
    const key = (precision: number): Partial<Tabla> => ({
      formato: { tipo: 'jsonl' },
      columnas: [column('monto', { tipo: 'decimal', precision, escala: 2 }, { nulos: false })],
      estrategia: { tipo: 'upsert', clave: ['monto'] },
    })
    expect(told(ARCHIVOS, key(20))).toEqual(expect.arrayContaining(['CLAVE_DECIMAL_JSON monto']))
    expect(told(ARCHIVOS, key(15))).not.toEqual(expect.arrayContaining(['CLAVE_DECIMAL_JSON monto']))
  })
})
