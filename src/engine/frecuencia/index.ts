import { DIAS_SEMANA, type Frecuencia, type Puntualidad } from '@shared/model/frecuencia'
import { addDays, type Day, dayIn, daysInMonth, instantOf, wallAt, weekday } from './zone'

type Expecting = Exclude<Frecuencia, { tipo: 'bajo_demanda' }>

/** Furthest that the next or the last date of any frequency can be: a month and its clock changes. */
const HORIZON_DAYS = 63

/** Whether something is due that day (reference, 6.4). A listed day past the month's end falls on its last day. */
function isDue(frecuencia: Expecting, day: Day): boolean {
  const last = daysInMonth(day.year, day.month)
  switch (frecuencia.tipo) {
    case 'diario':
      return true
    case 'semanal':
      return frecuencia.dias_semana.some((name) => DIAS_SEMANA.indexOf(name) === weekday(day))
    case 'quincenal':
      return day.day === 1 || day.day === 15
    case 'mensual':
      return frecuencia.dias_mes.some((listed) => Math.min(listed, last) === day.day)
    case 'fin_de_mes':
      return day.day === last
    case 'hasta_dia_n':
      return day.day === Math.min(frecuencia.dia_limite, last)
  }
}

function dueAt(frecuencia: Expecting, day: Day, zone: string): number {
  const [hour = 0, minute = 0] = frecuencia.hora.split(':').map(Number)
  return instantOf(day, hour, minute, zone)
}

/**
 * Every instant at which something is due, in order: `from` <= instant < `to`.
 * @param zone IANA name of the casilla's time zone
 * @throws RangeError for an unknown zone
 */
export function dueBetween(frecuencia: Frecuencia, zone: string, from: Date, to: Date): Date[] {
  if (frecuencia.tipo === 'bajo_demanda') return []
  const dates: Date[] = []
  // A clock change may carry an instant to the neighbouring day.
  const end = addDays(dayIn(to.getTime(), zone), 1)
  const endKey = Date.UTC(end.year, end.month - 1, end.day)
  for (
    let day = addDays(dayIn(from.getTime(), zone), -1);
    Date.UTC(day.year, day.month - 1, day.day) <= endKey;
    day = addDays(day, 1)
  ) {
    if (!isDue(frecuencia, day)) continue
    const time = dueAt(frecuencia, day, zone)
    if (time >= from.getTime() && time < to.getTime()) dates.push(new Date(time))
  }
  return dates
}

/** The first date, walking day by day from `start` in one direction, that lies where it is asked. */
function walk(
  frecuencia: Expecting,
  zone: string,
  { start, step }: { start: Day; step: 1 | -1 },
  fits: (time: number) => boolean,
): Date | null {
  for (let i = 0, day = start; i < HORIZON_DAYS; i++, day = addDays(day, step)) {
    if (!isDue(frecuencia, day)) continue
    const time = dueAt(frecuencia, day, zone)
    if (fits(time)) return new Date(time)
  }
  return null
}

/** The first date due after `after`; null when nothing is expected. @throws RangeError for an unknown zone */
export function nextDue(frecuencia: Frecuencia, zone: string, after: Date): Date | null {
  if (frecuencia.tipo === 'bajo_demanda') return null
  const start = addDays(dayIn(after.getTime(), zone), -1)
  return walk(frecuencia, zone, { start, step: 1 }, (time) => time > after.getTime())
}

/** The next `count` dates due, in order; none when nothing is expected. @throws RangeError for an unknown zone */
export function nextDates(frecuencia: Frecuencia, zone: string, after: Date, count: number): Date[] {
  const dates: Date[] = []
  let date = nextDue(frecuencia, zone, after)
  while (date !== null && dates.length < count) {
    dates.push(date)
    date = nextDue(frecuencia, zone, date)
  }
  return dates
}

/** The last date due at or before `now`; null when nothing is expected. @throws RangeError for an unknown zone */
export function lastDue(frecuencia: Frecuencia, zone: string, now: Date): Date | null {
  if (frecuencia.tipo === 'bajo_demanda') return null
  const start = addDays(dayIn(now.getTime(), zone), 1)
  return walk(frecuencia, zone, { start, step: -1 }, (time) => time <= now.getTime())
}

/**
 * From when a submission answers a date. The documented rule compares dates, so one that comes early on the day itself answers it;
 * for `hasta_dia_n` any of its month does. Until when: the same of the date after it.
 * @throws RangeError for an unknown zone
 */
export function windowStart(frecuencia: Frecuencia, zone: string, due: Date): number {
  const day = dayIn(due.getTime(), zone)
  return instantOf(frecuencia.tipo === 'hasta_dia_n' ? { ...day, day: 1 } : day, 0, 0, zone)
}

/** The first instant at which something was due and nothing has come for it nor after; null when nothing is expected. */
function firstUnanswered(frecuencia: Frecuencia, zone: string, sent: number, desde: number): Date | null {
  const due = nextDue(frecuencia, zone, new Date(Math.max(sent, desde - 1)))
  // What came early on the day itself answers it.
  if (due === null || windowStart(frecuencia, zone, due) > sent) return due
  return nextDue(frecuencia, zone, due)
}

/**
 * The first of the dates missed in a row up to `due`, which is one of them: `due` itself, or older.
 * @param ultimoEnvio the last submission before the window of `due`
 * @throws RangeError for an unknown zone
 */
export function firstMissed(
  frecuencia: Frecuencia,
  zone: string,
  { ultimoEnvio, desde }: Envios,
  due: Date,
): Date {
  const sent = ultimoEnvio === null ? Number.NEGATIVE_INFINITY : Date.parse(ultimoEnvio)
  const first = firstUnanswered(frecuencia, zone, sent, Date.parse(desde))
  return first !== null && first < due ? first : due
}

/** The calendar day and the time that the clocks of a zone show. @throws RangeError for an unknown zone */
export function wallClock(instant: Date, zone: string): { dia: string; hora: string } {
  const { year, month, day, hour, minute } = wallAt(instant.getTime(), zone)
  const two = (n: number): string => String(n).padStart(2, '0')
  return { dia: `${year}-${two(month)}-${two(day)}`, hora: `${two(hour)}:${two(minute)}` }
}

/** When a calendar day (YYYY-MM-DD) begins in a zone. @throws RangeError for an unknown zone */
export function startOfDay(dia: string, zone: string, plusDays = 0): Date {
  const [year = 0, month = 0, day = 0] = dia.split('-').map(Number)
  return new Date(instantOf(addDays({ year, month, day }, plusDays), 0, 0, zone))
}

const minutes = (ms: number): number => Math.max(0, Math.floor(ms / 60_000))

/** Whole minutes from one instant to a later one; 0 when it is not later. */
export const minutesBetween = (from: Date, to: Date): number => minutes(to.getTime() - from.getTime())

const NOTHING_EXPECTED = { ultimaEsperada: null, proximaEsperada: null, minutosTarde: 0 }

export interface Envios {
  /** ISO instant of the last submission, or null. */
  ultimoEnvio: string | null
  /** Since when something is expected, ISO: what was due before the casilla existed is not missed. */
  desde: string
}

/**
 * Where a sender stands (reference, 6.4): late when the last submission is older than the last date due. `pendiente` when the next
 * date is today (or this month, for `hasta_dia_n`) and nothing has come for it. Minutes late count from the first date missed.
 * @param zone IANA name of the casilla's time zone
 * @throws RangeError for an unknown zone
 */
export function puntualidadDe(
  frecuencia: Frecuencia | null,
  zone: string,
  { ultimoEnvio, desde }: Envios,
  now: Date,
): Puntualidad {
  if (frecuencia === null || frecuencia.tipo === 'bajo_demanda')
    return { estado: 'sin_frecuencia', ultimoEnvio, ...NOTHING_EXPECTED }
  const sent = ultimoEnvio === null ? Number.NEGATIVE_INFINITY : Date.parse(ultimoEnvio)
  const last = lastDue(frecuencia, zone, now)
  const expected = last !== null && last.getTime() >= Date.parse(desde) ? last : null
  const next = nextDue(frecuencia, zone, now)
  const late = expected !== null && sent < windowStart(frecuencia, zone, expected)
  const start = next === null ? Number.POSITIVE_INFINITY : windowStart(frecuencia, zone, next)
  const waiting = start <= now.getTime() && sent < start
  return {
    estado: late ? 'atrasado' : waiting ? 'pendiente' : 'al_dia',
    ultimoEnvio,
    ultimaEsperada: expected?.toISOString() ?? null,
    proximaEsperada: next?.toISOString() ?? null,
    minutosTarde: late
      ? minutesBetween(firstMissed(frecuencia, zone, { ultimoEnvio, desde }, expected), now)
      : 0,
  }
}
