import { type Expectation, expectationsOf } from '@engine/emisores'
import {
  dueBetween,
  firstMissed,
  minutesBetween,
  nextDue,
  startOfDay,
  wallClock,
  windowStart,
} from '@engine/frecuencia'
import { type Db, type Envio, type Envios, listCasillas, listPermisos, openEnvios } from '@engine/store'
import type { OperationOutput, OperationParams } from '@shared/contract'
import { CALENDAR_MAX_DAYS } from '@shared/contract/emisores-operations'
import { AppError } from '@shared/errors/app-error'
import type { DiaCalendario, Espera } from '@shared/model/calendario'

type Query = OperationParams<'calendario.list'>

/** A date on which something is due, and from when until when a submission answers it. */
interface DueDate {
  due: Date
  dia: string
  hora: string
  from: string
  to: string
  /** The one due after it. */
  next: Date
}

const DAY_MS = 86_400_000

/** @throws AppError CALENDAR_RANGE */
function checkRange({ desde, hasta }: Query): void {
  const days = (Date.parse(hasta) - Date.parse(desde)) / DAY_MS + 1
  if (days >= 1 && days <= CALENDAR_MAX_DAYS) return
  throw new AppError('CALENDAR_RANGE', {
    kind: 'input',
    message: `El calendario abarca de 1 a ${CALENDAR_MAX_DAYS} días: de ${desde} a ${hasta} no se puede.`,
  })
}

function datesOf({ casilla, frecuencia }: Expectation, { desde, hasta }: Query): DueDate[] {
  const zone = casilla.zona_horaria
  const dates = dueBetween(frecuencia, zone, startOfDay(desde, zone), startOfDay(hasta, zone, 1))
  const [last] = dates.slice(-1)
  const after = last ? nextDue(frecuencia, zone, last) : null
  return dates.flatMap((due, i) => {
    const next = dates[i + 1] ?? after
    if (!next) return []
    const from = new Date(windowStart(frecuencia, zone, due)).toISOString()
    const to = new Date(windowStart(frecuencia, zone, next)).toISOString()
    return { due, ...wallClock(due, zone), from, to, next }
  })
}

/** Senders that share a frequency share its dates. */
function sharedDates(query: Query): (expectation: Expectation) => DueDate[] {
  const known = new Map<string, DueDate[]>()
  return (expectation) => {
    const key = JSON.stringify([expectation.frecuencia, expectation.casilla.zona_horaria])
    const found = known.get(key) ?? datesOf(expectation, query)
    known.set(key, found)
    return found
  }
}

/** The dates of one expectation with what came for each. */
class Answers {
  private readonly casillaId: number
  private readonly emisorId: number | null
  private readonly nowIso: string
  /** First date missed of the row that the last missed date belongs to. */
  private missedSince: Date | null = null

  constructor(
    private readonly expectation: Expectation,
    private readonly envios: Envios,
    private readonly now: Date,
  ) {
    this.nowIso = now.toISOString()
    this.casillaId = expectation.casilla.id
    this.emisorId = expectation.emisor?.id ?? null
  }

  /** To be asked in order. */
  of(date: DueDate): Pick<Espera, 'estado' | 'minutosTarde'> & { envio: Envio | null } {
    const { due, from, to } = date
    // Nothing can have come for what is still to begin.
    if (from > this.nowIso) return { estado: 'pendiente', minutosTarde: 0, envio: null }
    const envio = this.envios.first(this.casillaId, this.emisorId, from, to)
    if (envio) {
      this.missedSince = null
      return { estado: 'recibido', minutosTarde: minutesBetween(due, new Date(envio.recibidoEn)), envio }
    }
    if (due > this.now) return { estado: 'pendiente', minutosTarde: 0, envio }
    const later = this.envios.first(this.casillaId, this.emisorId, to, null)
    const until = later ? new Date(later.recibidoEn) : this.now
    this.missedSince ??= this.firstOfRow(date)
    const over = later !== null || date.next <= this.now
    return {
      estado: over ? 'falto' : 'atrasado',
      minutosTarde: minutesBetween(this.missedSince, until),
      envio,
    }
  }

  private firstOfRow({ due, from }: DueDate): Date {
    const { casilla, frecuencia, desde } = this.expectation
    const ultimoEnvio = this.envios.lastBefore(this.casillaId, this.emisorId, from)
    return firstMissed(frecuencia, casilla.zona_horaria, { ultimoEnvio, desde }, due)
  }
}

function esperasOf(expectation: Expectation, dates: readonly DueDate[], envios: Envios, now: Date): Espera[] {
  const { casilla, emisor, desde } = expectation
  const since = new Date(desde)
  const answers = new Answers(expectation, envios, now)
  return dates
    .filter(({ due }) => due >= since)
    .map((date) => {
      const { envio, ...state } = answers.of(date)
      return {
        casillaId: casilla.id,
        casillaNombre: casilla.nombre,
        emisorId: emisor?.id ?? null,
        emisorNombre: emisor?.nombre ?? null,
        fecha: date.due.toISOString(),
        dia: date.dia,
        hora: date.hora,
        ...state,
        recibidoEn: envio?.recibidoEn ?? null,
        archivo: envio?.archivo ?? null,
        archivoId: envio?.archivoId ?? null,
        executionId: envio?.executionId ?? null,
        resultado: envio?.estado ?? null,
      }
    })
}

/** Digits need no rules of a language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** How many of each state every day has, in order. */
function countDays(esperas: readonly Espera[]): DiaCalendario[] {
  const days = new Map<string, DiaCalendario>()
  for (const { dia, estado, minutosTarde } of esperas) {
    const day = days.get(dia) ?? { dia, recibido: 0, tarde: 0, pendiente: 0, atrasado: 0, falto: 0 }
    day[estado] += 1
    if (estado === 'recibido' && minutosTarde > 0) day.tarde += 1
    days.set(dia, day)
  }
  return [...days.values()].sort((a, b) => compare(a.dia, b.dia))
}

/**
 * What is expected between two days and how it was answered (reference, 6.4), in order of day and hour. Each date is answered by the
 * first submission from the start of its own day (of its month, for `hasta_dia_n`) until that of the next one's.
 * @throws AppError CALENDAR_RANGE
 */
export function listCalendario(db: Db, query: Query, now = new Date()): OperationOutput<'calendario.list'> {
  checkRange(query)
  const permisos = listPermisos(db, query.casillaId ?? null)
  const datesFor = sharedDates(query)
  const envios = openEnvios(db)
  const esperas = listCasillas(db)
    .filter(({ id }) => query.casillaId === undefined || id === query.casillaId)
    .flatMap((casilla) =>
      expectationsOf(
        casilla,
        permisos.filter(({ casilla_id }) => casilla_id === casilla.id),
      ),
    )
    .filter(({ emisor }) => query.emisorId === undefined || emisor?.id === query.emisorId)
    .flatMap((expectation) => esperasOf(expectation, datesFor(expectation), envios, now))
    // Sorting keeps the order of casillas and senders within an instant.
    .sort((a, b) => compare(a.dia, b.dia) || compare(a.fecha, b.fecha))
  const asked = query.estado === undefined ? esperas : esperas.filter(({ estado }) => estado === query.estado)
  return {
    items: asked.slice(query.offset, query.offset + query.limit),
    total: asked.length,
    dias: countDays(esperas),
  }
}
