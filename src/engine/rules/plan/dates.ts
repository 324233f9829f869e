import { integer, type Sql, sql } from './sql'

const US_PER_MS = 1000

/** An instant (microseconds since 1970, no zone) as a TIMESTAMP. */
export function timestamp(micros: bigint): Sql {
  return sql`make_timestamp(${integer(micros)})`
}

/** Microseconds (any number) as a TIMESTAMP; out of the calendar is null, never a failed query. */
export function fromMicros(micros: Sql): Sql {
  return sql`make_timestamp(CASE WHEN abs(${micros}) < 9e18 THEN (${micros})::BIGINT END)`
}

/** Reads a date the way pandas reads what a person writes in a rule: ISO, y/m/d, or m/d/y (d/m/y with `dayFirst` or when it can't be else). */
export function readTimestamp(text: string, dayFirst = false): bigint | null {
  const iso =
    /^\s*(\d{4})-?(\d{2})-?(\d{2})(?:[T ]+(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$/.exec(
      text,
    )
  if (iso) return build(iso.slice(1))
  const loose = /^\s*(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*$/.exec(
    text,
  )
  if (loose) return build([loose[1], loose[2], loose[3] ?? '1', loose[4], loose[5], loose[6]])
  const year = /^\s*(\d{4})\s*$/.exec(text)
  if (year) return build([year[1], '1', '1'])
  // pandas reads 03/04/2025 as month/day unless the first can't be a month.
  const slashed = /^\s*(\d{1,2})[-/](\d{1,2})[-/](\d{4})\s*$/.exec(text)
  if (slashed) {
    const [a, b] = [Number(slashed[1]), Number(slashed[2])]
    const swap = a > 12 || (dayFirst && b <= 12)
    return swap ? build([slashed[3], slashed[2], slashed[1]]) : build([slashed[3], String(a), String(b)])
  }
  return null
}

function build(parts: (string | undefined)[]): bigint | null {
  const [y, mo, d, h, mi, s, fraction] = parts
  const [year, month, day] = [Number(y), Number(mo), Number(d)]
  const [hour, minute, second] = [Number(h ?? 0), Number(mi ?? 0), Number(s ?? 0)]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!real || hour > 23 || minute > 59 || second > 59) return null
  return BigInt(date.getTime()) * BigInt(US_PER_MS) + BigInt((fraction ?? '0').padEnd(6, '0').slice(0, 6))
}

/** The wall clock of the machine as microseconds without a zone, as `pd.Timestamp.now()` gives it. */
export function wallClock(now: Date): bigint {
  const local = Date.UTC(
    now.getFullYear(),
    now.getMonth(),
    now.getDate(),
    now.getHours(),
    now.getMinutes(),
    now.getSeconds(),
    now.getMilliseconds(),
  )
  return BigInt(local) * BigInt(US_PER_MS)
}

const DELTA_UNITS: Record<string, number> = {
  w: 604_800e6,
  week: 604_800e6,
  weeks: 604_800e6,
  d: 86_400e6,
  day: 86_400e6,
  days: 86_400e6,
  h: 3600e6,
  hr: 3600e6,
  hour: 3600e6,
  hours: 3600e6,
  m: 60e6,
  min: 60e6,
  mins: 60e6,
  t: 60e6,
  minute: 60e6,
  minutes: 60e6,
  s: 1e6,
  sec: 1e6,
  second: 1e6,
  seconds: 1e6,
  ms: 1e3,
  millisecond: 1e3,
  milliseconds: 1e3,
  us: 1,
  microsecond: 1,
  microseconds: 1,
  ns: 1e-3,
  nanosecond: 1e-3,
  nanoseconds: 1e-3,
}

export const deltaUnit = (name: string): number | null =>
  DELTA_UNITS[name.toLowerCase()] ?? DELTA_UNITS[name] ?? null

export const DELTA_UNIT_NAMES = [
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
]

/** `'5 days'`, `'1D'`, `'2h 30min'`, `'01:30:00'` as microseconds. */
export function readDelta(text: string): number | null {
  const clock = /^\s*(-?)(?:(\d+) days?,? )?(\d{1,2}):(\d{2}):(\d{2})\s*$/.exec(text)
  if (clock) {
    const total =
      (Number(clock[2] ?? 0) * 86_400 + Number(clock[3]) * 3600 + Number(clock[4]) * 60 + Number(clock[5])) *
      1e6
    return clock[1] === '-' ? -total : total
  }
  let rest = text.trim()
  const negative = rest.startsWith('-')
  if (negative) rest = rest.slice(1).trim()
  if (rest === '') return null
  let total = 0
  while (rest !== '') {
    const match = /^(\d+(?:\.\d+)?)?\s*([A-Za-z]+)\s*/.exec(rest)
    const unit = match ? deltaUnit(match[2] ?? '') : null
    if (!match || unit === null) return null
    total += Number(match[1] ?? 1) * unit
    rest = rest.slice(match[0].length)
  }
  return negative ? -total : total
}
