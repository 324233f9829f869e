import type { Puntualidad } from '@shared/model/frecuencia'
import type { ArchivoRecibido, CasillaRecepcion } from '@shared/model/recepcion'
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBan,
  IconCalendarCheck,
  IconCalendarExclamation,
  IconCalendarOff,
  IconCircleCheck,
  IconCircleOff,
  IconCircleX,
  IconClock,
  IconCopy,
  IconEye,
  IconFolderOff,
  IconFolderX,
  IconGhost2,
  IconLoader2,
  IconPlayerPause,
  IconReload,
} from '@tabler/icons-react'
import { type Look, LookBadge } from './state-badge'

const RECEPTION: Record<CasillaRecepcion['estado'], Look> = {
  vigilando: { key: 'recepcion.vigilando', color: 'var(--sage-teal)', icon: IconEye },
  pausada: { key: 'recepcion.pausada', color: 'var(--sage-gray)', icon: IconPlayerPause },
  inactiva: { key: 'recepcion.inactiva', color: 'var(--sage-gray)', icon: IconCircleOff },
  sin_carpeta: { key: 'recepcion.sin_carpeta', color: 'var(--sage-gray)', icon: IconFolderOff },
  sin_acceso: { key: 'recepcion.sin_acceso', color: 'var(--sage-red)', icon: IconFolderX },
}

const PUNCTUALITY: Record<Puntualidad['estado'], Look> = {
  al_dia: { key: 'punctuality.al_dia', color: 'var(--sage-teal)', icon: IconCalendarCheck },
  pendiente: { key: 'punctuality.pendiente', color: 'var(--sage-gray)', icon: IconClock },
  atrasado: { key: 'punctuality.atrasado', color: 'var(--sage-orange)', icon: IconCalendarExclamation },
  sin_frecuencia: { key: 'punctuality.sin_frecuencia', color: 'var(--sage-gray)', icon: IconCalendarOff },
}

/** Where a received file stands, as one word. */
export type Situacion = NonNullable<ArchivoRecibido['desenlace']> | ArchivoRecibido['estado'] | 'reintento'

const turning = { color: 'var(--sage-blue)', icon: IconLoader2, turns: true }

const FILE: Record<Situacion, Look> = {
  detectado: { key: 'archivo.detectado', color: 'var(--sage-gray)', icon: IconClock },
  reclamado: { key: 'archivo.reclamado', ...turning },
  copiado: { key: 'archivo.copiado', ...turning },
  validando: { key: 'archivo.validando', ...turning },
  validado: { key: 'archivo.validado', ...turning },
  materializando: { key: 'archivo.materializando', ...turning },
  terminado: { key: 'archivo.terminado', color: 'var(--sage-gray)', icon: IconCircleCheck },
  reintento: { key: 'archivo.reintento', color: 'var(--sage-orange)', icon: IconReload },
  cuarentena: { key: 'archivo.cuarentena', color: 'var(--sage-red)', icon: IconAlertOctagon },
  aceptado: { key: 'archivo.aceptado', color: 'var(--sage-teal)', icon: IconCircleCheck },
  parcial: { key: 'archivo.parcial', color: 'var(--sage-yellow)', icon: IconAlertTriangle },
  rechazado: { key: 'archivo.rechazado', color: 'var(--sage-red)', icon: IconCircleX },
  error: { key: 'archivo.error', color: 'var(--sage-red)', icon: IconCircleX },
  duplicado: { key: 'archivo.duplicado', color: 'var(--sage-gray)', icon: IconCopy },
  desaparecido: { key: 'archivo.desaparecido', color: 'var(--sage-gray)', icon: IconGhost2 },
  cancelado: { key: 'archivo.cancelado', color: 'var(--sage-gray)', icon: IconBan },
}

/** Its outcome once it has one; until then where it is on its way, or that it waits for another try. */
export function situacionOf(
  row: Pick<ArchivoRecibido, 'estado' | 'desenlace' | 'proximoIntento'>,
): Situacion {
  if (row.estado === 'cuarentena') return 'cuarentena'
  if (row.desenlace !== null) return row.desenlace
  if (row.proximoIntento !== null) return 'reintento'
  return row.estado
}

interface SizeProps {
  size?: 'sm' | 'lg'
}

export const ReceptionBadge = ({ estado, ...rest }: SizeProps & { estado: CasillaRecepcion['estado'] }) => (
  <LookBadge look={RECEPTION[estado]} {...rest} />
)

export const PunctualityBadge = ({ estado, ...rest }: SizeProps & { estado: Puntualidad['estado'] }) => (
  <LookBadge look={PUNCTUALITY[estado]} {...rest} />
)

export const SituacionBadge = ({ situacion, ...rest }: SizeProps & { situacion: Situacion }) => (
  <LookBadge look={FILE[situacion]} {...rest} />
)

export const situacionKey = (situacion: Situacion) => FILE[situacion].key
export const receptionKey = (estado: CasillaRecepcion['estado']) => RECEPTION[estado].key
export const punctualityKey = (estado: Puntualidad['estado']) => PUNCTUALITY[estado].key
