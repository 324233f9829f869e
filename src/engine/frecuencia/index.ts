import { DIAS_SEMANA, type Frecuencia, type Puntualidad } from '@shared/model/frecuencia'
import { addDays, type Day, dayIn, daysInMonth, instantOf, weekday } from './zone'

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

const days = (n: number): number => n * 86_400_000

/** The first date due after `after`; null when nothing is expected. @throws RangeError for an unknown zone */
export function nextDue(frecuencia: Frecuencia, zone: string, after: Date): Date | null {
  const from = new Date(after.getTime() + 1)
  return dueBetween(frecuencia, zone, from, new Date(after.getTime() + days(HORIZON_DAYS)))[0] ?? null
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
  const from = new Date(now.getTime() - days(HORIZON_DAYS))
  return dueBetween(frecuencia, zone, from, new Date(now.getTime() + 1)).at(-1) ?? null
}

/**
 * From when a submission answers a date. The documented rule compares dates, so one that comes early on the day itself answers it;
 * for `hasta_dia_n` any of its month does.
 */
function windowStart(frecuencia: Expecting, zone: string, due: Date): number {
  const day = dayIn(due.getTime(), zone)
  return instantOf(frecuencia.tipo === 'hasta_dia_n' ? { ...day, day: 1 } : day, 0, 0, zone)
}

const NOTHING_EXPECTED = { ultimaEsperada: null, proximaEsperada: null, minutosTarde: 0 }

export interface Envios {
  /** ISO instant of the last submission, or null. */
  ultimoEnvio: string | null
  /** Since when something is expected, ISO: what was due before the casilla existed is not missed. */
  desde: string
}

/**
 * Where a sender stands (reference, 6.4): late when the last submission is older than the last date due. `pendiente` when the next
 * date is today (or this month, for `hasta_dia_n`) and nothing has come for it.
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
    minutosTarde: late && expected !== null ? Math.floor((now.getTime() - expected.getTime()) / 60_000) : 0,
  }
}
