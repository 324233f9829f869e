import { z } from 'zod'
import { fieldTypeSchema } from './schema'

/** Kinds of file a catalog of a sample can be. */
export const FORMATOS_MUESTRA = ['CSV', 'EXCEL', 'JSONL', 'PARQUET'] as const
export const formatoMuestraSchema = z.enum(FORMATOS_MUESTRA)
export type FormatoMuestra = z.infer<typeof formatoMuestraSchema>

const forma = {
  tipo: fieldTypeSchema,
  /** Format of a date column, as SAGE YAML writes it. */
  formato: z.string().max(50).nullable(),
  /** Decimal and thousands marks, when not those of SAGE YAML. */
  decimal: z.string().max(4).nullable(),
  miles: z.string().max(4).nullable(),
  /** The blanks around the value do not count. */
  recortar: z.boolean(),
}

/** What one column of a sample looks like, over the whole file. */
export const columnaInferidaSchema = z.object({
  /** The one of the header, or COLUMNA_1, COLUMNA_2... without one; never empty, never repeated. */
  nombre: z.string(),
  ...forma,
  obligatorio: z.boolean(),
  unico: z.boolean(),
  /** Share of empty cells, 0..1. */
  nulos: z.number().min(0).max(1),
  distintos: z.number().int(),
  /** `distintos` was counted one by one, not estimated. */
  distintosExactos: z.boolean(),
  /** No value comes twice in the sample, whatever is proposed in `unico`. */
  sinRepetir: z.boolean(),
  ejemplos: z.array(z.string()),
  /** A closed set of few values, when the column looks like one. */
  valores: z.array(z.string()).nullable(),
  minimo: z.string().nullable(),
  maximo: z.string().nullable(),
  /** Why this type, in words. */
  porque: z.string(),
})
export type ColumnaInferida = z.infer<typeof columnaInferidaSchema>

/** Whether the first row is a header, and why: data taken for a header is the classic mistake. */
export const decisionEncabezadoSchema = z.object({
  encabezado: z.boolean(),
  seguridad: z.enum(['alta', 'media', 'baja', 'persona']),
  razones: z.array(z.string()),
  primeraFila: z.array(z.string()),
})
export type DecisionEncabezado = z.infer<typeof decisionEncabezadoSchema>

export const catalogoInferidoSchema = z.object({
  id: z.string(),
  nombre: z.string(),
  /** The file as it came: what `correcciones` names. */
  origen: z.string(),
  /** Name for the YAML: exact, or a pattern with `*` where the sample has a date. */
  archivo: z.string(),
  formato: formatoMuestraSchema,
  delimitador: z.string().nullable(),
  hoja: z.string().nullable(),
  hojas: z.array(z.string()),
  codificacion: z.string().nullable(),
  decision: decisionEncabezadoSchema,
  registros: z.number().int(),
  columnas: z.array(columnaInferidaSchema),
  /** Column sets whose values never repeat, the best first. */
  claves: z.array(z.array(z.string())),
  /** First records, as text. */
  filas: z.array(z.array(z.string().nullable())),
  avisos: z.array(z.string()),
})
export type CatalogoInferido = z.infer<typeof catalogoInferidoSchema>

const extremo = z.strictObject({ catalogo: z.string().min(1).max(100), columna: z.string().min(1).max(255) })

export const relacionInferidaSchema = z.object({
  desde: extremo,
  hacia: extremo,
  /** Share of the distinct values that are found there, 0..1. */
  cobertura: z.number(),
})
export type RelacionInferida = z.infer<typeof relacionInferidaSchema>

export const muestraInferidaSchema = z.object({
  nombre: z.string(),
  archivo: z.string(),
  empaquetado: z.enum(['ZIP', 'SIMPLE']),
  catalogos: z.array(catalogoInferidoSchema),
  relaciones: z.array(relacionInferidaSchema),
  avisos: z.array(z.string()),
})
export type MuestraInferida = z.infer<typeof muestraInferidaSchema>

/** What the person says of one file of the sample against what was sniffed. */
export const correccionMuestraSchema = z.strictObject({
  origen: z.string().min(1).max(1024),
  encabezado: z.boolean().optional(),
  delimitador: z.string().min(1).max(2).optional(),
  hoja: z.string().max(255).optional(),
})
export type CorreccionMuestra = z.infer<typeof correccionMuestraSchema>

/** What the person left after correcting the table: what the YAML is written from. */
export const esquemaCorregidoSchema = z.strictObject({
  nombre: z.string().min(1).max(255),
  descripcion: z.string().max(1000).default(''),
  empaquetado: z.enum(['ZIP', 'SIMPLE']),
  catalogos: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        nombre: z.string().min(1).max(255),
        archivo: z.string().min(1).max(1024),
        formato: formatoMuestraSchema,
        delimitador: z.string().min(1).max(2).nullable(),
        hoja: z.string().max(255).nullable(),
        codificacion: z.string().max(40).nullable(),
        encabezado: z.boolean(),
        columnas: z
          .array(
            z.strictObject({
              nombre: z.string().min(1).max(1024),
              ...forma,
              obligatorio: z.boolean(),
              unico: z.boolean(),
              /** Closed set to be held by a rule; null for none. */
              valores: z.array(z.string().max(1024)).max(200).nullable(),
            }),
          )
          .min(1)
          .max(5000),
      }),
    )
    .min(1)
    .max(200),
  /** References kept by package rules. */
  relaciones: z.array(z.strictObject({ desde: extremo, hacia: extremo })).default([]),
})
export type EsquemaCorregido = z.infer<typeof esquemaCorregidoSchema>
