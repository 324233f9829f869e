import type { OperationInput } from '@shared/contract'
import type { Casilla } from '@shared/model/casilla'
import type { Vigilancia } from '@shared/model/recepcion'
import type { TextKey } from '@shared/text'
import { createStore } from '../../api/store'
import { type RemotoDraft, remotoOf } from './place'

/** A number being written: null while the field is empty. */
type Written = number | null

interface WatchValues extends Omit<Vigilancia, 'version' | 'asentamientoMs' | 'sondeoMs' | 'maxIntentos'> {
  asentamientoMs: Written
  sondeoMs: Written
  maxIntentos: Written
}

export interface SettingsValues
  extends Pick<Casilla, 'nombre' | 'descripcion' | 'politica' | 'activa' | 'zonaHoraria' | 'carpeta'>,
    WatchValues {
  prioridad: Written
  origenRemoto: RemotoDraft | null
}

/** What a person changed and did not save. A chosen folder comes with the token that lets the engine have it. */
export interface SettingsDraft extends Partial<Omit<SettingsValues, 'carpeta'>> {
  carpeta?: { token: string; path: string } | null
}

/** By casilla, for as long as the window lives: leaving the tab loses nothing. */
export const settingsDrafts = createStore<ReadonlyMap<number, SettingsDraft>>(new Map())

export function keepSettings(id: number, draft: SettingsDraft | null) {
  settingsDrafts.set((before) => {
    const next = new Map(before)
    if (draft === null) next.delete(id)
    else next.set(id, draft)
    return next
  })
}

const savedValues = (casilla: Casilla): SettingsValues => {
  const { nombre, descripcion, politica, activa, zonaHoraria, carpeta, origenRemoto, prioridad } = casilla
  const { version: _version, ...vigilancia } = casilla.vigilancia
  const general = { nombre, descripcion, politica, activa, zonaHoraria, prioridad }
  return { ...general, carpeta, origenRemoto, ...vigilancia }
}

/** What the form shows: what is saved, with the draft over it. */
export function valuesOf(casilla: Casilla, { carpeta, ...draft }: SettingsDraft): SettingsValues {
  const saved = savedValues(casilla)
  return { ...saved, ...draft, carpeta: carpeta === undefined ? saved.carpeta : (carpeta?.path ?? null) }
}

/** True when something of the draft differs from what is saved. */
export function isDirty(casilla: Casilla, draft: SettingsDraft | undefined): boolean {
  if (!draft) return false
  return JSON.stringify(valuesOf(casilla, draft)) !== JSON.stringify(savedValues(casilla))
}

export interface SettingsProblem {
  field: keyof SettingsValues
  label: TextKey
  key: TextKey
}

const outside = (value: Written, min: number, max: number) => value === null || value < min || value > max
const badNames = (names: readonly string[]) =>
  names.length > 50 || names.some((name) => name.length > 255 || name.trim() === '')

/** Every value that can not be saved, in the order of the form. */
export function problemsOf(values: SettingsValues): SettingsProblem[] {
  const wrong: [keyof SettingsValues, boolean, TextKey, TextKey][] = [
    ['nombre', values.nombre.trim() === '', 'column.nombre', 'form.nameRequired'],
    ['origenRemoto', values.origenRemoto?.proveedorId === null, 'origen.proveedor', 'origen.falta'],
    [
      'sondeoMs',
      (values.sondeo || values.origenRemoto !== null) && outside(values.sondeoMs, 500, 3_600_000),
      'config.every',
      'config.everyError',
    ],
    ['asentamientoMs', outside(values.asentamientoMs, 0, 3_600_000), 'config.settle', 'config.settleError'],
    ['patrones', badNames(values.patrones), 'config.patterns', 'config.tagsError'],
    ['ignorar', badNames(values.ignorar), 'config.ignore', 'config.tagsError'],
    ['maxIntentos', outside(values.maxIntentos, 1, 20), 'config.attempts', 'config.attemptsError'],
    ['prioridad', outside(values.prioridad, -10, 10), 'config.priority', 'config.priorityError'],
    ['zonaHoraria', values.zonaHoraria === '', 'config.zone', 'config.zoneError'],
  ]
  return wrong.filter(([, is]) => is).map(([field, , label, key]) => ({ field, label, key }))
}

const WATCH_KEYS = [
  'patrones',
  'ignorar',
  'asentamientoMs',
  'sondeo',
  'sondeoMs',
  'subcarpetas',
  'duplicados',
  'maxIntentos',
] as const satisfies readonly (keyof WatchValues)[]

/** What to ask of the engine: only what changed. The values have no problems. */
export function changeOf(casilla: Casilla, draft: SettingsDraft): OperationInput<'casillas.update'> {
  const saved = savedValues(casilla)
  const { carpeta: _shown, ...values } = valuesOf(casilla, draft)
  const differs = (key: keyof typeof values) => JSON.stringify(values[key]) !== JSON.stringify(saved[key])
  const { nombre, descripcion, politica, activa, zonaHoraria, prioridad, origenRemoto, ...watch } = values
  const vigilancia: Vigilancia = {
    version: 1,
    ...watch,
    sondeoMs: watch.sondeoMs ?? casilla.vigilancia.sondeoMs,
    asentamientoMs: watch.asentamientoMs ?? casilla.vigilancia.asentamientoMs,
    maxIntentos: watch.maxIntentos ?? casilla.vigilancia.maxIntentos,
  }
  const { carpeta } = draft
  return {
    id: casilla.id,
    ...(differs('nombre') ? { nombre: nombre.trim() } : {}),
    ...(differs('descripcion') ? { descripcion } : {}),
    ...(differs('politica') ? { politica } : {}),
    ...(differs('activa') ? { activa } : {}),
    ...(differs('zonaHoraria') ? { zonaHoraria } : {}),
    ...(differs('prioridad') && prioridad !== null ? { prioridad } : {}),
    ...(differs('origenRemoto') ? { origenRemoto: remotoOf(origenRemoto) } : {}),
    ...(WATCH_KEYS.some(differs) ? { vigilancia } : {}),
    ...(carpeta === undefined || (carpeta === null && saved.carpeta === null)
      ? {}
      : { carpeta: carpeta === null ? null : { token: carpeta.token } }),
  }
}
