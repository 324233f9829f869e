/** A calendar day, month 1..12. */
export interface Day {
  year: number
  month: number
  day: number
}

interface Wall extends Day {
  hour: number
  minute: number
  second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    era: 'short',
  })
  formats.set(zone, format)
  return format
}

/** What the clocks of a zone show. @throws RangeError for an unknown zone */
export function wallAt(time: number, zone: string): Wall {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  )
  return {
    year: Number(part.year),
    month: Number(part.month),
    day: Number(part.day),
    hour: Number(part.hour),
    minute: Number(part.minute),
    second: Number(part.second),
  }
}

const asUtc = ({ year, month, day, hour, minute, second }: Wall): number =>
  Date.UTC(year, month - 1, day, hour, minute, second)

/** Milliseconds the zone is ahead of UTC at an instant. */
const offsetAt = (time: number, zone: string): number =>
  asUtc(wallAt(time, zone)) - Math.floor(time / 1000) * 1000

/** The day it is in a zone. */
export function dayIn(time: number, zone: string): Day {
  const { year, month, day } = wallAt(time, zone)
  return { year, month, day }
}

/** The clocks change at most by a few hours, and no zone is further than this from UTC. */
const DAY_MS = 86_400_000

/**
 * The instant at which the clocks of a zone show `hour:minute` of a day. A time that the clocks skip (spring) is taken as if they had
 * not been changed, so it comes as much later as they jump; of a time they show twice (autumn) the first is taken. Both as in
 * ECMA-262 (21.4.1.27 UTC, "disambiguation: compatible").
 */
export function instantOf({ year, month, day }: Day, hour: number, minute: number, zone: string): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute)
  const before = offsetAt(wall - DAY_MS, zone)
  const after = offsetAt(wall + DAY_MS, zone)
  for (const offset of [before, after]) {
    const time = wall - offset
    if (offsetAt(time, zone) === offset) return time
  }
  return wall - before
}

export const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Monday 0 ... Sunday 6. */
export const weekday = ({ year, month, day }: Day): number =>
  (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7

export function addDays({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day + days))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
