import type { materializacionOperations } from '@shared/contract/materializacion-operations'
import type { Condicion, Estrategia } from '@shared/model/materializacion'
import type { z } from 'zod'
import { stepsInWords } from './steps'

export type Ilustracion = z.output<(typeof materializacionOperations)['materializaciones.ilustrar']['output']>

/** Columns drawn, with at least one that the strategy does not name: something is seen to change. */
const DRAWN = 3
const BEFORE = 'antes'
const LOADED = 'nuevo'
const OTHER = 'otro'
const FIRST_PART = 'P1'
const SECOND_PART = 'P2'

/** A made-up row: where it comes from, its number, and the values that the strategy looks at. */
interface Row {
  from: 'antes' | 'carga'
  id: string
  fixed: Readonly<Record<string, string>>
}

interface Scene {
  /** Columns that say which row it is; the last one carries the number. */
  ids: readonly string[]
  before: readonly Row[]
  load: readonly Row[]
  /** What the strategy does with a row of the load, and with one that was there. */
  deletes: (row: Row) => boolean
  updates: (row: Row) => boolean
  skips: (row: Row) => boolean
}

const never = () => false
const always = () => true
const row = (from: Row['from'], id: number, fixed: Row['fixed'] = {}): Row => ({
  from,
  id: String(id),
  fixed,
})

/**
 * A small picture of what a strategy does to the rows that are there, with made-up values in the mapping's own columns.
 *
 * @param estrategia the strategy of one table
 * @param columnas destination columns of that table, in their order
 * @returns its steps in words and the rows before, of the load, and after; rows that go are apart
 */
export function illustrate(estrategia: Estrategia, columnas: readonly string[]): Ilustracion {
  const scene = sceneOf(estrategia, columnas[0] ?? 'columna')
  const named = [...scene.ids, ...[...scene.before, ...scene.load].flatMap(({ fixed }) => Object.keys(fixed))]
  const relevant = [...new Set(named)]
  const others = columnas.filter((name) => !relevant.includes(name))
  const shown = [...relevant, ...others.slice(0, Math.max(1, DRAWN - relevant.length))]
  const cells = (one: Row) => shown.map((name) => cellOf(one, name, scene.ids))
  const inLoad = new Set(scene.load.map(({ id }) => id))
  const wasThere = new Set(scene.before.map(({ id }) => id))
  const stays = scene.before.filter((one) => !scene.deletes(one))
  const after = stays.map((one) => {
    const newer = scene.load.find(({ id }) => id === one.id)
    return inLoad.has(one.id) && newer && scene.updates(one)
      ? { celdas: cells(newer), cambio: 'actualizada' as const }
      : { celdas: cells(one), cambio: 'igual' as const }
  })
  const added = scene.load.filter((one) => !scene.skips(one) && !(wasThere.has(one.id) && scene.updates(one)))
  return {
    pasos: stepsInWords(estrategia),
    columnas: shown,
    antes: scene.before.map(cells),
    carga: scene.load.map(cells),
    despues: [...after, ...added.map((one) => ({ celdas: cells(one), cambio: 'insertada' as const }))],
    eliminadas: scene.before.filter(scene.deletes).map(cells),
  }
}

function cellOf(one: Row, column: string, ids: readonly string[]): string {
  const fixed = one.fixed[column]
  if (fixed !== undefined) return fixed
  const place = ids.indexOf(column)
  // Of a composite key all but the last part are alike: the whole is what tells rows apart.
  if (place >= 0) return place === ids.length - 1 ? one.id : 'A'
  return one.from === 'antes' ? BEFORE : LOADED
}

/** Two rows that stay and one that comes again: the smallest case in which the strategies differ. */
const REPLACED = {
  before: [row('antes', 1), row('antes', 2), row('antes', 3)],
  load: [row('carga', 2), row('carga', 4)],
  updates: never,
  skips: never,
}

function sceneOf(estrategia: Estrategia, first: string): Scene {
  switch (estrategia.tipo) {
    case 'append':
      return { ids: [first], ...REPLACED, deletes: never }
    case 'truncate_insert':
    case 'full':
      return { ids: [first], ...REPLACED, deletes: always }
    case 'upsert':
      return upsertScene(estrategia)
    case 'delete_insert':
      return deleteScene(estrategia.borrar, first)
  }
}

function upsertScene({ clave, borrarSi }: Extract<Estrategia, { tipo: 'upsert' }>): Scene {
  const marked = new Set(borrarSi ? ['3'] : [])
  const withMark = (one: Row): Row =>
    borrarSi
      ? {
          ...one,
          fixed: {
            [borrarSi.columna]: one.from === 'carga' && marked.has(one.id) ? borrarSi.valor : OTHER,
          },
        }
      : one
  const load = [row('carga', 2), ...(borrarSi ? [row('carga', 3)] : []), row('carga', 4)]
  return {
    ids: clave,
    before: REPLACED.before.map(withMark),
    load: load.map(withMark),
    deletes: ({ id }) => marked.has(id),
    updates: always,
    skips: ({ id }) => marked.has(id),
  }
}

type Borrar = Extract<Estrategia, { tipo: 'delete_insert' }>['borrar']

function deleteScene(borrar: Borrar, first: string): Scene {
  if (borrar.por === 'clave') {
    const load = [row('carga', 2), row('carga', 4)]
    return {
      ids: borrar.clave,
      // The same key twice: unlike an upsert, all of them go.
      before: [row('antes', 1), row('antes', 2), row('antes', 2), row('antes', 3)],
      load,
      deletes: ({ id }) => load.some((one) => one.id === id),
      updates: never,
      skips: never,
    }
  }
  const [goes, remains] =
    borrar.por === 'particion'
      ? [constant(borrar.columnas, SECOND_PART), constant(borrar.columnas, FIRST_PART)]
      : [matching(borrar.condiciones), notMatching(borrar.condiciones)]
  return {
    ids: first in goes ? [] : [first],
    before: [row('antes', 1, remains), row('antes', 2, goes), row('antes', 3, goes)],
    load: [row('carga', 2, goes), row('carga', 4, goes)],
    deletes: ({ fixed }) => fixed === goes,
    updates: never,
    skips: never,
  }
}

const constant = (columns: readonly string[], value: string): Record<string, string> =>
  Object.fromEntries(columns.map((name) => [name, value]))

/** For each compared column, a value for which the comparison holds; NULL is told as such. */
const matching = (condiciones: readonly Condicion[]): Record<string, string> =>
  Object.fromEntries(condiciones.map((one) => [one.columna, valueFor(one, true)]))

const notMatching = (condiciones: readonly Condicion[]): Record<string, string> =>
  Object.fromEntries(condiciones.map((one) => [one.columna, valueFor(one, false)]))

function valueFor({ operador, valores }: Condicion, holds: boolean): string {
  const [value = OTHER] = valores
  switch (operador) {
    case '=':
    case 'en':
      return holds ? value : OTHER
    case '<>':
      return holds ? OTHER : value
    case 'es_nulo':
      return holds ? 'NULL' : BEFORE
    case 'no_es_nulo':
      return holds ? BEFORE : 'NULL'
    case '<':
    case '<=':
      return holds ? `${operador} ${value}` : `> ${value}`
    case '>':
    case '>=':
      return holds ? `${operador} ${value}` : `< ${value}`
  }
}
