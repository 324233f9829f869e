import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, openDuck, quoteLiteral } from '@engine/duckdb'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decimalValue, doubtfulDecimal, fitsDecimal, fitsInteger, integerValue } from './decimal-sql'

let dir: string
let duck: Duck
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sage-decimal-'))
  duck = await openDuck({ dir, threads: 2 })
})
afterAll(async () => {
  await duck.close()
  rmSync(dir, { recursive: true, force: true })
})

/** `-12.5` as digits and how many of them are decimals, without the zeros at its ends. */
function exact(text: string): { negative: boolean; digits: string; scale: number } {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]+))?$/.exec(text) ?? []
  let digits = (whole + fraction).replace(/^0+/, '')
  let scale = fraction.length - Number(exponent)
  while (digits.endsWith('0') && scale > 0) {
    digits = digits.slice(0, -1)
    scale--
  }
  if (digits === '') return { negative: false, digits: '', scale: 0 }
  if (scale < 0) return { negative: sign === '-', digits: digits + '0'.repeat(-scale), scale: 0 }
  return { negative: sign === '-', digits, scale }
}

const fits = (text: string, precision: number, scale: number): boolean => {
  const value = exact(text)
  return value.scale <= scale && Math.max(0, value.digits.length - value.scale) <= precision - scale
}

const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`))
const decimals = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: digits(45),
    fraction: digits(45),
    point: fc.boolean(),
    exponent: fc.option(fc.integer({ min: -60, max: 60 })),
    mark: fc.constantFrom('e', 'E'),
  })
  .filter(({ whole, fraction, point }) => whole !== '' || (point && fraction !== ''))
  .map(({ sign, whole, fraction, point, exponent, mark }) => {
    const number = point ? `${whole}.${fraction}` : whole
    return `${sign}${number}${exponent === null ? '' : `${mark}${exponent}`}`
  })
const types = fc
  .oneof(
    fc.record({
      precision: fc.integer({ min: 1, max: 38 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({
      precision: fc.integer({ min: 39, max: 100 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  )
  .map(({ precision, part }) => ({ precision, scale: Math.round(precision * part) }))

it('a decimal fits when its digits do, and is given with all of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(decimals, { minLength: 20, maxLength: 60 }),
      types,
      async (texts, { precision, scale }) => {
        const values = texts.map((text) => `(${quoteLiteral(text)})`).join(', ')
        const rows = await duck.rows(
          `SELECT x, fits, ${doubtfulDecimal('x', Math.min(precision, 38), Math.min(scale, 38))} AS doubtful, CASE WHEN fits THEN CAST(${decimalValue('x', precision, scale)} AS VARCHAR) END AS value
         FROM (SELECT x, ${fitsDecimal('x', precision, scale)} AS fits FROM (VALUES ${values}) AS t(x))`,
        )
        expect(rows).toHaveLength(texts.length)
        for (const { x, fits: told, value, doubtful } of rows) {
          const text = String(x)
          expect([text, told]).toEqual([text, fits(text, precision, scale)])
          if (!told && precision <= 38) expect([text, doubtful]).toEqual([text, true])
          if (told) expect([text, exact(String(value))]).toEqual([text, exact(text)])
        }
      },
    ),
    { numRuns: 60 },
  )
})

it('a decimal as it is usually written is not doubtful: it is never judged digit by digit', async () => {
  const doubtful = async (text: string) => {
    const sql = doubtfulDecimal('x', 10, 2)
    const [row] = await duck.rows(`SELECT ${sql} AS told FROM (VALUES (${quoteLiteral(text)})) AS t(x)`)
    return row?.told
  }
  for (const text of ['0', '-1', '12.5', '+12.50', '.25', '99999999.99', '000012345678.90'])
    expect([text, await doubtful(text)]).toEqual([text, false])
  for (const text of ['12.500', '.123', '100000000', '1e2', '1E2', 'inf'])
    expect([text, await doubtful(text)]).toEqual([text, true])
})

it('a decimal is a whole number of 64 bits, or is told', async () => {
  const told = async (x: string) => {
    const [row] = await duck.rows(
      `SELECT fits, CASE WHEN fits THEN CAST(${integerValue('x')} AS VARCHAR) END AS value FROM (SELECT x, ${fitsInteger('x')} AS fits FROM (VALUES (${quoteLiteral(x)})) AS t(x))`,
    )
    return row?.value ?? null
  }
  expect(await told('9223372036854775807.00')).toBe('9223372036854775807')
  expect(await told('-9.223372036854775808e18')).toBe('-9223372036854775808')
  expect(await told('9223372036854775808')).toBeNull()
  expect(await told('1.5')).toBeNull()
  expect(await told('1e999')).toBeNull()
})

it('what a sum that overflowed left is no decimal', async () => {
  for (const text of ['inf', '-inf', 'nan', '1e-999999999']) {
    const [row] = await duck.rows(
      `SELECT ${doubtfulDecimal('x', 38, 10)} AS doubtful, ${fitsDecimal('x', 38, 10)} AS a, ${fitsDecimal('x', 60, 10)} AS b FROM (VALUES (${quoteLiteral(text)})) AS t(x)`,
    )
    expect([text, row?.doubtful, row?.a, row?.b]).toEqual([text, true, false, false])
  }
})
