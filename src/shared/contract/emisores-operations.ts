import { z } from 'zod'
import { diaCalendarioSchema, esperaSchema, estadoEsperaSchema } from '../model/calendario'
import { emisorDatosSchema, emisorSchema, permisoDatosSchema, permisoSchema } from '../model/emisor'
import { command, query } from './operation'

const id = z.number().int().positive()
const done = z.object({ ok: z.literal(true) })
const dia = z.iso.date()

/** Days that a calendar gives at once. */
export const CALENDAR_MAX_DAYS = 400

/** Senders, what each may send to a casilla, and what is due, received and late. */
export const emisoresOperations = {
  'emisores.list': query(z.strictObject({}), z.object({ items: z.array(emisorSchema) })),
  'emisores.create': command(emisorDatosSchema, emisorSchema),
  'emisores.update': command(z.strictObject({ id, datos: emisorDatosSchema }), emisorSchema, {
    idempotent: true,
  }),
  /** Its permissions go with it; what it sent keeps its name. */
  'emisores.remove': command(z.strictObject({ id }), done, { idempotent: true }),

  'casillas.permisos': query(z.strictObject({ casillaId: id }), z.object({ items: z.array(permisoSchema) })),
  /** Adds the permission of a sender or changes the one it has. Makes its sub-folder when the casilla has a folder. */
  'casillas.guardarPermiso': command(
    z.strictObject({ casillaId: id, emisorId: id, datos: permisoDatosSchema }),
    permisoSchema,
    { idempotent: true },
  ),
  'casillas.quitarPermiso': command(z.strictObject({ casillaId: id, emisorId: id }), done, {
    idempotent: true,
  }),

  /**
   * What is expected between two days (both included, on the clocks of each casilla), in order: a page of it, and the count of each day
   * whatever the page and the state asked for.
   */
  'calendario.list': query(
    z.strictObject({
      desde: dia,
      hasta: dia,
      casillaId: id.optional(),
      emisorId: id.optional(),
      estado: estadoEsperaSchema.optional(),
      limit: z.number().int().min(1).max(5000).default(500),
      offset: z.number().int().min(0).default(0),
    }),
    z.object({
      items: z.array(esperaSchema),
      total: z.number().int(),
      /** Only days on which something is expected. */
      dias: z.array(diaCalendarioSchema),
    }),
  ),
}
