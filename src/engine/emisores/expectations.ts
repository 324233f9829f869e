import { puntualidadDe } from '@engine/frecuencia'
import type { CasillaRow, LastEnvio, PermisoRow } from '@engine/store'
import type { Frecuencia, Puntualidad } from '@shared/model/frecuencia'

/** Something that is expected of a casilla: from one of its senders, or (null) from whoever sends. */
export interface Expectation {
  casilla: CasillaRow
  emisor: { id: number; nombre: string } | null
  frecuencia: Frecuencia
  /** Since when, ISO: what was due before is not missed. */
  desde: string
}

const latest = (...instants: readonly (string | null)[]): string =>
  instants.reduce<string>((last, one) => (one !== null && one > last ? one : last), '')

const ownExpectation = (casilla: CasillaRow): Expectation[] =>
  casilla.configuracion_frecuencia === null
    ? []
    : [
        {
          casilla,
          emisor: null,
          frecuencia: casilla.configuracion_frecuencia,
          desde: latest(casilla.creado_en, casilla.frecuencia_desde),
        },
      ]

/** What is expected of one sender: by its own frequency, or the casilla's; null when nothing is. */
function ofSender(casilla: CasillaRow, permiso: PermisoRow): Expectation | null {
  const own = permiso.configuracion_frecuencia
  const frecuencia = own ?? casilla.configuracion_frecuencia
  if (frecuencia === null) return null
  return {
    casilla,
    emisor: { id: permiso.emisor_id, nombre: permiso.emisor_nombre },
    frecuencia,
    desde: latest(
      casilla.creado_en,
      permiso.creado_en,
      own === null ? casilla.frecuencia_desde : permiso.frecuencia_desde,
    ),
  }
}

/**
 * What is expected of a casilla: of each active sender that may send to it; when it has none, the casilla's frequency whoever sends. An
 * inactive casilla expects nothing.
 */
export function expectationsOf(casilla: CasillaRow, permisos: readonly PermisoRow[]): Expectation[] {
  if (!casilla.is_active) return []
  const active = permisos.filter((one) => one.emisor_activo)
  if (active.length === 0) return ownExpectation(casilla)
  return active.flatMap((permiso) => ofSender(casilla, permiso) ?? [])
}

/** Where one sender stands in a casilla; `sin_frecuencia` while it, or the casilla, is inactive. */
export function puntualidadDeEmisor(
  casilla: CasillaRow,
  permiso: PermisoRow,
  ultimoEnvio: string | null,
  now: Date,
): Puntualidad {
  const expected = casilla.is_active && permiso.emisor_activo ? ofSender(casilla, permiso) : null
  return puntualidadDe(
    expected?.frecuencia ?? null,
    casilla.zona_horaria,
    { ultimoEnvio, desde: expected?.desde ?? casilla.creado_en },
    now,
  )
}

const WORST: readonly Puntualidad['estado'][] = ['atrasado', 'pendiente', 'al_dia', 'sin_frecuencia']

/** Where a casilla stands: as its worst sender; the next date is that of whoever is expected first. */
export function puntualidadDeCasilla(
  casilla: CasillaRow,
  permisos: readonly PermisoRow[],
  envios: readonly LastEnvio[],
  now: Date,
): Puntualidad {
  const ultimoEnvio = latest(...envios.map(({ fecha }) => fecha)) || null
  const all = expectationsOf(casilla, permisos).map(({ emisor, frecuencia, desde }) => {
    const own =
      emisor === null ? ultimoEnvio : (envios.find((one) => one.emisor_id === emisor.id)?.fecha ?? null)
    return puntualidadDe(frecuencia, casilla.zona_horaria, { ultimoEnvio: own, desde }, now)
  })
  const next = all.flatMap(({ proximaEsperada }) => proximaEsperada ?? []).sort()
  return {
    estado: WORST.find((estado) => all.some((one) => one.estado === estado)) ?? 'sin_frecuencia',
    ultimoEnvio,
    ultimaEsperada: latest(...all.map(({ ultimaEsperada }) => ultimaEsperada)) || null,
    proximaEsperada: next[0] ?? null,
    minutosTarde: Math.max(0, ...all.map(({ minutosTarde }) => minutosTarde)),
  }
}
