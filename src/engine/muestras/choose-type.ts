import type { Candidate, Sign } from './candidates'
import { plural, quoted } from './cells'

/** A candidate with how many texts of the whole column it does not take. */
export interface Judged {
  candidate: Candidate
  bad: number
  example: string | null
}

export interface ColumnFacts {
  filled: number
  signs: Record<Sign, number>
  judged: Judged[]
  /** Delimiter of the file: where it is `;` a comma in a number is its decimal mark. */
  delimiter: string | null
}

export interface Chosen {
  candidate: Candidate
  why: string
}

const TEXT: Candidate = { type: 'texto' }
const asText = (why: string): Chosen => ({ candidate: TEXT, why })

/** Up to this share of bad values, the person is told what the column nearly is. */
const NEARLY = 0.05

const LABELS = {
  entero: 'números enteros',
  decimal: 'números',
  fecha: 'fechas',
  booleano: 'valores de sí o no',
  texto: 'textos',
} as const

const all = (n: number): string => (n === 1 ? 'El único valor' : `Los ${n.toLocaleString('es-PE')} valores`)

/** The type of a column from what was counted over all its records, and why in words. */
export function chooseType(facts: ColumnFacts): Chosen {
  const { filled, signs, judged } = facts
  if (filled === 0) return asText('La columna está vacía en la muestra: corregir el tipo si se conoce.')
  const clean = judged.filter(({ bad }) => bad === 0).map(({ candidate }) => candidate)
  const date = chooseDate(clean, facts)
  if (date) return date
  const numeric = clean.some(({ type }) => type === 'entero' || type === 'decimal')
  if (numeric) {
    const code = codeReason(facts)
    if (code !== null) return asText(code)
    return chooseNumber(clean, facts)
  }
  const boolean = clean.find(({ type }) => type === 'booleano')
  if (boolean) return { candidate: boolean, why: `${all(filled)} se leen como sí o no.` }
  return nearly(judged, filled, signs)
}

function codeReason({ signs }: ColumnFacts): string | null {
  if (signs.zeros > 0) {
    return `${plural(signs.zeros, 'valor empieza', 'valores empiezan')} con cero: son códigos, y como número perderían los ceros.`
  }
  if (signs.huge > 0) {
    return `${plural(signs.huge, 'número no cabe', 'números no caben')} en 64 bits: como texto no pierde cifras.`
  }
  if (signs.plus > 0) return 'Hay valores que empiezan con «+», como un teléfono.'
  if (signs.exponent > 0) return 'Hay valores como «12E5», que pueden ser un código y no un número.'
  return null
}

function chooseDate(clean: Candidate[], { filled, signs }: ColumnFacts): Chosen | null {
  const dates = clean.filter(({ type }) => type === 'fecha')
  const [first, ...rest] = dates
  if (!first) return null
  if (first.format === undefined) {
    return { candidate: first, why: `${all(filled)} son fechas ISO (año-mes-día).` }
  }
  if (first.format === '%Y%m%d' && signs.zeros > 0) return null
  const swapped = rest.some(({ format }) => format?.startsWith('%m') && first.format?.startsWith('%d'))
  const note = swapped ? ' Ningún día pasa de 12, así que podría ser mes/día: comprobarlo.' : ''
  return { candidate: first, why: `${all(filled)} son fechas con la forma ${first.format}.${note}` }
}

const same = (a: Candidate, marks: Pick<Candidate, 'decimal' | 'thousands'>): boolean =>
  a.decimal === marks.decimal && a.thousands === marks.thousands

/** Which marks a column of numbers uses, when more than one reading takes all of them. */
function chooseNumber(clean: Candidate[], facts: ColumnFacts): Chosen {
  const { signs, filled, delimiter } = facts
  const find = (type: Candidate['type'], marks: Pick<Candidate, 'decimal' | 'thousands'>) =>
    clean.find((candidate) => candidate.type === type && same(candidate, marks))
  const plainInteger = find('entero', {})
  if (plainInteger && signs.dot === 0) {
    return { candidate: plainInteger, why: `${all(filled)} son números enteros.` }
  }
  const plain = find('decimal', {})
  if (plain) return { candidate: plain, why: `${all(filled)} son números con punto decimal.` }
  const commaDecimal = find('decimal', { decimal: ',' })
  const commaThousands = find('entero', { thousands: ',' })
  if (commaDecimal && commaThousands && signs.notThree === 0 && signs.twice === 0 && delimiter !== ';') {
    return {
      candidate: commaThousands,
      why: 'Todas las comas separan grupos de tres cifras: se leen como miles. Si son decimales, corregirlo.',
    }
  }
  if (commaDecimal) return { candidate: commaDecimal, why: `${all(filled)} son números con coma decimal.` }
  if (commaThousands && signs.dot === 0) {
    return { candidate: commaThousands, why: `${all(filled)} son enteros con coma de miles.` }
  }
  const [other] = clean.filter(({ type }) => type === 'entero' || type === 'decimal').sort(byMarks)
  return other
    ? { candidate: other, why: `${all(filled)} son números con ${marksInWords(other)}.` }
    : asText('No se pudo decidir cómo se escriben sus números.')
}

/** A whole number with one group more marks loses to none; `1.234.567` needs both marks said. */
const byMarks = (a: Candidate, b: Candidate): number =>
  Number(a.thousands === undefined) - Number(b.thousands === undefined) ||
  Number(a.type === 'decimal') - Number(b.type === 'decimal')

function marksInWords({ decimal, thousands }: Candidate): string {
  const name = (mark: string): string => (mark === ' ' ? 'espacio' : mark === ',' ? 'coma' : 'punto')
  const parts = [`${name(decimal ?? '.')} decimal`]
  if (thousands !== undefined) parts.push(`${name(thousands)} de miles`)
  return parts.join(' y ')
}

function nearly(judged: Judged[], filled: number, signs: ColumnFacts['signs']): Chosen {
  const [best] = judged
    .filter(({ bad, candidate }) => bad / filled <= NEARLY && candidate.type !== 'booleano')
    .sort((a, b) => a.bad - b.bad)
  if (best && filled > 1 && signs.zeros === 0) {
    const form = best.candidate.format === undefined ? '' : ` (${best.candidate.format})`
    const example = best.example === null ? '' : `, como ${quoted(best.example)}`
    return asText(
      `Casi todos son ${LABELS[best.candidate.type]}${form}, salvo ${plural(best.bad, 'valor', 'valores')}${example}. Si son errores, elegir ese tipo: la prueba los señalará.`,
    )
  }
  return asText('Hay letras, o formas que no son de un número ni de una fecha.')
}
