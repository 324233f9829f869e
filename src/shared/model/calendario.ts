import { z } from 'zod'
import { estadoSchema } from './execution'

const id = z.number().int().positive()

/**
 * `recibido`: something came for it. `atrasado`: its time passed, nothing has come since, and it is the last one due.
 * `falto`: nothing came for it and another one was due, or came, after it. `pendiente`: its time is still to come.
 */
export const ESTADOS_ESPERA = ['recibido', 'pendiente', 'atrasado', 'falto'] as const
export const estadoEsperaSchema = z.enum(ESTADOS_ESPERA)
export type EstadoEspera = z.infer<typeof estadoEsperaSchema>

/** One date on which a casilla, or one of its senders, expects a submission. */
export const esperaSchema = z.object({
  casillaId: id,
  casillaNombre: z.string(),
  /** null: whoever sends to the casilla. */
  emisorId: id.nullable(),
  emisorNombre: z.string().nullable(),
  /** Due instant, ISO UTC. */
  fecha: z.string(),
  /** The day and time it is on the clocks of the casilla: YYYY-MM-DD and HH:MM. */
  dia: z.string(),
  hora: z.string(),
  estado: estadoEsperaSchema,
  /**
   * Received: minutes after it was due, 0 when in time. Late or missed: minutes since the first of the dates missed in a row, until
   * something came or until now.
   */
  minutosTarde: z.number().int().nonnegative(),
  /** What answered it: when it came, its file, its execution (null while it waits) and how that ended. */
  recibidoEn: z.string().nullable(),
  archivo: z.string().nullable(),
  archivoId: id.nullable(),
  executionId: z.string().nullable(),
  resultado: estadoSchema.nullable(),
})
export type Espera = z.infer<typeof esperaSchema>

/** How many dates of each state a day has. `tarde`: of those received, the ones that came late. */
export const diaCalendarioSchema = z.object({
  dia: z.string(),
  recibido: z.number().int(),
  tarde: z.number().int(),
  pendiente: z.number().int(),
  atrasado: z.number().int(),
  falto: z.number().int(),
})
export type DiaCalendario = z.infer<typeof diaCalendarioSchema>
