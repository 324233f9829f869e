import type { DestinoConfigOf } from '@shared/model/destino'
import type { SqlDestination } from '../types'
import { postgresDialect } from './dialect'

export const postgres: SqlDestination<'postgres'> = {
  tipo: 'postgres',
  dialect: () => postgresDialect,
  defaultSchema: ({ esquema }: DestinoConfigOf<'postgres'>) => esquema,
  // The driver is read when it is first wanted: an engine without such a destination does not pay for it at each start.
  open: async (...args) => (await import('./session')).PostgresSession.open(...args),
  probar: async (...args) => (await import('./probe')).probar(...args),
}
