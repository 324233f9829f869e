import type { Lang } from '@shared/text'

/** A day as a person writes it, `25/11/2025` or `2025-11-25`, as yyyy-mm-dd; null when it is not a day of the calendar. */
export function parseDay(text: string): string | null {
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim())
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim())
  const [year, month, day] = local ? [local[3], local[2], local[1]] : [iso?.[1], iso?.[2], iso?.[3]]
  if (!year || !month || !day) return null
  const date = new Date(Number(year), Number(month) - 1, Number(day))
  if (date.getMonth() !== Number(month) - 1 || date.getDate() !== Number(day)) return null
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** The day as each language writes it; English keeps the order that nobody misreads. */
export function showDay(lang: Lang, day: string): string {
  const [year, month, date] = day.split('-')
  return lang === 'es' ? `${date}/${month}/${year}` : day
}
