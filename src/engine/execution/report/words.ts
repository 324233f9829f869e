import type { FileStat, Verdict } from '@shared/model/execution'
import type { CheckResult, Severity } from '@shared/model/findings'

// `always`: Spanish leaves four digits ungrouped, and the console groups them (1,234).
const integers = new Intl.NumberFormat('es-PE', { maximumFractionDigits: 0, useGrouping: 'always' })
const decimals = new Intl.NumberFormat('es-PE', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  useGrouping: 'always',
})

export const count = (value: number): string => integers.format(value)
/** Rounded down: 99.999 % is not 100 %. */
export const percent = (value: number): string => `${decimals.format(Math.floor(value * 100) / 100)} %`

export const plural = (value: number, one: string, many: string): string =>
  `${count(value)} ${value === 1 ? one : many}`

export function bytes(value: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  let rest = value
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024
    unit += 1
  }
  const text =
    unit === 0
      ? count(rest)
      : new Intl.NumberFormat('es-PE', { maximumFractionDigits: 1, useGrouping: 'always' }).format(rest)
  return `${text} ${units[unit]}`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** 25/11/2025 14:03:09, in the time of the machine. */
export function dateTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const day = `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

export function elapsedSeconds(verdict: Verdict): number {
  const elapsed = (Date.parse(verdict.finishedAt) - Date.parse(verdict.startedAt)) / 1000
  return Number.isFinite(elapsed) && elapsed > 0 ? elapsed : 0
}

/** HH:MM:SS */
export function clock(seconds: number): string {
  const whole = Math.round(seconds)
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

/** 3.2 s, 4 min 10 s */
export function duration(seconds: number): string {
  if (seconds < 60) return `${decimals.format(seconds)} s`
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  error: 'Error',
  warning: 'Aviso',
  message: 'Mensaje',
}
export const FILE_STATES: Readonly<Record<FileStat['state'], string>> = {
  procesado: 'Procesado',
  faltante: 'Faltante',
  error: 'Error',
}

const KIND_WORDS: Readonly<Record<CheckResult['kind'], string>> = {
  structure: 'Estructura',
  type: 'Tipo de dato',
  required: 'Obligatorio',
  unique: 'Único',
  field: 'Regla de campo',
  row: 'Regla de fila',
  catalog: 'Regla de catálogo',
  package: 'Regla de paquete',
  rule: 'Regla que no se pudo ejecutar',
}

/** What kind of check it is and which, as a person says it. */
export function checkName(check: CheckResult): string {
  const kind = KIND_WORDS[check.kind]
  if (check.kind === 'structure') return kind
  if (check.kind === 'type' || check.kind === 'required' || check.kind === 'unique')
    return `${kind}: ${check.field ?? check.rule}`
  return `${kind}: ${check.rule}`
}

/** A text of the data on one line, cut, without control or direction characters: it must not draw outside its place. */
export function oneLine(text: string, max = 200): string {
  const head = text.length > max * 4 ? text.slice(0, max * 4) : text
  const flat = head
    .replace(/\r\n|\r|\n/g, '⏎')
    .replace(/\t/g, '⇥')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '·')
  return flat.length > max || head.length < text.length ? `${flat.slice(0, max)}…` : flat
}
