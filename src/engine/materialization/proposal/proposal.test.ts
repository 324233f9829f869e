import { readFileSync } from 'node:fs'
import { readSchema } from '@engine/execution/schema'
import { Bench, oneCatalog, type TestField } from '@engine/execution/testing-bench'
import type { Columna, TablaMaterializada } from '@shared/model/materializacion'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DestinationRules } from '../destination-rules'
import { nombreTipo } from '../rows'
import { legalName, type Profiles, profileAccepted, proposeTables } from '.'

const ARCHIVOS: DestinationRules = { nombre: 'Archivos', clase: 'archivos' }
const NOTHING: Profiles = new Map()

const propose = (yaml: string, perfiles = NOTHING) =>
  proposeTables({ schema: readSchema(yaml), catalogos: null, destino: ARCHIVOS, esquema: null, perfiles })

const first = (yaml: string, perfiles?: Profiles): TablaMaterializada => {
  const [tabla] = propose(yaml, perfiles).tablas
  if (!tabla) throw new Error('nothing was proposed')
  return tabla
}
const types = ({ columnas }: { columnas: Columna[] }) =>
  Object.fromEntries(columnas.map(({ nombre, tipo }) => [nombre, nombreTipo(tipo)]))

describe('the sample of the distributor', () => {
  const { tablas, avisos } = propose(
    readFileSync('resources/samples/distribuidora/distribuidora.yaml', 'utf8'),
  )

  it('each catalog comes after those it refers to, updated by the key that the YAML states', () => {
    expect(tablas.map(({ tabla, estrategia }) => [tabla, estrategia])).toEqual([
      ['clientes', { tipo: 'upsert', clave: ['codigo_cliente'] }],
      ['productos', { tipo: 'upsert', clave: ['codigo_producto'] }],
      ['vendedores', { tipo: 'upsert', clave: ['codigo_vendedor'] }],
      // Of a rule that says `~df.duplicated(subset=['documento', 'item'])`.
      ['ventas', { tipo: 'upsert', clave: ['documento', 'item'] }],
    ])
    expect(avisos).toEqual([])
  })

  it('only what is in the key refuses nulls', () => {
    const sales = tablas.find(({ tabla }) => tabla === 'ventas')
    expect(sales?.columnas.filter(({ nulos }) => !nulos).map(({ nombre }) => nombre)).toEqual([
      'documento',
      'item',
    ])
  })
})

it('the order of references does not depend on that of the YAML, and a circle keeps it', () => {
  const yaml = (rules: string[]) => `sage_yaml: { name: P, description: d, version: "1", author: a }
catalogs:
${['c', 'a', 'b'].map((id) => `  ${id}: { name: ${id}, description: d, filename: ${id}.csv, file_format: { type: CSV, delimiter: ",", header: true }, fields: [{ name: x, type: texto }] }`).join('\n')}
packages:
  p:
    name: P
    description: d
    file_format: { type: ZIP }
    catalogs: [c, a, b]
    package_validation:
${rules.map((rule) => `      - { name: ${JSON.stringify(rule)}, description: d, severity: error, rule: ${JSON.stringify(rule)} }`).join('\n')}
`
  const order = (rules: string[]) => propose(yaml(rules)).tablas.map(({ tabla }) => tabla)
  expect(order([`df['c']['x'].isin(df['b']['x'])`, `df['b']['x'].isin(df['a']['x'])`])).toEqual([
    'a',
    'b',
    'c',
  ])
  expect(order([`df['c']['x'].isin(df['a']['x'])`, `df['a']['x'].isin(df['c']['x'])`])).toEqual([
    'a',
    'c',
    'b',
  ])
})

it('without a key it appends, tells where each row came from, and says why', () => {
  const yaml = oneCatalog([{ name: 'Archivo' }, { name: 'n', type: 'entero', more: 'required: true' }])
  const { tablas, avisos } = propose(yaml)
  expect(tablas[0]?.estrategia).toEqual({ tipo: 'append' })
  // A field of that name keeps it; the control takes another.
  expect(tablas[0]?.columnas.map(({ nombre }) => nombre)).toEqual([
    'archivo',
    'n',
    'ejecucion',
    'archivo_2',
    'registro',
    'cargado_en',
  ])
  expect(avisos).toMatchObject([{ codigo: 'SIN_CLAVE', severidad: 'aviso', tabla: 0 }])
})

it('a key that a transformation renames is followed; one that it changes is no key', () => {
  const fields: TestField[] = [
    { name: 'id', type: 'entero', more: 'required: true, unique: true' },
    { name: 't' },
  ]
  const withSteps = (step: string) =>
    first(oneCatalog(fields, { extra: `    transformations: [${step}]` })).estrategia
  expect(withSteps('{ rename: { id: codigo } }')).toEqual({ tipo: 'upsert', clave: ['codigo'] })
  expect(withSteps(`{ set: id, value: "df['id'] // 10" }`)).toEqual({ tipo: 'append' })
  expect(withSteps('{ drop: [id] }')).toEqual({ tipo: 'append' })
})

describe('types', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await Bench.open()
  })
  afterEach(() => bench.close())

  const FIELDS: TestField[] = [
    { name: 'corto', more: 'max_length: 12' },
    { name: 'largo' },
    { name: 'e', type: 'entero' },
    { name: 'm', type: 'decimal' },
    { name: 'grande', type: 'decimal' },
    { name: 'vacio', type: 'decimal' },
    { name: 'dia', type: 'fecha' },
    { name: 'hora', type: 'fecha' },
    { name: 'b', type: 'booleano' },
  ]

  it('are those of the YAML where nothing was seen', () => {
    expect(types(first(oneCatalog(FIELDS)))).toMatchObject({
      corto: 'texto(12)',
      largo: 'texto',
      e: 'entero',
      m: 'decimal(18,4)',
      dia: 'fecha y hora',
      b: 'booleano',
    })
    const formats = [
      { name: 'd', type: 'fecha', more: 'format: "%d/%m/%Y"' },
      { name: 'h', type: 'fecha', more: 'format: "%d/%m/%Y %H:%M"' },
    ]
    expect(types(first(oneCatalog(formats)))).toMatchObject({ d: 'fecha', h: 'fecha y hora' })
  })

  it('have room for what was accepted, digit for digit', async () => {
    const yaml = oneCatalog(FIELDS)
    const csv = [
      'corto,largo,e,m,grande,vacio,dia,hora,b',
      'a,b,1,12.5,1234567890123456789012345678.01,,2025-01-01,2025-01-01,1',
      'a,b,1,1.23456e2,-7.100,,2025-01-02,2025-01-02 08:30,0',
    ].join('\n')
    await bench.run('datos.csv', `${csv}\n`, yaml, { stage: true })
    const perfiles = await profileAccepted([bench.dir, `${bench.dir}-que-se-limpio`])
    expect(types(first(yaml, perfiles))).toMatchObject({
      m: 'decimal(18,5)',
      grande: 'decimal(36,4)',
      vacio: 'decimal(18,4)',
      dia: 'fecha',
      hora: 'fecha y hora',
    })
  })
})

describe('names', () => {
  const rules = (max: number, unidad: 'bytes' | 'caracteres', distingue = false) => ({
    max,
    unidad,
    distingue,
  })

  it('need no quotes, differ from one another and fit', () => {
    const taken = new Set<string>()
    const name = (text: string) => legalName(text, rules(12, 'bytes'), taken, 'columna')
    expect(
      [
        `Código  del Año`,
        'código del año',
        '2025',
        `'; DROP TABLE x; --`,
        '💥',
        '',
        '_sage_carga',
        'a'.repeat(40),
        'A'.repeat(40),
      ].map(name),
    ).toEqual([
      'código_del',
      'código_de_2',
      '_2025',
      'drop_table_x',
      'columna',
      'columna_2',
      'x_sage_carga',
      'a'.repeat(12),
      `${'a'.repeat(10)}_2`,
    ])
  })

  it('are cut between letters, whatever bytes they take', () => {
    expect(legalName('ñññññ', rules(5, 'bytes'), new Set(), 'x')).toBe('ññ')
    expect(legalName('ñññññ', rules(4, 'caracteres'), new Set(), 'x')).toBe('ññññ')
  })
})
