import { mappedColumns, valueProblems } from '../shared/parameters'
import { insertsAll } from '../shared/rehearsal'
import { filled, insertAll, repeatedKeys, staged } from '../shared/steps'
import type { PlanContext, PlanInput, Step, Strategy, StrategyProblem, TablePlan } from '../types'
import { whereOf } from './conditions'

/** Deletes by the key, by the partitions of the load or by a condition, then adds the rows of the load. */
export const deleteInsert: Strategy<'delete_insert'> = {
  tipo: 'delete_insert',
  key: ({ borrar }) => (borrar.por === 'clave' ? borrar.clave : null),
  extraTables: () => [],
  check({ borrar }, tabla) {
    if (borrar.por === 'clave') return mappedColumns(borrar.clave, tabla, 'la clave')
    if (borrar.por === 'particion') return mappedColumns(borrar.columnas, tabla, 'las columnas de partición')
    return borrar.condiciones.flatMap(({ columna, operador, valores }) => [
      ...mappedColumns([columna], tabla, 'la condición'),
      ...valueProblems(columna, valores, tabla),
      ...missingValues(columna, operador, valores.length),
    ])
  },
  plan(input) {
    const { borrar } = input.estrategia
    if (borrar.por === 'condicion') return byCondition(input)
    const columnas = borrar.por === 'clave' ? borrar.clave : borrar.columnas
    const { stage, rows, drop } = staged(input)
    const checks = borrar.por === 'clave' ? [repeatedKeys(input, columnas)] : []
    const clear = [deletion(input, columnas)]
    if (borrar.por === 'particion') clear.push(...deletionOfNulls(input, columnas))
    return { stage, check: [rows, ...checks], clear, write: [insertAll(input)], drop, exclusive: true }
  },
  rehearse(input) {
    const { borrar } = input.estrategia
    if (borrar.por === 'condicion')
      return insertsAll(input, { where: whereOf(borrar.condiciones, input.columnas, input.dialect) })
    const columnas = borrar.por === 'clave' ? borrar.clave : borrar.columnas
    const { stage, rows, drop } = staged(input)
    const checks = borrar.por === 'clave' ? [repeatedKeys(input, columnas)] : []
    const where = { sql: present(input, columnas), params: [] }
    return { ...insertsAll(input, { where }), stage, check: [rows, ...checks], drop }
  },
}

function missingValues(columna: string, operador: string, values: number): StrategyProblem[] {
  const wanted = operador === 'en' ? values > 0 : operador.includes('nulo') ? values === 0 : values === 1
  if (wanted) return []
  return [
    {
      severidad: 'error',
      codigo: 'CONDICION_SIN_VALOR',
      columna,
      mensaje: `La condición de «${columna}» (${operador}) no tiene los valores que pide.`,
      sugerencia: 'Un valor para comparar, uno o más para «en», ninguno para los nulos.',
    },
  ]
}

function byCondition(input: PlanInput<'delete_insert'>): TablePlan {
  const { dialect, target, estrategia, columnas } = input
  const { fill, ...rest } = filled(input)
  const condiciones = estrategia.borrar.por === 'condicion' ? estrategia.borrar.condiciones : []
  const where = whereOf(condiciones, columnas, dialect)
  const statement = { sql: `DELETE FROM ${dialect.table(target)} WHERE ${where.sql}`, params: where.params }
  return {
    ...rest,
    clear: [{ do: 'sql', what: 'borrar por la condición', counts: 'eliminadas', statement }],
    write: [fill],
    exclusive: true,
  }
}

/** The rows of the target (alias `t`) that the load brings, with a value or without. */
function present({ dialect, stage }: PlanContext, columnas: readonly string[]): string {
  const { ident, table, sameOrNull } = dialect
  const distinct = `(SELECT DISTINCT ${columnas.map(ident).join(', ')} FROM ${table(stage)}) s`
  const equal = columnas.map((name) => `t.${ident(name)} = s.${ident(name)}`).join(' AND ')
  const some = columnas.map((name) => `t.${ident(name)} IS NULL`).join(' OR ')
  const same = columnas.map((name) => sameOrNull(`t.${ident(name)}`, `s.${ident(name)}`)).join(' AND ')
  return `EXISTS (SELECT 1 FROM ${distinct} WHERE ${equal}) OR ((${some}) AND EXISTS (SELECT 1 FROM ${distinct} WHERE ${same}))`
}

const deletion = ({ dialect, target, stage }: PlanContext, columnas: readonly string[]): Step => ({
  do: 'sql',
  what: 'borrar lo que la carga trae',
  counts: 'eliminadas',
  statement: dialect.deleteMatching(target, stage, columnas),
})

/** A partition without a value is a partition too. Apart, since no database joins fast on values that may be null. */
function deletionOfNulls({ dialect, target, stage }: PlanContext, columnas: readonly string[]): Step[] {
  const { ident } = dialect
  const some = columnas.map((name) => `${ident(name)} IS NULL`).join(' OR ')
  const own = dialect.table(target)
  const same = columnas
    .map((name) => dialect.sameOrNull(`${own}.${ident(name)}`, `s.${ident(name)}`))
    .join(' AND ')
  const list = columnas.map(ident).join(', ')
  const nulls = `SELECT DISTINCT ${list} FROM ${dialect.table(stage)} WHERE ${some}`
  return [
    {
      do: 'sql',
      what: 'borrar las particiones sin valor',
      counts: 'eliminadas',
      statement: {
        sql: `DELETE FROM ${own} WHERE (${some}) AND EXISTS (SELECT 1 FROM (${nulls}) s WHERE ${same})`,
        params: [],
      },
    },
  ]
}
