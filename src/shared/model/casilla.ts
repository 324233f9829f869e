import { z } from 'zod'
import { politicaSchema } from './execution'
import { frecuenciaSchema, puntualidadSchema } from './frecuencia'
import { origenRemotoSchema, vigilanciaSchema } from './recepcion'

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
  /** IANA zone in which its frequencies are read. */
  zonaHoraria: z.string(),
  /** Watched folder, absolute; null receives only what a person sends. */
  carpeta: z.string().nullable(),
  /** Where it receives from a provider, instead of a folder. */
  origenRemoto: origenRemotoSchema.nullable(),
  vigilancia: vigilanciaSchema,
  frecuencia: frecuenciaSchema.nullable(),
  puntualidad: puntualidadSchema,
  /** -10..10; the higher goes first. */
  prioridad: z.number().int(),
  pausadaEn: z.string().nullable(),
  /** Ended executions, newest last, at most 20: what a sparkline draws. */
  recientes: z.array(
    z.object({
      id: z.string(),
      archivo: z.string(),
      estado: z.string(),
      registros: z.number().int(),
      errores: z.number().int(),
      terminadaEn: z.string(),
    }),
  ),
  emisores: z.number().int(),
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
