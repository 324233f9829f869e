import { z } from 'zod'
import { emisorDatosSchema, emisorSchema, permisoDatosSchema, permisoSchema } from '../model/emisor'
import { verdictSchema } from '../model/execution'
import { findingSchema } from '../model/findings'
import { calendarioEntradaSchema, frecuenciaSchema } from '../model/frecuencia'
import { esquemaCorregidoSchema, muestraInferidaSchema } from '../model/muestra'
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
const dia = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const page = {
  limit: z.number().int().min(1).max(5000).default(200),
  offset: z.number().int().min(0).default(0),
}
/** A token from the renderer, a path once it has passed main. */
const archivo = z.union([z.strictObject({ token: z.uuid() }), z.strictObject({ path: text(4096) })])

/** Casillas that work by themselves: the SAGE daemon, senders, frequencies, YAML from a sample. */
export const recepcionOperations = {
  'recepcion.estado': query(none, z.object({ items: z.array(casillaRecepcionSchema) })),
  'recepcion.archivos': query(
    z.strictObject({
      ...page,
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

  'emisores.list': query(none, z.object({ items: z.array(emisorSchema) })),
  'emisores.create': command(emisorDatosSchema, emisorSchema),
  'emisores.update': command(z.strictObject({ id, datos: emisorDatosSchema }), emisorSchema, {
    idempotent: true,
  }),
  'emisores.remove': command(z.strictObject({ id }), done, { idempotent: true }),
  'casillas.permisos': query(z.strictObject({ casillaId: id }), z.object({ items: z.array(permisoSchema) })),
  /** With `id` changes that permission, without it adds one. Makes the sub-folder when the casilla has a folder. */
  'casillas.guardarPermiso': command(
    z.strictObject({ casillaId: id, id: id.optional(), datos: permisoDatosSchema }),
    permisoSchema,
  ),
  'casillas.quitarPermiso': command(z.strictObject({ id }), done, { idempotent: true }),

  /** What is due, received and late between two days (both included, at most 400). */
  'calendario.list': query(
    z.strictObject({ desde: dia, hasta: dia, casillaId: id.optional() }),
    z.object({ items: z.array(calendarioEntradaSchema) }),
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

  /** Reads a sample and proposes a schema. `opciones` corrects what was sniffed. */
  'muestras.inferir': query(
    z.strictObject({
      archivo,
      opciones: z
        .strictObject({
          encabezado: z.boolean().optional(),
          delimitador: z.string().length(1).optional(),
        })
        .default({}),
    }),
    muestraInferidaSchema,
    { role: 'admin', deadlineMs: 300_000 },
  ),
  'muestras.yaml': query(z.strictObject({ esquema: esquemaCorregidoSchema }), z.object({ yaml: z.string() })),
  /** Judges the sample with a YAML that is not saved; nothing is kept. */
  'muestras.probar': query(
    z.strictObject({ archivo, yaml: text(50 * 1024 * 1024) }),
    z.object({ verdict: verdictSchema, findings: z.array(findingSchema) }),
    { role: 'admin', deadlineMs: 300_000 },
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
