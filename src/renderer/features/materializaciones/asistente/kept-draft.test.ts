import type { Estrategia, FormatoArchivo, TablaMaterializada } from '@shared/model/materializacion'
import { expect, test } from 'vitest'
import { materializacion } from '../../../blocks/materializacion/materializacion.fixture'
import { emptyDraft, type MatDraft, matDraftOf } from './draft'
import { isMatDraft } from './kept-draft'

const row = materializacion()
const [tabla] = row.config.tablas
if (!tabla) throw new Error('the fixture has a table')
const withTabla = (part: Partial<TablaMaterializada>): MatDraft => ({
  ...matDraftOf(row),
  tablas: [{ ...tabla, ...part }],
})

const ESTRATEGIAS: Estrategia[] = [
  { tipo: 'append' },
  { tipo: 'upsert', clave: [] },
  { tipo: 'upsert', clave: ['a'], borrarSi: { columna: 'b', valor: 'X' } },
  { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['a'] } },
  { tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['a'] } },
  {
    tipo: 'delete_insert',
    borrar: { por: 'condicion', condiciones: [{ columna: 'a', operador: 'en', valores: ['1'] }] },
  },
  { tipo: 'truncate_insert' },
  { tipo: 'full', conservar: 2 },
]
const FORMATOS: (FormatoArchivo | null)[] = [
  null,
  { tipo: 'parquet', compresion: 'zstd', filasPorGrupo: 5000, particiones: ['a'] },
  { tipo: 'csv', delimitador: ';', encabezado: true },
  { tipo: 'jsonl' },
  { tipo: 'excel', hoja: 'Datos' },
]

test.each([
  emptyDraft(null),
  matDraftOf(row),
  ...ESTRATEGIAS.map((estrategia) => withTabla({ estrategia })),
  ...FORMATOS.map((formato) => withTabla({ formato })),
  withTabla({
    columnas: [
      { nombre: 'a', fuente: { de: 'campo', campo: 'A' }, tipo: { tipo: 'texto', largo: 8 }, nulos: true },
      { nombre: 'b', fuente: { de: 'constante', valor: null }, tipo: { tipo: 'entero' }, nulos: true },
      {
        nombre: 'c',
        fuente: { de: 'control', control: 'cargado_en' },
        tipo: { tipo: 'fecha_hora', zona: true },
        nulos: false,
      },
      {
        nombre: 'd',
        fuente: { de: 'campo', campo: 'D' },
        tipo: { tipo: 'decimal', precision: 12, escala: 2 },
        nulos: false,
      },
    ],
  }),
])('a draft that was kept is one when it comes back: %#', (draft) => {
  expect(isMatDraft(JSON.parse(JSON.stringify(draft)))).toBe(true)
})

const of = (part: object) => ({ ...emptyDraft(null), ...part })
const ofTabla = (part: object) => of({ tablas: [{ ...tabla, ...part }] })

test.each([
  null,
  [],
  {},
  of({ step: '1' }),
  of({ cuando: 'nunca' }),
  of({ filtros: ['a'] }),
  of({ filtros: { a: 1 } }),
  of({ frecuencia: { tipo: 'diario' } }),
  of({ tablas: {} }),
  ofTabla({ columnas: null }),
  ofTabla({ columnas: [{ nombre: 'a' }] }),
  ofTabla({ columnas: [{ ...tabla.columnas[0], tipo: { tipo: 'moneda' } }] }),
  ofTabla({ estrategia: { tipo: 'upsert' } }),
  ofTabla({ estrategia: { tipo: 'toString' } }),
  ofTabla({ estrategia: { tipo: 'delete_insert', borrar: { por: 'clave' } } }),
  ofTabla({ formato: { tipo: 'parquet' } }),
])('what another version or a cut disk left is not: %#', (draft) => {
  expect(isMatDraft(draft)).toBe(false)
})
