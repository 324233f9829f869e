import { z } from 'zod'
import { fieldTypeSchema } from './schema'

/** What one column of a sample looks like. Rates are 0..1. */
export const columnaInferidaSchema = z.object({
  /** Name in the header, or COLUMNA_1, COLUMNA_2... without one. */
  nombre: z.string(),
  tipo: fieldTypeSchema,
  /** Format of a date column, as SAGE YAML writes it. */
  formato: z.string().nullable(),
  /** Decimal and thousands marks, when not those of SAGE YAML. */
  decimal: z.string().nullable(),
  miles: z.string().nullable(),
  obligatorio: z.boolean(),
  unico: z.boolean(),
  nulos: z.number(),
  distintos: z.number().int(),
  ejemplos: z.array(z.string()),
  /** A closed set of few values, when the column looks like one. */
  valores: z.array(z.string()).nullable(),
  minimo: z.string().nullable(),
  maximo: z.string().nullable(),
  /** Why this type, in words. */
  porque: z.string(),
})
export type ColumnaInferida = z.infer<typeof columnaInferidaSchema>

export const catalogoInferidoSchema = z.object({
  id: z.string(),
  nombre: z.string(),
  archivo: z.string(),
  formato: z.enum(['CSV', 'EXCEL']),
  delimitador: z.string().nullable(),
  hoja: z.string().nullable(),
  encabezado: z.boolean(),
  /** Why it has a header or not, in words: data taken for a header is the classic mistake. */
  porqueEncabezado: z.string(),
  codificacion: z.string(),
  registros: z.number().int(),
  columnas: z.array(columnaInferidaSchema),
  /** Column sets whose values never repeat, the best first. */
  claves: z.array(z.array(z.string())),
  /** First records, as text. */
  filas: z.array(z.array(z.string().nullable())),
  avisos: z.array(z.string()),
})
export type CatalogoInferido = z.infer<typeof catalogoInferidoSchema>

export const relacionInferidaSchema = z.object({
  desde: z.object({ catalogo: z.string(), columna: z.string() }),
  hacia: z.object({ catalogo: z.string(), columna: z.string() }),
  /** Share of the values that are found there, 0..1. */
  cobertura: z.number(),
})
export type RelacionInferida = z.infer<typeof relacionInferidaSchema>

export const muestraInferidaSchema = z.object({
  nombre: z.string(),
  archivo: z.string(),
  empaquetado: z.enum(['ZIP', 'SIMPLE']),
  catalogos: z.array(catalogoInferidoSchema),
  relaciones: z.array(relacionInferidaSchema),
})
export type MuestraInferida = z.infer<typeof muestraInferidaSchema>

/** What the person left after correcting the table: what the YAML is written from. */
export const esquemaCorregidoSchema = z.strictObject({
  nombre: z.string().min(1).max(255),
  descripcion: z.string().max(1000).default(''),
  archivo: z.string().min(1).max(255),
  empaquetado: z.enum(['ZIP', 'SIMPLE']),
  catalogos: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        nombre: z.string().min(1).max(255),
        archivo: z.string().min(1).max(255),
        formato: z.enum(['CSV', 'EXCEL']),
        delimitador: z.string().length(1).nullable(),
        hoja: z.string().max(255).nullable(),
        encabezado: z.boolean(),
        columnas: z
          .array(
            z.strictObject({
              nombre: z.string().min(1).max(255),
              tipo: fieldTypeSchema,
              formato: z.string().max(50).nullable(),
              decimal: z.string().length(1).nullable(),
              miles: z.string().length(1).nullable(),
              obligatorio: z.boolean(),
              unico: z.boolean(),
              /** Closed set to be held by a rule; null for none. */
              valores: z.array(z.string().max(255)).max(200).nullable(),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
  /** References kept by package rules. */
  relaciones: z.array(relacionInferidaSchema.omit({ cobertura: true })).default([]),
})
export type EsquemaCorregido = z.infer<typeof esquemaCorregidoSchema>
