const two = (n: number): string => String(n).padStart(2, '0')
const write = (date: Date): string =>
  `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`

const partsOf = (text: string): [year: number, month: number, day: number] => {
  const [year = 1970, month = 1, day = 1] = text.split('-').map(Number)
  return [year, month, day]
}

/** The day it is on the clocks of this machine, YYYY-MM-DD. */
export const todayOf = (now: Date): string =>
  `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`

/** A month written YYYY-MM that exists; null for anything else. */
export const parseMonth = (text: string | null): string | null =>
  text !== null && /^20\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : null

/** A day written YYYY-MM-DD that exists; null for anything else. */
export function parseDayOf(text: string | null): string | null {
  if (text === null || !/^20\d\d-\d\d-\d\d$/.test(text)) return null
  return addDays(text, 0) === text ? text : null
}

export function addDays(day: string, days: number): string {
  const [year, month, date] = partsOf(day)
  return write(new Date(Date.UTC(year, month - 1, date + days)))
}

export function addMonths(month: string, months: number): string {
  const [year, index] = partsOf(month)
  return write(new Date(Date.UTC(year, index - 1 + months, 1))).slice(0, 7)
}

export const monthOf = (day: string): string => day.slice(0, 7)

/** First and last day of a month. */
export function edgesOf(month: string): { first: string; last: string } {
  return { first: `${month}-01`, last: addDays(`${addMonths(month, 1)}-01`, -1) }
}

/** The weeks that a month touches, each from Monday to Sunday. */
export function weeksOf(month: string): string[][] {
  const { first, last } = edgesOf(month)
  const [year, index, date] = partsOf(first)
  const weekday = (new Date(Date.UTC(year, index - 1, date)).getUTCDay() + 6) % 7
  const weeks: string[][] = []
  for (let monday = addDays(first, -weekday); monday <= last; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, day) => addDays(monday, day)))
  return weeks
}
