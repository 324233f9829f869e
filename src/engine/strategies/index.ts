export { type BoundStrategy, strategyOf } from './registry'
export { LEDGER_NAME_MAX, ledgerName } from './shared/ledger-name'
export { LISTED } from './shared/steps'
export type { ListingCheck, PlanContext, Step, TablePlan } from './types'
