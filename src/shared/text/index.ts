import { en } from './en'
import { es } from './es'

export const LANGS = ['es', 'en'] as const
export type Lang = (typeof LANGS)[number]
export type TextKey = keyof typeof es
export type TextParams = Record<string, string | number>

/** Both languages, complete: a missing key does not compile, a different one fails its test. */
export const texts: Record<Lang, Record<TextKey, string>> = { es, en }

/** Locale of numbers and dates for each language. */
export const LOCALES: Record<Lang, string> = { es: 'es-PE', en: 'en-US' }

const formats = new Map<string, Intl.NumberFormat>()

/** A number as the language writes it: 1,234.56 in both. */
export function formatNumber(lang: Lang, value: number, decimals = 2): string {
  const key = `${lang}:${decimals}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(LOCALES[lang], { maximumFractionDigits: decimals, useGrouping: 'always' })
    formats.set(key, format)
  }
  return format.format(value)
}

/**
 * Fills a text. `{name}` is replaced by the parameter (numbers by locale); `{n|registro|registros}` chooses the word by the
 * number in `n`, without printing it.
 */
export function fill(lang: Lang, template: string, params: TextParams = {}): string {
  return template.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one, many) => {
    const value = params[name]
    if (value === undefined) return whole
    if (one !== undefined) return value === 1 ? String(one) : String(many)
    return typeof value === 'number' ? formatNumber(lang, value) : value
  })
}

/** The text of a key in a language, filled. */
export function translate(lang: Lang, key: TextKey, params?: TextParams): string {
  return fill(lang, texts[lang][key], params)
}

/** True when the text room knows the key: for keys made at run time, such as the label of a setting. */
export const isTextKey = (key: string): key is TextKey => Object.hasOwn(es, key)
