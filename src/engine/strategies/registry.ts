import type { Estrategia, TablaMaterializada, TipoEstrategia } from '@shared/model/materializacion'
import { append } from './append'
import { deleteInsert } from './delete-insert'
import { full } from './full'
import { truncateInsert } from './truncate-insert'
import type { EstrategiaOf, PlanContext, Rehearsal, Strategy, StrategyProblem, TablePlan } from './types'
import { upsert } from './upsert'

/** A strategy with the parameters of one table. */
export interface BoundStrategy {
  tipo: TipoEstrategia
  key: readonly string[] | null
  extraTables(context: PlanContext): ReturnType<Strategy<TipoEstrategia>['extraTables']>
  check(tabla: TablaMaterializada): StrategyProblem[]
  plan(context: PlanContext): TablePlan
  rehearse(context: PlanContext): Rehearsal
}

function bind<T extends TipoEstrategia>(strategy: Strategy<T>, estrategia: EstrategiaOf<T>): BoundStrategy {
  return {
    tipo: strategy.tipo,
    key: strategy.key(estrategia),
    extraTables: (context) => strategy.extraTables({ ...context, estrategia }),
    check: (tabla) => strategy.check(estrategia, tabla),
    plan: (context) => strategy.plan({ ...context, estrategia }),
    rehearse: (context) => strategy.rehearse({ ...context, estrategia }),
  }
}

export function strategyOf(estrategia: Estrategia): BoundStrategy {
  switch (estrategia.tipo) {
    case 'append':
      return bind(append, estrategia)
    case 'upsert':
      return bind(upsert, estrategia)
    case 'delete_insert':
      return bind(deleteInsert, estrategia)
    case 'truncate_insert':
      return bind(truncateInsert, estrategia)
    case 'full':
      return bind(full, estrategia)
  }
}
