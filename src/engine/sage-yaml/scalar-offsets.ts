import type { Scalar } from 'yaml'

/** One character of the value and the place of the file it was written at; escapes take several characters there. */
interface Unit {
  char: string
  at: number
  end: number
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
}
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

const plainUnits = (source: string, from: number, to: number): Unit[] => {
  const units: Unit[] = []
  for (let at = from; at < to; at += 1) units.push({ char: source[at] ?? '', at, end: at + 1 })
  return units
}

function singleUnits(source: string, from: number, to: number): Unit[] {
  const units: Unit[] = []
  for (let at = from; at < to; at += 1) {
    const pair = source[at] === "'" && source[at + 1] === "'" && at + 1 < to
    units.push({ char: source[at] ?? '', at, end: at + (pair ? 2 : 1) })
    if (pair) at += 1
  }
  return units
}

function doubleUnits(source: string, from: number, to: number): Unit[] {
  const units: Unit[] = []
  for (let at = from; at < to; at += 1) {
    const char = source[at] ?? ''
    if (char !== '\\') {
      units.push({ char, at, end: at + 1 })
      continue
    }
    const next = source[at + 1] ?? ''
    const hex = HEX_LENGTH[next]
    const digits = hex === undefined ? '' : source.slice(at + 2, at + 2 + hex)
    const plain = ESCAPES[next]
    if (hex !== undefined && /^[0-9a-f]+$/i.test(digits) && Number.parseInt(digits, 16) <= 0x10ffff) {
      const end = at + 2 + hex
      const decoded = String.fromCodePoint(Number.parseInt(digits, 16))
      for (let i = 0; i < decoded.length; i += 1) units.push({ char: decoded[i] ?? '', at, end })
      at = end - 1
    } else if (plain !== undefined) {
      units.push({ char: plain, at, end: at + 2 })
      at += 1
    } else if (next === '\n' || next === '\r') {
      // An escaped line break stands for nothing.
    } else {
      // The parser keeps an unknown escape as it is, after reporting it.
      units.push({ char, at, end: at + 1 }, { char: next, at: at + 1, end: at + 2 })
      at += 1
    }
  }
  return units
}

const isBlank = (char: string | undefined): boolean =>
  char === ' ' || char === '\t' || char === '\n' || char === '\r'

/**
 * Folding changes only blanks, so the other characters of value and source agree one to one, and each run of blanks of the value
 * lies inside one run of the source, kept from its right end (indentation is on the left).
 */
function align(value: string, units: readonly Unit[], end: number): number[] | null {
  const offsets: number[] = []
  let j = 0
  for (let i = 0; i < value.length; ) {
    let runEnd = i
    while (runEnd < value.length && isBlank(value[runEnd])) runEnd += 1
    const start = j
    while (j < units.length && isBlank(units[j]?.char)) j += 1
    const extra = j - start - (runEnd - i)
    for (let k = i; k < runEnd; k += 1)
      offsets.push(units[Math.max(start, start + (k - i) + extra)]?.at ?? end)
    i = runEnd
    if (i >= value.length) break
    const unit = units[j]
    if (unit === undefined || unit.char !== value[i]) return null
    offsets.push(unit.at)
    i += 1
    j += 1
  }
  offsets.push(value.length === 0 ? (units[0]?.at ?? end) : (units[j - 1]?.end ?? end))
  return offsets
}

/** The characters of a scalar between its marks, as units. */
function unitsOf(
  source: string,
  type: Scalar['type'],
  from: number,
  to: number,
): { units: Unit[]; end: number } {
  const closed = (mark: string): number => (source[to - 1] === mark && to - 1 > from ? to - 1 : to)
  if (type === 'QUOTE_DOUBLE') return { units: doubleUnits(source, from + 1, closed('"')), end: closed('"') }
  if (type === 'QUOTE_SINGLE') return { units: singleUnits(source, from + 1, closed("'")), end: closed("'") }
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
    const header = source.indexOf('\n', from)
    return { units: plainUnits(source, header === -1 || header >= to ? to : header + 1, to), end: to }
  }
  return { units: plainUnits(source, from, to), end: to }
}

/**
 * Offsets in the YAML text of each character of a scalar's value, plus one for its end: plain, single-quoted, double-quoted with
 * escapes, literal (`|`) and folded (`>`) blocks, over several lines too. Null when the two don't correspond (never for a scalar
 * that was read without errors).
 */
export function scalarOffsets(
  source: string,
  scalar: Pick<Scalar, 'type' | 'range' | 'value'>,
): number[] | null {
  const range = scalar.range
  if (!range || typeof scalar.value !== 'string') return null
  const { units, end } = unitsOf(source, scalar.type, range[0], range[1])
  return align(scalar.value, units, end)
}

/** Part `from`..`to` of a scalar's value as a range of the YAML text; the whole scalar when it can't be told. */
export function scalarRange(
  source: string,
  scalar: Pick<Scalar, 'type' | 'range' | 'value'>,
  from: number,
  to: number,
): readonly [number, number] {
  const whole: readonly [number, number] = [scalar.range?.[0] ?? 0, scalar.range?.[1] ?? 0]
  const offsets = scalarOffsets(source, scalar)
  if (offsets === null) return whole
  const last = offsets.length - 1
  const start = offsets[Math.min(Math.max(from, 0), last)] ?? whole[0]
  if (to <= from) return [start, start]
  // The end of the last character, not the start of the next: a line break may lie between.
  const lastStart = offsets[Math.min(to, last) - 1] ?? start
  const next = offsets[Math.min(to, last)] ?? whole[1]
  const broken = /[\r\n]/.test(source.slice(lastStart, next))
  return [start, broken ? lastStart + 1 : next]
}
