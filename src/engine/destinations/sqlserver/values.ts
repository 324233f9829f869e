const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** What tedious hangs on a date: the part of the second that a Date does not hold. */
const deltaOf = (date: Date): number =>
  'nanosecondsDelta' in date && typeof date.nanosecondsDelta === 'number' ? date.nanosecondsDelta : 0

/** A date and time in UTC with microseconds, without the zeros that end them. */
function dateText(date: Date): string {
  const micros = date.getUTCMilliseconds() * 1000 + Math.round(deltaOf(date) * 1_000_000)
  const fraction = micros === 0 ? '' : `.${pad(micros, 6).replace(/0+$/, '')}`
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}${fraction}`
}

/** A value of the driver as text. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return dateText(value)
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value)
}
