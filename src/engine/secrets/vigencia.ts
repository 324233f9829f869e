import type { Vigencia } from '@shared/model/secreto'

const DAY_MS = 86_400_000

/** Whole days from `now` until the end of a day; negative once it has passed. */
const daysUntil = (day: string, now: Date): number =>
  Math.floor((Date.parse(`${day.slice(0, 10)}T00:00:00Z`) - startOfDay(now)) / DAY_MS)

const startOfDay = (date: Date): number => Date.parse(`${localDay(date)}T00:00:00Z`)

/** The day on the clocks of this machine: an expiry is a day, not an instant. */
const localDay = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part, i) => String(part).padStart(i === 0 ? 4 : 2, '0'))
    .join('-')

interface Dates {
  vence_en: string | null
  rotado_en: string
  rotar_cada_dias: number | null
  recordar_dias: number
}

/**
 * How a credential stands: its expiry, told of `recordar_dias` ahead, counts before the date on which it should be changed, told of
 * when it comes.
 */
export function vigenciaOf(
  { vence_en, rotado_en, rotar_cada_dias, recordar_dias }: Dates,
  now: Date,
): Vigencia {
  const expiry = vence_en === null ? null : daysUntil(vence_en, now)
  if (expiry !== null && expiry < 0) return { estado: 'vencido', dias: expiry }
  if (expiry !== null && expiry <= recordar_dias) return { estado: 'por_vencer', dias: expiry }
  const age = Math.floor((startOfDay(now) - startOfDay(new Date(rotado_en))) / DAY_MS)
  const change = rotar_cada_dias === null ? null : rotar_cada_dias - age
  if (change !== null && change <= 0) return { estado: 'por_rotar', dias: change }
  const next = [expiry, change].filter((days) => days !== null)
  return next.length === 0
    ? { estado: 'sin_plazo', dias: null }
    : { estado: 'vigente', dias: Math.min(...next) }
}
