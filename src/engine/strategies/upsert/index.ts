import type { Statement } from '@engine/destinations/types'
import { mappedColumns, valueProblems } from '../shared/parameters'
import { keyChecks, names, staged } from '../shared/steps'
import type { PlanInput, Step, Strategy } from '../types'

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
    const { dialect, target, stage, estrategia } = input
    const { stage: steps, rows, drop } = staged(input)
    const mark = markOf(input)
    const write = dialect
      .upsert({ target, stage, columnas: names(input), clave: estrategia.clave, salvo: mark })
      .map((statement): Step => ({ do: 'sql', ...statement }))
    return {
      stage: steps,
      check: [rows, ...keyChecks(input, estrategia.clave)],
      clear: mark ? [removal(input, mark)] : [],
      write,
      drop,
      exclusive: true,
    }
  },
}

function markOf({ columnas, estrategia }: PlanInput<'upsert'>) {
  const { borrarSi } = estrategia
  const columna = columnas.find(({ nombre }) => nombre === borrarSi?.columna)
  return borrarSi && columna ? { columna, valor: borrarSi.valor } : null
}

function removal(
  { dialect, target, stage, estrategia }: PlanInput<'upsert'>,
  { columna, valor }: NonNullable<ReturnType<typeof markOf>>,
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
