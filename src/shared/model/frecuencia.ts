import { z } from 'zod'

export const DIAS_SEMANA = ['lunes', 'martes', 'miercoles', 'jueves', 'viernes', 'sabado', 'domingo'] as const
/** Existing configurations write `miércoles` and `sábado`. */
const withoutAccents = (value: unknown): unknown =>
  typeof value === 'string' ? value.normalize('NFD').replace(/\p{Diacritic}/gu, '') : value
export const diaSemanaSchema = z.preprocess(withoutAccents, z.enum(DIAS_SEMANA))

/** HH:MM of the casilla's time zone: what is due is due then. */
const hora = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .default('23:59')
/** The original platform stores days as text. */
const diaMes = z.coerce.number().int().min(1).max(31)

/** Expected submission (reference, 6.4: `configuracion_frecuencia`). */
export const frecuenciaSchema = z.discriminatedUnion('tipo', [
  z.strictObject({ tipo: z.literal('diario'), hora }),
  z.strictObject({ tipo: z.literal('semanal'), hora, dias_semana: z.array(diaSemanaSchema).min(1) }),
  /** 1st and 15th. */
  z.strictObject({ tipo: z.literal('quincenal'), hora }),
  /** A day past the month's end is its last day. */
  z.strictObject({ tipo: z.literal('mensual'), hora, dias_mes: z.array(diaMes).min(1) }),
  z.strictObject({ tipo: z.literal('fin_de_mes'), hora }),
  z.strictObject({ tipo: z.literal('hasta_dia_n'), hora, dia_limite: diaMes }),
  /** Existing configurations carry an hour that means nothing here. */
  z.strictObject({ tipo: z.literal('bajo_demanda'), hora: hora.optional() }),
])
export type Frecuencia = z.infer<typeof frecuenciaSchema>
export const TIPOS_FRECUENCIA = [
  'diario',
  'semanal',
  'quincenal',
  'mensual',
  'fin_de_mes',
  'hasta_dia_n',
  'bajo_demanda',
] as const satisfies readonly Frecuencia['tipo'][]

/** Where a sender stands against its frequency. `sin_frecuencia`: nothing is expected. */
export const puntualidadSchema = z.object({
  estado: z.enum(['al_dia', 'pendiente', 'atrasado', 'sin_frecuencia']),
  /** Last real submission, ISO UTC. */
  ultimoEnvio: z.string().nullable(),
  /** Last date that was due, ISO UTC. */
  ultimaEsperada: z.string().nullable(),
  /** Next date due, ISO UTC. */
  proximaEsperada: z.string().nullable(),
  /** Minutes late; 0 when it is not. */
  minutosTarde: z.number().int().nonnegative(),
})
export type Puntualidad = z.infer<typeof puntualidadSchema>
