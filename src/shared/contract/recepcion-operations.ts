import { z } from 'zod'
import { frecuenciaSchema } from '../model/frecuencia'
import {
  archivoRecibidoSchema,
  casillaRecepcionSchema,
  desenlaceSchema,
  estadoArchivoSchema,
} from '../model/recepcion'
import { command, query } from './operation'

const id = z.number().int().positive()
const text = (max: number) => z.string().max(max)
const none = z.strictObject({})
const done = z.object({ ok: z.literal(true) })
const page = {
  limit: z.number().int().min(1).max(5000).default(200),
  offset: z.number().int().min(0).default(0),
}
/** Casillas that work by themselves: the SAGE daemon and the dates it expects. */
export const recepcionOperations = {
  'recepcion.estado': query(none, z.object({ items: z.array(casillaRecepcionSchema) })),
  'recepcion.archivos': query(
    z.strictObject({
      ...page,
      /** One file alone. */
      archivoId: id.optional(),
      casillaId: id.optional(),
      emisorId: id.optional(),
      estado: estadoArchivoSchema.optional(),
      desenlace: desenlaceSchema.optional(),
      /** Only what has no outcome yet. */
      abiertos: z.boolean().optional(),
      search: text(200).optional(),
      sort: z.enum(['detectadoEn', 'nombre', 'estado', 'bytes']).default('detectadoEn'),
      direction: z.enum(['asc', 'desc']).default('desc'),
    }),
    z.object({ items: z.array(archivoRecibidoSchema), total: z.number().int() }),
  ),
  /** Stops taking files; what runs ends. Nothing detected is lost. */
  'recepcion.pausar': command(z.strictObject({ casillaId: id }), done, { role: 'operate', idempotent: true }),
  'recepcion.reanudar': command(z.strictObject({ casillaId: id }), done, {
    role: 'operate',
    idempotent: true,
  }),
  /** Looks at the folder now, without waiting for the settle time, and puts the file (or all of them) first. */
  'recepcion.procesarAhora': command(
    z.strictObject({ casillaId: id, archivoId: id.optional() }),
    z.object({ archivos: z.number().int() }),
    { role: 'operate' },
  ),
  /** Takes files out of quarantine, to be tried again. */
  'recepcion.reintentar': command(
    z.strictObject({ archivoIds: z.array(id).min(1).max(5000) }),
    z.object({ archivos: z.number().int() }),
    { role: 'operate', idempotent: true },
  ),

  /** The next dates of a frequency, to see what one is choosing. */
  'frecuencia.proximas': query(
    z.strictObject({
      frecuencia: frecuenciaSchema,
      zonaHoraria: text(64),
      cuantas: z.number().int().min(1).max(60).default(10),
    }),
    z.object({ fechas: z.array(z.string()) }),
  ),

  /** Repeats many at once, in the order they came. */
  'executions.rerunMany': command(
    z.strictObject({ executionIds: z.array(z.uuid()).min(1).max(5000) }),
    z.object({
      started: z.number().int(),
      failed: z.array(z.object({ id: z.string(), message: z.string() })),
    }),
    { role: 'operate', deadlineMs: 120_000 },
  ),
}
