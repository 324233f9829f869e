import type { Ejecucion, Estado } from '@shared/model/execution'

export interface DayCount extends Record<Estado, number> {
  /** yyyy-mm-dd, local. */
  day: string
  /** dd/mm, for the axis. */
  label: string
}

const two = (value: number) => String(value).padStart(2, '0')
export const localDay = (date: Date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`

/** The first of the last `days` local days, today included. */
export function firstDay(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - (days - 1))
}

/** How the executions of each day ended, days without any included. */
export function countByDay(rows: readonly Ejecucion[], now: Date, days: number): DayCount[] {
  const start = firstDay(now, days)
  const counts = Array.from({ length: days }, (_, index): DayCount => {
    const date = new Date(start.getFullYear(), start.getMonth(), start.getDate() + index)
    return {
      day: localDay(date),
      label: `${two(date.getDate())}/${two(date.getMonth() + 1)}`,
      Éxito: 0,
      Parcial: 0,
      Fallido: 0,
    }
  })
  const byDay = new Map(counts.map((count) => [count.day, count]))
  for (const row of rows) {
    const count = byDay.get(localDay(new Date(row.creadaEn)))
    if (count && row.estado) count[row.estado] += 1
  }
  return counts
}
