import { z } from 'zod'
import { appErrorDataSchema } from '../errors/app-error'

export const PROTOCOL = 1
const callId = z.number().int().nonnegative()

/** Main -> engine. Input stays unknown until the operation's own schema parses it. */
export const toEngineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: callId, op: z.string(), input: z.unknown() }),
  z.strictObject({ kind: z.literal('cancel'), id: callId }),
  z.strictObject({ kind: z.literal('subscribe'), topic: z.string() }),
  z.strictObject({ kind: z.literal('unsubscribe'), topic: z.string() }),
  z.strictObject({ kind: z.literal('shutdown') }),
])
export type ToEngine = z.infer<typeof toEngineSchema>

/** Engine -> main. */
export const fromEngineSchema = z.union([
  z.strictObject({
    kind: z.literal('hello'),
    protocol: z.literal(PROTOCOL),
    pid: z.number().int(),
    version: z.string(),
  }),
  z.strictObject({ kind: z.literal('ready') }),
  /** The engine could not start (store newer than the program, migration failed...): it says why before it exits. */
  z.strictObject({ kind: z.literal('fatal'), error: appErrorDataSchema }),
  z.strictObject({ kind: z.literal('result'), id: callId, ok: z.literal(true), output: z.unknown() }),
  z.strictObject({ kind: z.literal('result'), id: callId, ok: z.literal(false), error: appErrorDataSchema }),
  z.strictObject({ kind: z.literal('event'), topic: z.string(), payload: z.unknown() }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>
