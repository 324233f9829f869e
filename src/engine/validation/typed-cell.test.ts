import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, openDuck, quoteLiteral } from '@engine/duckdb'
import type { FieldSpec, FieldType } from '@shared/model/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typedCell } from './typed-cell'

let dir: string
let duck: Duck

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sage-cell-'))
  duck = await openDuck({ dir })
})
afterAll(async () => {
  await duck.close()
  await rm(dir, { recursive: true, force: true })
})

const field = (type: FieldType, more: Partial<FieldSpec> = {}): FieldSpec => ({
  name: 'f',
  type,
  required: false,
  unique: false,
  rules: [],
  ...more,
})

/** What a text reads as: its value as text, or `bad`, or `null`. */
async function read(spec: FieldSpec, text: string | null, nullValues: string[] = []): Promise<string> {
  const cell = typedCell(spec, nullValues)
  const raw = text === null ? 'NULL::VARCHAR' : quoteLiteral(text)
  const [row] = await duck.rows(
    `SELECT x, CAST(c AS VARCHAR) AS c FROM (SELECT x, ${cell.value('x')} AS c FROM (SELECT ${cell.text('k')} AS x FROM (SELECT ${raw} AS k)))`,
  )
  if (row?.x === null) return 'null'
  return row?.c === null ? 'bad' : String(row?.c)
}

const INTEGERS: [string, string][] = [
  ['-12', '-12'],
  ['12', '12'],
  ['12.0', '12'],
  ['12.000', '12'],
  ['+12', '12'],
  ['007', '7'],
  ['-0', '0'],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775807.0', '9223372036854775807'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9223372036854775808', 'bad'],
  ['12.5', 'bad'],
  ['12.', 'bad'],
  ['.0', 'bad'],
  ['1e3', 'bad'],
  [' 12', 'bad'],
  ['12 ', 'bad'],
  ['12\n', 'bad'],
  ['\t12', 'bad'],
  ['1_000', 'bad'],
  ['0x1A', 'bad'],
  ['0b11', 'bad'],
  ['--1', 'bad'],
  ['1,000', 'bad'],
  ['٣', 'bad'],
  ['１２', 'bad'],
  ['NA', 'bad'],
  ['true', 'bad'],
]

const DECIMALS: [string, string][] = [
  ['-12.5', '-12.5'],
  ['1e3', '1000.0'],
  ['1E-3', '0.001'],
  ['12', '12.0'],
  ['.5', '0.5'],
  ['5.', '5.0'],
  ['+1.5', '1.5'],
  ['inf', 'bad'],
  ['-Infinity', 'bad'],
  ['nan', 'bad'],
  ['NaN', 'bad'],
  ['1e400', 'bad'],
  ['9'.repeat(400), 'bad'],
  ['0'.repeat(400), '0.0'],
  ['1_000.5', 'bad'],
  [' 1.5', 'bad'],
  ['1.5 ', 'bad'],
  ['1.5\r', 'bad'],
  ['1,5', 'bad'],
  ['1.5.2', 'bad'],
  ['.', 'bad'],
  ['e5', 'bad'],
  ['1e', 'bad'],
  ['0x1p3', 'bad'],
  ['$5', 'bad'],
  ['5%', 'bad'],
]

const DATES: [string, string][] = [
  ['2024-02-29', '2024-02-29 00:00:00'],
  ['2024-02-29 10:20', '2024-02-29 10:20:00'],
  ['2024-02-29 10:20:30', '2024-02-29 10:20:30'],
  ['2024-02-29T10:20:30', '2024-02-29 10:20:30'],
  ['2024-02-29T10:20:30.5', '2024-02-29 10:20:30.5'],
  ['2024-02-29T10:20:30Z', '2024-02-29 10:20:30'],
  ['2024-02-29T10:20:30-05:00', '2024-02-29 15:20:30'],
  ['2023-02-29', 'bad'],
  ['2024-13-01', 'bad'],
  ['2024-1-1', 'bad'],
  ['2024-01-1 ', 'bad'],
  [' 024-01-01', 'bad'],
  ['-024-01-01', 'bad'],
  ['2024/01/01', 'bad'],
  ['01/02/2024', 'bad'],
  ['20240101', 'bad'],
  ['2024-01-01 24:00', 'bad'],
  ['2024-01-01 10:60', 'bad'],
  ['2024-01-01 10:20:61', 'bad'],
  ['2024-01-01 ', 'bad'],
  ['2024-01-01 10', 'bad'],
  ['infinity', 'bad'],
  ['epoch', 'bad'],
  ['0000-01-01', 'bad'],
  ['44197', 'bad'],
]

const BOOLEANS: [string, string][] = [
  ['true', 'true'],
  ['FALSE', 'false'],
  ['1', 'true'],
  ['0', 'false'],
  ['Verdadero', 'true'],
  ['falso', 'false'],
  ['SÍ', 'true'],
  ['si', 'true'],
  ['No', 'false'],
  ['yes', 'bad'],
  ['t', 'bad'],
  ['S', 'bad'],
  ['2', 'bad'],
  [' true', 'bad'],
  ['quizás', 'bad'],
]

describe('what each type accepts', () => {
  it.each(INTEGERS)('entero %j is %s', async (text, expected) => {
    expect(await read(field('entero'), text)).toBe(expected)
  })
  it.each(DECIMALS)('decimal %j is %s', async (text, expected) => {
    expect(await read(field('decimal'), text)).toBe(expected)
  })
  it.each(DATES)('fecha %j is %s', async (text, expected) => {
    expect(await read(field('fecha'), text)).toBe(expected)
  })
  it.each(BOOLEANS)('booleano %j is %s', async (text, expected) => {
    expect(await read(field('booleano'), text)).toBe(expected)
  })
  it.each(['00123', 'NA', '  ', 'null', "o'x"])('texto %j is never altered', async (text) => {
    expect(await read(field('texto'), text)).toBe(text)
  })
})

describe('field keys', () => {
  it('reads a decimal comma and thousands point', async () => {
    const spec = field('decimal', { decimal: ',', thousands: '.' })
    expect(await read(spec, '1.234.567,89')).toBe('1234567.89')
    expect(await read(spec, '1234,5')).toBe('1234.5')
    expect(await read(spec, '1.23,4')).toBe('bad')
    expect(await read(spec, '12.5')).toBe('bad')
  })
  it('reads an integer with thousands', async () => {
    const spec = field('entero', { thousands: ',' })
    expect(await read(spec, '1,234')).toBe('1234')
    expect(await read(spec, '1,23')).toBe('bad')
  })
  it('reads a date in the form it names', async () => {
    const spec = field('fecha', { format: '%d/%m/%Y' })
    expect(await read(spec, '29/02/2024')).toBe('2024-02-29 00:00:00')
    expect(await read(spec, '31/02/2024')).toBe('bad')
    expect(await read(spec, '2024-02-29')).toBe('bad')
    expect(await read(spec, ' 29/02/2024')).toBe('bad')
    expect(await read(spec, '29/02/2024x')).toBe('bad')
  })
  it('trims, nulls and fills only when asked', async () => {
    expect(await read(field('entero', { trim: true }), ' 12\u00a0')).toBe('12')
    expect(await read(field('texto', { trim: true }), '   ')).toBe('null')
    expect(await read(field('entero'), 'NA', ['NA'])).toBe('null')
    expect(await read(field('entero', { default: '7' }), null)).toBe('7')
    expect(await read(field('entero', { default: '7' }), 'NA', ['NA'])).toBe('7')
    expect(await read(field('entero'), null)).toBe('null')
  })
})

/** Texts near what is accepted: made of its own characters and of those the casts are lax about. */
function nearby(count: number, seeds: readonly string[], alphabet: string): string[] {
  let state = 7
  const next = (size: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * size)
  }
  return Array.from({ length: count }, () => {
    let text = seeds[next(seeds.length)] ?? ''
    for (let edits = next(4); edits > 0; edits--) {
      const at = next(text.length + 1)
      const put = next(3) === 0 ? '' : (alphabet[next(alphabet.length)] ?? '')
      text = text.slice(0, at) + put + text.slice(at + next(2))
    }
    return text === '' ? '0' : text
  })
}

/** Which of the texts are accepted. */
async function accepted(type: FieldType, texts: readonly string[]): Promise<string[]> {
  const cell = typedCell(field(type), [])
  const rows = await duck.rows(
    `SELECT x FROM (SELECT x, ${cell.value('x')} AS c FROM (SELECT unnest([${texts.map((text) => quoteLiteral(text)).join(', ')}]) AS x)) WHERE c IS NOT NULL`,
  )
  return rows.map((row) => String(row.x)).sort()
}

const realDay = (text: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match || match[1] === '0000') return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

describe('near misses, by thousands', () => {
  it('a decimal is what its grammar says', async () => {
    const seeds = ['12.5', '-0.001', '+7', '1e3', '2.5E-10', '.5', '5.', '1e308', 'inf', 'nan', '00012']
    const texts = [...new Set(nearby(6000, seeds, '0123456789.-+eE_ \t\n\v\f\r/,:infax٣'))]
    const grammar = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/
    const expected = texts.filter((text) => grammar.test(text) && Number.isFinite(Number(text)))
    expect(await accepted('decimal', texts)).toEqual(expected.sort())
    expect(expected.length).toBeGreaterThan(500)
  })

  it('a day is ten characters of the calendar', async () => {
    const seeds = [
      '2025-03-24',
      '2024-02-29',
      '1999-12-31',
      '0001-01-01',
      '2025/03/24',
      ' 025-03-24',
      '2025-3-24 ',
    ]
    const texts = [...new Set(nearby(6000, seeds, '0123456789-/ \t\\:T.'))].filter(
      (text) => text.length <= 10,
    )
    const expected = texts.filter(realDay)
    expect(await accepted('fecha', texts)).toEqual(expected.sort())
    expect(expected.length).toBeGreaterThan(100)
  })
})
