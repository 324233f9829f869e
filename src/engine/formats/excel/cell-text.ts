export type ExcelCell = string | number | boolean | Date | null | undefined

const DAY = 86_400_000
/** Excel's day zero; a time of day without a date is stored as a fraction of it. */
const ZERO_1900 = Date.UTC(1899, 11, 31)

const pad = (value: number): string => String(value).padStart(2, '0')

/** A cell's value as the text a CSV of the same sheet would hold. */
export function cellText(cell: ExcelCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return cell ? 'true' : 'false'
  if (typeof cell === 'number') return numberText(cell)
  return dateText(cell)
}

/** Never in scientific notation: a code of 25 digits typed as a number is still read as digits. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return ''
  if (Number.isInteger(value) && Math.abs(value) >= 1e21) return BigInt(value).toString()
  return Object.is(value, -0) ? '0' : String(value)
}

function dateText(date: Date): string {
  // Excel keeps fractions of a day, so a second may come out as 59.999.
  const ms = Math.round(date.getTime() / 1000) * 1000
  if (!Number.isFinite(ms)) return ''
  const at = new Date(ms)
  const time = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`
  const timeOnly = ms >= ZERO_1900 - DAY && ms < ZERO_1900 + DAY
  if (timeOnly) return time
  const day = `${String(at.getUTCFullYear()).padStart(4, '0')}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`
  return ms % DAY === 0 ? day : `${day}T${time}`
}
