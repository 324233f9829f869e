import type { Estrategia, ProblemaMaterializacion, TablaMaterializada } from '@shared/model/materializacion'
import type { TextKey } from '@shared/text'
import { faultOf } from '../../../blocks/frecuencia-draft'
import type { MatDraft } from './draft'

export const STEPS = ['fuente', 'destino', 'mapeo', 'estrategia', 'cuando', 'previa'] as const
export type Step = (typeof STEPS)[number]

/** Something that can't be saved as it is, and where it is mended. */
export interface Fault {
  step: Step
  /** Index in `tablas`, and of the column in it. */
  tabla: number | null
  columna: number | null
  key: TextKey
  /** Element that takes the focus. */
  focus: string
}

export const focusId = (what: string, tabla?: number | null, columna?: number | null) =>
  ['mat', what, tabla, columna].filter((part) => part !== undefined && part !== null).join('-')

type Found = Omit<Fault, 'step' | 'tabla'>
const at = (key: TextKey, focus: string, columna: number | null = null): Found => ({ key, focus, columna })

/** Every value missing or impossible that can be told without asking the engine, in the order of the steps. */
export function faultsOf(draft: MatDraft): Fault[] {
  const general: [Step, boolean, TextKey, string][] = [
    ['fuente', draft.casillaId === null, 'mat.fault.casilla', 'casilla'],
    ['fuente', draft.casillaId !== null && draft.catalogos.length === 0, 'mat.fault.catalogos', 'catalogos'],
    ['destino', draft.destinoId === null, 'mat.fault.destino', 'destino'],
    ['mapeo', draft.tablas.length === 0, 'mat.fault.tablas', 'tabla'],
    ['cuando', draft.nombre.trim() === '', 'form.nameRequired', 'nombre'],
    [
      'cuando',
      draft.cuando === 'programada' && faultOf(draft.frecuencia) !== null,
      'mat.fault.frecuencia',
      'cuando',
    ],
    [
      'cuando',
      draft.maxIntentos === null || draft.maxIntentos < 1 || draft.maxIntentos > 20,
      'mat.fault.intentos',
      'intentos',
    ],
  ]
  const found: Fault[] = general
    .filter(([, wrong]) => wrong)
    .map(([step, , key, what]) => ({ step, tabla: null, columna: null, key, focus: focusId(what) }))
  const perTable = draft.tablas.flatMap((tabla, index) => [
    ...mappingFaults(tabla, index).map((fault): Fault => ({ ...fault, step: 'mapeo', tabla: index })),
    ...strategyFaults(tabla, index).map((fault): Fault => ({ ...fault, step: 'estrategia', tabla: index })),
  ])
  return [...found, ...perTable].sort((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step))
}

function mappingFaults(tabla: TablaMaterializada, index: number): Found[] {
  const found: Found[] = []
  if (tabla.tabla.trim() === '') found.push(at('mat.fault.tabla', focusId('tabla', index)))
  if (tabla.columnas.length === 0) found.push(at('mat.fault.columnas', focusId('agregar', index)))
  const seen = new Map<string, number>()
  tabla.columnas.forEach(({ nombre, fuente, tipo }, column) => {
    const focus = focusId('columna', index, column)
    if (nombre.trim() === '') found.push(at('mat.fault.columna', focus, column))
    else if (seen.has(nombre)) found.push(at('mat.fault.repetida', focus, column))
    seen.set(nombre, column)
    if (fuente.de === 'campo' && fuente.campo === '')
      found.push(at('mat.fault.campo', focusId('fuente', index, column), column))
    const digits =
      tipo.tipo === 'decimal' && (tipo.precision < 1 || tipo.precision > 1000 || tipo.escala > tipo.precision)
    if (digits) found.push(at('mat.fault.decimal', focusId('tipo', index, column), column))
  })
  tabla.indices.forEach(({ columnas }, at_) => {
    if (columnas.length === 0) found.push(at('mat.fault.indice', focusId('indice', index, at_)))
  })
  return found
}

const needsNoValue = new Set(['es_nulo', 'no_es_nulo'])

/** What a strategy lacks to be one; null when nothing. */
export function strategyFault(estrategia: Estrategia): TextKey | null {
  if (estrategia.tipo === 'upsert') {
    if (estrategia.clave.length === 0) return 'mat.fault.clave'
    return estrategia.borrarSi?.columna === '' ? 'mat.fault.marca' : null
  }
  if (estrategia.tipo !== 'delete_insert') return null
  const { borrar } = estrategia
  if (borrar.por === 'clave') return borrar.clave.length === 0 ? 'mat.fault.clave' : null
  if (borrar.por === 'particion') return borrar.columnas.length === 0 ? 'mat.fault.particion' : null
  const incomplete = borrar.condiciones.some(
    ({ columna, operador, valores }) =>
      columna === '' || (!needsNoValue.has(operador) && valores.filter((value) => value !== '').length === 0),
  )
  return borrar.condiciones.length === 0 || incomplete ? 'mat.fault.condicion' : null
}

function strategyFaults(tabla: TablaMaterializada, index: number): Found[] {
  const key = strategyFault(tabla.estrategia)
  return key === null ? [] : [at(key, focusId('estrategia', index))]
}

/** Where a problem that the engine told is mended. */
export function placeOf(
  problema: Pick<ProblemaMaterializacion, 'codigo' | 'tabla' | 'columna'>,
  tablas: readonly TablaMaterializada[],
): { step: Step; tabla: number | null; focus: string } {
  const { codigo, tabla, columna } = problema
  if (codigo.startsWith('FILTRO')) return { step: 'fuente', tabla, focus: focusId('filtro') }
  if (codigo.startsWith('CATALOGO')) return { step: 'fuente', tabla, focus: focusId('catalogos') }
  if (tabla === null) return { step: 'destino', tabla, focus: focusId('destino') }
  // The strategies' own: what names their columns is theirs, even when it is of a column.
  if (/^(CLAVE_(DOS|SIN|LARGA)|CONDICION|VALOR_DE_OTRO_TIPO|EXCEL_SOLO)/.test(codigo))
    return { step: 'estrategia', tabla, focus: focusId('estrategia', tabla) }
  const column = tablas[tabla]?.columnas.findIndex(({ nombre }) => nombre === columna) ?? -1
  return {
    step: 'mapeo',
    tabla,
    focus: column < 0 ? focusId('tabla', tabla) : focusId('columna', tabla, column),
  }
}
