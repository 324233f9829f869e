import { z } from 'zod'
import { verdictSchema } from '../model/execution'
import { findingSchema } from '../model/findings'
import { correccionMuestraSchema, esquemaCorregidoSchema, muestraInferidaSchema } from '../model/muestra'
import { query } from './operation'

/** A file the person chose: a token for the renderer, a path once it has passed main. */
const archivo = z.union([z.strictObject({ token: z.uuid() }), z.strictObject({ path: z.string().max(4096) })])

/** A first YAML from a sample file. */
export const muestrasOperations = {
  /** Reads a sample whole and proposes a schema. `correcciones` says otherwise than what was sniffed. */
  'muestras.inferir': query(
    z.strictObject({ archivo, correcciones: z.array(correccionMuestraSchema).max(200).default([]) }),
    muestraInferidaSchema,
    { role: 'admin', deadlineMs: 300_000 },
  ),
  'muestras.yaml': query(
    z.strictObject({ esquema: esquemaCorregidoSchema }),
    z.object({ yaml: z.string() }),
    {
      role: 'admin',
    },
  ),
  /** Judges the sample with a YAML that is not saved; nothing is kept. */
  'muestras.probar': query(
    z.strictObject({ archivo, yaml: z.string().max(50 * 1024 * 1024) }),
    z.object({ verdict: verdictSchema, findings: z.array(findingSchema) }),
    { role: 'admin', deadlineMs: 300_000 },
  ),
}
