import type { TableRef } from '@engine/destinations/types'

export const LEDGER_NAME_MAX = 600

/** A table as the ledger names it: not as the dialect quotes it, so that it reads the same everywhere; no two tables have one name. */
export const ledgerName = ({ esquema, tabla }: TableRef): string =>
  [esquema, tabla]
    .filter((part) => part !== null)
    .map((part) => part.replaceAll('.', '..'))
    .join('.')
