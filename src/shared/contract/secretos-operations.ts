import { z } from 'zod'
import {
  estadoSecretosSchema,
  fraseNuevaSchema,
  fraseSchema,
  rotacionSchema,
  secretoCambioSchema,
  secretoInfoSchema,
  secretoNuevoSchema,
} from '../model/secreto'
import { command, query } from './operation'

const id = z.number().int().positive()
const none = z.strictObject({})
const done = z.object({ ok: z.literal(true) })

/** A keychain may ask the person for its password before it answers. */
const PATIENT = { deadlineMs: 60_000 }

/** Credentials: what goes in is marked as secret, and no answer ever holds a value. */
export const secretosOperations = {
  'secretos.list': query(none, z.object({ items: z.array(secretoInfoSchema) })),
  /** The first one makes the data key in the system's keychain; without one it is refused until a person makes a vault. */
  'secretos.create': command(secretoNuevoSchema, secretoInfoSchema, PATIENT),
  /** What is absent stays; of the values, only those named change, and null takes one away. */
  'secretos.update': command(z.strictObject({ id, datos: secretoCambioSchema }), secretoInfoSchema, PATIENT),
  /** Refused while something uses it (SECRET_IN_USE). */
  'secretos.remove': command(z.strictObject({ id }), done, { idempotent: true }),
  /** Where the key is and whether secrets can be used; asks the keychain. */
  'secretos.estado': query(none, estadoSecretosSchema, PATIENT),
  /** Seals everything again under a new key, kept where the present one is, while the engine works. */
  'secretos.rotarClave': command(none, rotacionSchema, PATIENT),
  /** Moves what the keychain's key seals, if anything, to a new vault. */
  'secretos.crearBoveda': command(z.strictObject({ frase: fraseNuevaSchema }), rotacionSchema, PATIENT),
  'secretos.usarLlavero': command(none, rotacionSchema, PATIENT),
  'secretos.desbloquear': command(z.strictObject({ frase: fraseSchema }), done, { idempotent: true }),
  'secretos.bloquear': command(none, done, { idempotent: true }),
  'secretos.cambiarFrase': command(z.strictObject({ actual: fraseSchema, nueva: fraseNuevaSchema }), done),
  /** Gives the present key up: what it sealed must be written again. */
  'secretos.darClavePorPerdida': command(none, done),
}
