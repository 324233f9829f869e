import type { Frecuencia } from '@shared/model/frecuencia'
import { isNumber, isText, listOf, oneOf, orNull, shaped } from '../api/shape'
import type { Text } from '../app/prefs'
import { DIA_SEMANA_VALUES, type DiaSemana, FRECUENCIA_VALUES } from './emisor-values'

/** A frequency while it is edited: what one kind does not use is kept for when the person comes back to another. */
export interface FrecuenciaDraft {
  /** `ninguna`: nothing of its own is expected. */
  tipo: Frecuencia['tipo'] | 'ninguna'
  hora: string
  diasSemana: DiaSemana[]
  diasMes: number[]
  limite: number | null
}

export function draftOf(frecuencia: Frecuencia | null): FrecuenciaDraft {
  const draft: FrecuenciaDraft = {
    tipo: frecuencia?.tipo ?? 'ninguna',
    hora: frecuencia?.hora ?? '18:00',
    diasSemana: ['lunes'],
    diasMes: [1],
    limite: 10,
  }
  if (frecuencia?.tipo === 'semanal') draft.diasSemana = [...frecuencia.dias_semana]
  if (frecuencia?.tipo === 'mensual') draft.diasMes = [...frecuencia.dias_mes]
  if (frecuencia?.tipo === 'hasta_dia_n') draft.limite = frecuencia.dia_limite
  return draft
}

/** Whether what was kept on this machine is one. */
export const isFrecuenciaDraft = shaped<FrecuenciaDraft>({
  tipo: oneOf<FrecuenciaDraft['tipo']>(['ninguna', ...FRECUENCIA_VALUES]),
  hora: isText,
  diasSemana: listOf(oneOf(DIA_SEMANA_VALUES)),
  diasMes: listOf(isNumber),
  limite: orNull(isNumber),
})

export type FrecuenciaFault = 'hora' | 'diasSemana' | 'diasMes' | 'limite'

/** What is missing or wrong; null when it can be saved. */
export function faultOf(draft: FrecuenciaDraft): FrecuenciaFault | null {
  if (draft.tipo === 'ninguna' || draft.tipo === 'bajo_demanda') return null
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(draft.hora)) return 'hora'
  if (draft.tipo === 'semanal' && draft.diasSemana.length === 0) return 'diasSemana'
  if (draft.tipo === 'mensual' && draft.diasMes.length === 0) return 'diasMes'
  if (draft.tipo === 'hasta_dia_n' && (draft.limite === null || draft.limite < 1 || draft.limite > 31))
    return 'limite'
  return null
}

/** The frequency that a draft without faults says; null for none. */
export function frecuenciaOf(draft: FrecuenciaDraft): Frecuencia | null {
  const { tipo, hora } = draft
  switch (tipo) {
    case 'ninguna':
      return null
    case 'bajo_demanda':
      return { tipo }
    case 'semanal':
      return { tipo, hora, dias_semana: DIA_SEMANA_VALUES.filter((day) => draft.diasSemana.includes(day)) }
    case 'mensual':
      return { tipo, hora, dias_mes: [...draft.diasMes].sort((a, b) => a - b) }
    case 'hasta_dia_n':
      return { tipo, hora, dia_limite: draft.limite ?? 1 }
    default:
      return { tipo, hora }
  }
}

/** A frequency in a few words: «lunes y jueves, 08:00». */
export function frecuenciaText({ t, lang }: Pick<Text, 't' | 'lang'>, frecuencia: Frecuencia): string {
  const list = (items: readonly string[]): string => new Intl.ListFormat(lang).format(items)
  const { tipo } = frecuencia
  if (tipo === 'bajo_demanda') return t('frecuencia.bajo_demanda')
  const hour = { hour: frecuencia.hora }
  if (tipo === 'semanal') {
    const days = list(frecuencia.dias_semana.map((day) => t(`dia.${day}`)))
    return t('frecuencia.semanal.text', { days, ...hour })
  }
  if (tipo === 'mensual')
    return t('frecuencia.mensual.text', { days: list(frecuencia.dias_mes.map(String)), ...hour })
  if (tipo === 'hasta_dia_n')
    return t('frecuencia.hasta_dia_n.text', { day: String(frecuencia.dia_limite), ...hour })
  return t(`frecuencia.${tipo}.text`, hour)
}
