import type { TipoEmisor } from '@shared/model/emisor'
import type { Frecuencia } from '@shared/model/frecuencia'

// Spelled here and held by their types, as in values.ts: the schemas would bring zod into the window.
export const TIPO_EMISOR_VALUES = [
  'interno',
  'corporativo',
  'distribuidora',
  'bot',
  'cadena mt',
  'eccomerce',
  'erp',
  'otros',
] as const satisfies readonly TipoEmisor[]
export const FRECUENCIA_VALUES = [
  'diario',
  'semanal',
  'quincenal',
  'mensual',
  'fin_de_mes',
  'hasta_dia_n',
  'bajo_demanda',
] as const satisfies readonly Frecuencia['tipo'][]
export type DiaSemana = Extract<Frecuencia, { tipo: 'semanal' }>['dias_semana'][number]
export const DIA_SEMANA_VALUES = [
  'lunes',
  'martes',
  'miercoles',
  'jueves',
  'viernes',
  'sabado',
  'domingo',
] as const satisfies readonly DiaSemana[]
