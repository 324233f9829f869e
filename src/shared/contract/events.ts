import { z } from 'zod'
import { appErrorDataSchema } from '../errors/app-error'
import { ejecucionSchema, progressSchema } from '../model/execution'
import { cargaSchema, progresoCargaSchema } from '../model/materializacion'
import { transferenciaSchema } from '../model/proveedor'
import { archivoRecibidoSchema, casillaRecepcionSchema } from '../model/recepcion'

/** Engine as the console shows it: listo, iniciando, recuperándose, detenido. */
export const engineStateSchema = z.object({
  state: z.enum(['starting', 'ready', 'degraded', 'stopped']),
  since: z.string(),
  restarts: z.number().int(),
  /** Why it is not ready, in words, and the log that tells more. */
  reason: z.string().nullable(),
  logFile: z.string().nullable(),
  lastError: appErrorDataSchema.nullable(),
})
export type EngineState = z.infer<typeof engineStateSchema>

export const events = {
  'engine.state': engineStateSchema,
  'execution.progress': progressSchema,
  /** Any change of an execution's row: created, started, ended, interrupted. */
  'execution.changed': ejecucionSchema,
  'execution.removed': z.object({ executionId: z.string() }),
  'casillas.changed': z.object({ id: z.number().int().nullable() }),
  'casillas.removed': z.object({ id: z.number().int() }),
  'emisores.changed': z.object({ id: z.number().int() }),
  /** null: what was changed is where their key is, or all of them. */
  'secretos.changed': z.object({ id: z.number().int().nullable() }),
  /** A file moved on its way through a casilla. At most ten a second per casilla; the last state always comes. */
  'recepcion.archivo': archivoRecibidoSchema,
  'recepcion.casilla': casillaRecepcionSchema,
  'destinos.changed': z.object({ id: z.number().int() }),
  /** Configuration or state; null: many. */
  'materializaciones.changed': z.object({ id: z.number().int().nullable() }),
  /** Any change of a load's row. */
  'cargas.changed': cargaSchema,
  /** At most ten a second per load. */
  'cargas.progress': progresoCargaSchema,
  'proveedores.changed': z.object({ id: z.number().int() }),
  /** At most ten a second per transfer. */
  'proveedores.transferencia': transferenciaSchema,
} as const

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<N extends EventName> = z.output<Events[N]>
