/** What a cell looks like by itself, before anything is known of its column. */
export type Shape = 'empty' | 'number' | 'date' | 'boolean' | 'name' | 'text'

const NUMBER = /^[-+]?(\d{1,3}([.,]\d{3})+|\d+)?([.,]\d+)?([eE][-+]?\d+)?$/
const DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T].*)?$|^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( .*)?$/
const BOOLEAN = /^(true|false|verdadero|falso|s[ií]|no)$/i
/** As people name columns: letters first, then letters, digits and a few signs; short. */
const NAME = /^[\p{L}_#°º][\p{L}\p{N} _.#°º%$/()-]{0,59}$/u

/** Shape of one cell. */
export function shapeOf(cell: string): Shape {
  const text = cell.trim()
  if (text === '') return 'empty'
  if (/\d/.test(text) && NUMBER.test(text)) return 'number'
  if (DATE.test(text)) return 'date'
  if (BOOLEAN.test(text)) return 'boolean'
  return NAME.test(text) ? 'name' : 'text'
}

/** Letters as A, digits as 9, runs cut short: `FAC-0012` and `FAC-7` share one. */
export const patternOf = (cell: string): string =>
  cell
    .trim()
    .replace(/\p{L}+/gu, 'A')
    .replace(/\d+/g, '9')

/** Without accents, case or edges: how names are compared. */
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase()

/** An id for the YAML: small letters, digits and underscores. */
export function slug(text: string, otherwise: string): string {
  const clean = fold(text)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  return clean === '' ? otherwise : clean
}

/** `name`, or `name_2`, `name_3`... the first that `taken` does not hold; it is added to it. */
export function unrepeated(name: string, taken: Set<string>): string {
  let chosen = name
  for (let n = 2; taken.has(chosen); n++) chosen = `${name}_${n}`
  taken.add(chosen)
  return chosen
}

export const plural = (n: number, one: string, many: string): string =>
  `${n.toLocaleString('es-PE')} ${n === 1 ? one : many}`

/** A value inside a message. */
export const quoted = (value: string): string => `«${value.length > 40 ? `${value.slice(0, 39)}…` : value}»`
