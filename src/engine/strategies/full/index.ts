import type { ColumnSpec, TableRef } from '@engine/destinations/types'
import { LEDGER_NAME_MAX, ledgerName } from '../shared/ledger-name'
import { insertsAll } from '../shared/rehearsal'
import { countBefore, filled, names } from '../shared/steps'
import type { PlanInput, Step, Strategy } from '../types'

/** Where the loads that a FULL load replaced are kept. */
export const HISTORY_SUFFIX = '__cargas'
/** Control UUID and time of replacement of a kept load. */
export const KEPT_LOAD: ColumnSpec = {
  nombre: '_sage_carga',
  tipo: { tipo: 'texto', largo: 36 },
  nulos: false,
}
export const KEPT_AT: ColumnSpec = {
  nombre: '_sage_reemplazada_en',
  tipo: { tipo: 'fecha_hora', zona: true },
  nulos: false,
}
/** The load of rows that were in the table before any of ours. */
const NO_LOAD = '00000000-0000-0000-0000-000000000000'

/** Replaces all rows under the control UUID of the load, which the ledger keeps; readers see the old whole until the commit. */
export const full: Strategy<'full'> = {
  tipo: 'full',
  key: () => null,
  extraTables: (input) =>
    input.estrategia.conservar === 0
      ? []
      : [{ ref: historyOf(input.target), columnas: historyColumns(input.columnas) }],
  check: () => [],
  plan(input) {
    const { fill, ...rest } = filled(input)
    const { dialect, target } = input
    const kept = input.estrategia.conservar === 0 ? [] : [keep(input), prune(input)]
    const empty: Step = {
      do: 'sql',
      what: 'quitar las filas anteriores',
      statement: dialect.deleteAll(target),
    }
    return { ...rest, clear: [...kept, countBefore(input), empty], write: [fill], exclusive: true }
  },
  rehearse: (input) => insertsAll(input, { where: null }),
}

export const historyOf = (target: TableRef): TableRef => ({
  ...target,
  tabla: `${target.tabla}${HISTORY_SUFFIX}`,
})

const historyColumns = (columnas: readonly ColumnSpec[]): ColumnSpec[] => [
  KEPT_LOAD,
  KEPT_AT,
  ...columnas.map((columna) => ({ ...columna, nulos: true })),
]

function keep(input: PlanInput<'full'>): Step {
  const { dialect, target, ledger, en } = input
  const { ident, table, param } = dialect
  const list = names(input).map(ident).join(', ')
  const last = `SELECT max(${ident('carga')}) FROM ${table(ledger)} WHERE ${ident('tabla')} = ${param(1, { tipo: 'texto', largo: LEDGER_NAME_MAX })} AND ${ident('vigente')} = 1`
  return {
    do: 'sql',
    what: 'conservar la carga anterior',
    statement: {
      sql: `INSERT INTO ${table(historyOf(target))} (${[KEPT_LOAD.nombre, KEPT_AT.nombre].map(ident).join(', ')}, ${list}) SELECT COALESCE((${last}), '${NO_LOAD}'), ${param(2, KEPT_AT.tipo)}, ${list} FROM ${table(target)}`,
      params: [ledgerName(target), en],
    },
  }
}

/** Drops the kept loads past the last N: by their time of replacement, the same for all the rows of one. */
function prune({ dialect, target, estrategia }: PlanInput<'full'>): Step {
  const { ident, table } = dialect
  const history = table(historyOf(target))
  const at = ident(KEPT_AT.nombre)
  const ranked = `SELECT x.${at} AS en, ROW_NUMBER() OVER (ORDER BY x.${at} DESC) AS puesto FROM (SELECT DISTINCT ${at} FROM ${history}) x`
  return {
    do: 'sql',
    what: 'quitar las cargas conservadas de más',
    statement: {
      sql: `DELETE FROM ${history} WHERE ${at} NOT IN (SELECT r.en FROM (${ranked}) r WHERE r.puesto <= ${estrategia.conservar})`,
      params: [],
    },
  }
}
