import type { DestinoConfigOf } from '@shared/model/destino'
import type { SqlDestination } from '../types'
import { postgresDialect } from './dialect'
import { probar } from './probe'
import { PostgresSession } from './session'

export const postgres: SqlDestination<'postgres'> = {
  tipo: 'postgres',
  dialect: () => postgresDialect,
  defaultSchema: ({ esquema }: DestinoConfigOf<'postgres'>) => esquema,
  open: (config, secrets, context) => PostgresSession.open(config, secrets, context),
  probar,
}
