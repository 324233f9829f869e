import type { TipoDestino } from '@shared/model/destino'
import { duckdb } from './duckdb'
import { postgres } from './postgres'
import { sqlite } from './sqlite'
import type { SqlDestination } from './types'

/** The plugs of databases, by the kind of their configuration. */
export const SQL_DESTINATIONS = { postgres, sqlite, duckdb } as const satisfies {
  [T in TipoDestino]?: SqlDestination<T>
}
