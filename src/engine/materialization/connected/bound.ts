import { duckdb } from '@engine/destinations/duckdb'
import { interno } from '@engine/destinations/interno'
import { mysql } from '@engine/destinations/mysql'
import { postgres } from '@engine/destinations/postgres'
import { sqlite } from '@engine/destinations/sqlite'
import { sqlserver } from '@engine/destinations/sqlserver'
import type {
  DestinationSecrets,
  Dialect,
  OpenContext,
  Session,
  SqlDestination,
} from '@engine/destinations/types'
import type { DestinoConfig, DestinoConfigOf, PruebaDestino, TipoDestino } from '@shared/model/destino'

/** A database, with its configuration in it. */
export interface BoundDestination {
  dialect: Dialect
  open(secrets: DestinationSecrets, context: OpenContext): Promise<Session>
  probar(secrets: DestinationSecrets, context: OpenContext): Promise<PruebaDestino>
}

const bind = <T extends TipoDestino>(
  plug: SqlDestination<T>,
  config: DestinoConfigOf<T>,
): BoundDestination => ({
  dialect: plug.dialect(config),
  open: (secrets, context) => plug.open(config, secrets, context),
  probar: (secrets, context) => plug.probar(config, secrets, context),
})

/** The database that a configuration names; null for files. */
export function boundDestination(config: DestinoConfig): BoundDestination | null {
  switch (config.tipo) {
    case 'interno':
      return bind(interno, config)
    case 'duckdb':
      return bind(duckdb, config)
    case 'sqlite':
      return bind(sqlite, config)
    case 'postgres':
      return bind(postgres, config)
    case 'mysql':
      return bind(mysql, config)
    case 'sqlserver':
      return bind(sqlserver, config)
    case 'archivos':
    case 'proveedor':
      return null
  }
}
