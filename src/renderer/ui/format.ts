import { formatNumber, type Lang, LOCALES } from '@shared/text'

const two = (value: number) => String(value).padStart(2, '0')

/** 25/11/2025 14:03 in Spanish, 25 Nov 2025 14:03 in English; the person's own time zone. */
export function formatDateTime(lang: Lang, iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  return `${formatDate(lang, date)} ${time}`
}

export function formatDate(lang: Lang, date: Date): string {
  if (lang === 'es') return `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`
  const month = new Intl.DateTimeFormat('en-US', { month: 'short' }).format(date)
  return `${date.getDate()} ${month} ${date.getFullYear()}`
}

/** Bytes in powers of 1024, with their unit. */
export function formatBytes(lang: Lang, bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const decimals = unit === 0 || value >= 100 ? 0 : 1
  return `${formatNumber(lang, value, decimals)} ${units[unit]}`
}

const WORDS: Record<Lang, { ms: string; s: [string, string]; min: [string, string]; h: [string, string] }> = {
  es: { ms: 'ms', s: ['segundo', 'segundos'], min: ['minuto', 'minutos'], h: ['hora', 'horas'] },
  en: { ms: 'ms', s: ['second', 'seconds'], min: ['minute', 'minutes'], h: ['hour', 'hours'] },
}

/** A duration in words: `350 ms`, `3.2 segundos`, `2 minutos 5 segundos`, `1 hora 4 minutos`. */
export function formatDuration(lang: Lang, ms: number): string {
  const words = WORDS[lang]
  const say = (value: number, [one, many]: [string, string], decimals = 0) =>
    `${formatNumber(lang, value, decimals)} ${value === 1 ? one : many}`
  if (ms < 1000) return `${formatNumber(lang, Math.round(ms), 0)} ${words.ms}`
  if (ms < 10_000) return say(Math.round(ms / 100) / 10, words.s, 1)
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return say(seconds, words.s)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) {
    const rest = seconds % 60
    return rest === 0 ? say(minutes, words.min) : `${say(minutes, words.min)} ${say(rest, words.s)}`
  }
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return rest === 0 ? say(hours, words.h) : `${say(hours, words.h)} ${say(rest, words.min)}`
}

/** 0..100 with one decimal; what is not whole never reads as 100. */
export function formatPercent(lang: Lang, value: number): string {
  const shown = value < 100 && value > 99.9 ? 99.9 : value
  return `${formatNumber(lang, shown, 1)} %`
}

/** «lun 01/12/2025 18:00» on the clocks of a zone: what is due is due there, wherever the person is. */
export function formatInZone(lang: Lang, iso: string, timeZone: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const two = '2-digit' as const
  const parts = new Intl.DateTimeFormat(LOCALES[lang], {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: lang === 'es' ? two : 'short',
    day: lang === 'es' ? two : 'numeric',
    hour: two,
    minute: two,
    hourCycle: 'h23',
  }).formatToParts(date)
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]))
  const weekday = part.weekday?.replace('.', '') ?? ''
  const day =
    lang === 'es' ? `${part.day}/${part.month}/${part.year}` : `${part.day} ${part.month} ${part.year}`
  return `${weekday} ${day} ${part.hour}:${part.minute}`
}

const LATE: Record<Lang, [minutes: number, one: string, many: string][]> = {
  es: [
    [43_200, 'mes', 'meses'],
    [10_080, 'semana', 'semanas'],
    [1_440, 'día', 'días'],
    [60, 'hora', 'horas'],
    [1, 'minuto', 'minutos'],
  ],
  en: [
    [43_200, 'month', 'months'],
    [10_080, 'week', 'weeks'],
    [1_440, 'day', 'days'],
    [60, 'hour', 'hours'],
    [1, 'minute', 'minutes'],
  ],
}

/** How late something is, in the largest unit of which two have passed: «90 minutos», «26 horas», «3 semanas». */
export function formatLate(lang: Lang, minutes: number): string {
  const units = LATE[lang]
  const [size, one, many] = units.find(([unit]) => minutes >= unit * 2) ?? units.at(-1) ?? [1, '', '']
  const n = Math.floor(minutes / size)
  return `${formatNumber(lang, n, 0)} ${n === 1 ? one : many}`
}
