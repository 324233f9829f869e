import type { Statement } from '@engine/destinations/types'
import { mappedColumns, valueProblems } from '../shared/parameters'
import { firstOf, listed } from '../shared/rehearsal'
import { names, repeatedKeys, staged } from '../shared/steps'
import type { PlanInput, Rehearsal, Step, Strategy } from '../types'

/** Inserts what is missing and updates what is there, by key; with a delete mark, removes what is marked. */
export const upsert: Strategy<'upsert'> = {
  tipo: 'upsert',
  key: ({ clave }) => clave,
  extraTables: () => [],
  check: ({ clave, borrarSi }, tabla) => [
    ...mappedColumns(clave, tabla, 'la clave'),
    ...(borrarSi ? mappedColumns([borrarSi.columna], tabla, 'la marca de borrado') : []),
    ...(borrarSi ? valueProblems(borrarSi.columna, [borrarSi.valor], tabla) : []),
  ],
  plan(input) {
    const { dialect, target, stage, estrategia, claveUnica } = input
    const { stage: steps, rows, drop } = staged(input)
    const mark = markOf(input)
    const wanted = { target, stage, columnas: names(input), clave: estrategia.clave, salvo: mark }
    const repeats = repeatedKeys(input, estrategia.clave)
    const clear = mark ? [removal(input, mark)] : []
    const common = {
      stage: steps,
      clear,
      drop,
      exclusive: true,
      ...(mark ? { salvo: marked(input, mark) } : {}),
    }
    if (claveUnica && dialect.upsertByIndex) {
      const statement = dialect.upsertByIndex(wanted)
      const counts = ['insertadas', 'actualizadas'] as const
      const write: Step = { do: 'tally', what: 'insertar y actualizar', statement, counts }
      // The rows that the bulk load says it took were compared already: a stage has nothing that drops one.
      return { ...common, check: [], write: [write], explain: [repeats] }
    }
    const write = dialect.upsert(wanted).map((statement): Step => ({ do: 'sql', ...statement }))
    return { ...common, check: [rows, repeats], write }
  },
  rehearse(input) {
    const { stage, rows, drop } = staged(input)
    const check = [rows, repeatedKeys(input, input.estrategia.clave)]
    return { stage, check, drop, todas: false, ...changes(input) }
  },
}

/** What the rows of the stage would change, each kind apart. */
function changes(input: PlanInput<'upsert'>): Pick<Rehearsal, 'counts' | 'samples'> {
  const { dialect, target, stage, estrategia } = input
  const { ident, table, sameColumn } = dialect
  const own = (name: string): string => `t.${ident(name)}`
  const given = (name: string): string => `s.${ident(name)}`
  const key = estrategia.clave.map((name) => `${own(name)} = ${given(name)}`).join(' AND ')
  const written = names(input).filter((name) => !estrategia.clave.includes(name))
  const equal = written.map((name) => sameColumn(own(name), given(name))).join(' AND ') || '1 = 1'
  const mark = markOf(input)
  const params = mark ? [mark.valor] : []
  const gone = mark ? marked(input, mark).sql : '1 = 0'
  const both = `${table(target)} t JOIN ${table(stage)} s ON ${key}`
  const from = {
    eliminadas: `${both} WHERE ${gone}`,
    actualizadas: `${both} WHERE NOT (${gone}) AND NOT (${equal})`,
    sinCambio: `${both} WHERE NOT (${gone}) AND (${equal})`,
    insertadas: `${table(stage)} s WHERE NOT (${gone}) AND NOT EXISTS (SELECT 1 FROM ${table(target)} t WHERE ${key})`,
  }
  const counted = (['eliminadas', 'actualizadas', 'sinCambio', 'insertadas'] as const).map((of) => ({
    of,
    statement: { sql: `SELECT count(*) FROM ${from[of]}`, params },
  }))
  const [old, wanted] = [listed(input, 't'), listed(input, 's')]
  const sample = (cambio: Rehearsal['samples'][number]['cambio'], columns: string, rows: string) => ({
    ...{ cambio, statement: { sql: firstOf(input, columns, rows), params } },
  })
  const samples = [
    sample('actualizada', `${old}, ${wanted}`, from.actualizadas),
    sample('insertada', wanted, from.insertadas),
    sample('eliminada', old, from.eliminadas),
  ]
  return { counts: counted, samples }
}

/** The rows of the stage that carry the delete mark. */
const marked = ({ dialect }: PlanInput<'upsert'>, mark: Mark): Statement => ({
  sql: dialect.sameOrNull(`s.${dialect.ident(mark.columna.nombre)}`, dialect.param(1, mark.columna.tipo)),
  params: [mark.valor],
})

type Mark = NonNullable<ReturnType<typeof markOf>>

function markOf({ columnas, estrategia }: PlanInput<'upsert'>) {
  const { borrarSi } = estrategia
  const columna = columnas.find(({ nombre }) => nombre === borrarSi?.columna)
  return borrarSi && columna ? { columna, valor: borrarSi.valor } : null
}

function removal(
  { dialect, target, stage, estrategia }: PlanInput<'upsert'>,
  { columna, valor }: Mark,
): Step {
  const marked: Statement = {
    sql: `s.${dialect.ident(columna.nombre)} = ${dialect.param(1, columna.tipo)}`,
    params: [valor],
  }
  return {
    do: 'sql',
    what: 'borrar las marcadas',
    counts: 'eliminadas',
    statement: dialect.deleteMatching(target, stage, estrategia.clave, marked),
  }
}
