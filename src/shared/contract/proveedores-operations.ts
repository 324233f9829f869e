import { z } from 'zod'
import {
  configProveedorSchema,
  entradaProveedorSchema,
  proveedorSchema,
  pruebaProveedorSchema,
  redProveedorSchema,
  tipoProveedorSchema,
  vistaPreviaSchema,
} from '../model/proveedor'
import { secret } from '../model/secret-field'
import { nombreValorSchema } from '../model/secreto'
import { command, query } from './operation'

const id = z.number().int().positive()
const text = (max: number) => z.string().max(max)
const none = z.strictObject({})
const done = z.object({ ok: z.literal(true) })
/** Below the base of the provider; the engine refuses what leads out of it. */
const ruta = text(4096)
/** File or folder that a person chose: a token for the renderer, a path once it has passed main (or from the terminal). */
const elegido = z.union([z.strictObject({ token: z.uuid() }), z.strictObject({ path: text(4096) })])
const lugar = elegido.nullable().default(null)

/** A transfer lasts what it lasts; it is cancelled as any call is. */
const TRANSFER_MS = 12 * 3600 * 1000
const REMOTE_MS = 120_000

const conexion = {
  tipo: text(40),
  config: configProveedorSchema,
  /** Of a kind that is a folder of this machine; null keeps the one it has. */
  lugar,
  red: redProveedorSchema.default(redProveedorSchema.parse({})),
  /** Credential in `secretos_nube`. */
  secretoId: id.nullable().default(null),
}
const datos = { nombre: text(255).min(1), descripcion: text(1000).default(''), ...conexion }

/** Providers: where they are, how they are, what is in them. */
export const proveedoresOperations = {
  'proveedores.tipos': query(none, z.object({ items: z.array(tipoProveedorSchema) })),
  'proveedores.list': query(none, z.object({ items: z.array(proveedorSchema) })),
  'proveedores.create': command(z.strictObject(datos), proveedorSchema),
  'proveedores.update': command(z.strictObject({ id, ...datos }), proveedorSchema, { idempotent: true }),
  'proveedores.remove': command(z.strictObject({ id }), done, { idempotent: true }),
  /** A saved provider, whose result is kept; or one that is being written (`de`: the saved one that is being changed). */
  'proveedores.probar': command(
    z.union([
      z.strictObject({ id }),
      z.strictObject({
        ...conexion,
        de: id.optional(),
        /** Typed and not saved yet: they go before those of the credential. */
        valores: z.record(nombreValorSchema, secret()).optional(),
      }),
    ]),
    pruebaProveedorSchema,
    { idempotent: true, deadlineMs: REMOTE_MS },
  ),
  /** Latest first; the last fifty are kept. */
  'proveedores.pruebas': query(z.strictObject({ id }), z.object({ items: z.array(pruebaProveedorSchema) })),

  'proveedores.explorar': query(
    z.strictObject({
      id,
      ruta: ruta.default(''),
      cursor: text(4096).nullable().default(null),
      limite: z.number().int().min(1).max(1000).default(500),
    }),
    z.object({
      items: z.array(entradaProveedorSchema),
      cursor: z.string().nullable(),
      /** What else can be done here. */
      puede: z.object({ enlace: z.boolean(), crearContenedor: z.boolean() }),
    }),
    { deadlineMs: REMOTE_MS },
  ),
  /** The beginning of a text or a CSV, the first rows of a Parquet. */
  'proveedores.vistaPrevia': query(z.strictObject({ id, ruta }), vistaPreviaSchema, {
    deadlineMs: REMOTE_MS,
  }),
  /** Sends a file of the person's into a folder; its progress comes as `proveedores.transferencia`. */
  'proveedores.subir': command(
    z.strictObject({
      id,
      carpeta: ruta.default(''),
      lugar: elegido,
      reemplazar: z.boolean().default(false),
      transferencia: z.uuid(),
    }),
    z.object({ ruta: z.string(), bytes: z.number(), sha256: z.string() }),
    { role: 'operate', deadlineMs: TRANSFER_MS },
  ),
  /** Brings a file into a folder that the person chose; one of that name that is there stays, and the new one gets a number. */
  'proveedores.descargar': command(
    z.strictObject({ id, ruta, lugar: elegido, transferencia: z.uuid() }),
    z.object({ archivo: z.string(), bytes: z.number(), sha256: z.string() }),
    { role: 'operate', deadlineMs: TRANSFER_MS },
  ),
  'proveedores.eliminar': command(z.strictObject({ id, ruta }), done, {
    role: 'operate',
    idempotent: true,
    deadlineMs: REMOTE_MS,
  }),
  /** A link that lets whoever has it read the file until it expires; at most seven days. */
  'proveedores.enlace': command(
    z.strictObject({
      id,
      ruta,
      segundos: z
        .number()
        .int()
        .min(60)
        .max(7 * 24 * 3600),
    }),
    z.object({ url: z.string(), venceEn: z.string() }),
    { role: 'operate', deadlineMs: REMOTE_MS },
  ),
  /** Makes the bucket or container that the provider names. */
  'proveedores.crearContenedor': command(z.strictObject({ id }), done, { deadlineMs: REMOTE_MS }),
} as const
