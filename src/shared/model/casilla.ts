import { z } from 'zod'
import { politicaSchema } from './execution'

export const casillaSchema = z.object({
  id: z.number().int().positive(),
  nombre: z.string(),
  descripcion: z.string(),
  activa: z.boolean(),
  politica: politicaSchema,
  nombreYaml: z.string(),
  /** Current version of its YAML, 1-based. */
  yamlVersion: z.number().int().positive(),
  /** Catalogs of the current YAML. */
  catalogos: z.array(
    z.object({ id: z.string(), nombre: z.string(), archivo: z.string(), campos: z.number().int() }),
  ),
  /** A sample input shipped with the product, ready to process. */
  muestra: z.string().nullable(),
  creadaEn: z.string(),
  actualizadaEn: z.string(),
  ultimaEjecucion: z
    .object({
      id: z.string(),
      estado: z.string().nullable(),
      fase: z.string(),
      terminadaEn: z.string().nullable(),
    })
    .nullable(),
})
export type Casilla = z.infer<typeof casillaSchema>

export const yamlVersionSchema = z.object({
  version: z.number().int().positive(),
  sha256: z.string(),
  creadaEn: z.string(),
  nota: z.string(),
})
export type YamlVersion = z.infer<typeof yamlVersionSchema>
