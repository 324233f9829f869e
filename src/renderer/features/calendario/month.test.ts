import { describe, expect, it } from 'vitest'
import { addDays, addMonths, edgesOf, parseDayOf, parseMonth, todayOf, weeksOf } from './month'

describe('months', () => {
  it('are whole weeks from Monday to Sunday', () => {
    const weeks = weeksOf('2026-11')
    expect(weeks).toHaveLength(6)
    expect([weeks[0]?.[0], weeks[0]?.[6], weeks.at(-1)?.[6]]).toEqual([
      '2026-10-26',
      '2026-11-01',
      '2026-12-06',
    ])
    // February of 2027 begins on a Monday and has four weeks to the day.
    expect(weeksOf('2027-02').flat()).toHaveLength(28)
    for (const week of weeksOf('2028-02')) expect(week).toHaveLength(7)
  })

  it('know their edges in leap years and over the new year', () => {
    expect(edgesOf('2028-02')).toEqual({ first: '2028-02-01', last: '2028-02-29' })
    expect(edgesOf('2026-12')).toEqual({ first: '2026-12-01', last: '2026-12-31' })
    expect([addMonths('2026-12', 1), addMonths('2027-01', -1), addMonths('2026-03', -14)]).toEqual([
      '2027-01',
      '2026-12',
      '2025-01',
    ])
    expect(addDays('2028-02-29', 1)).toBe('2028-03-01')
  })

  it('come from a URL only when they exist', () => {
    expect([parseMonth('2026-11'), parseMonth('2026-13'), parseMonth('x'), parseMonth(null)]).toEqual([
      '2026-11',
      null,
      null,
      null,
    ])
    expect([parseDayOf('2028-02-29'), parseDayOf('2027-02-29'), parseDayOf(null)]).toEqual([
      '2028-02-29',
      null,
      null,
    ])
  })

  it('know today by the clocks of the machine', () => {
    expect(todayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
})
