import type { Carga, Ensayo, Materializacion } from '@shared/model/materializacion'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleMinus,
  IconCirclePlus,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconPencil,
  IconPlayerPause,
  IconReload,
  IconRepeat,
} from '@tabler/icons-react'
import { type Look, LookBadge } from './state-badge'

/** Where a load stands, as one word. */
export type SituacionCarga = Carga['estado'] | 'reintento' | 'retenida' | 'repetida'

const LOAD: Record<SituacionCarga, Look> = {
  en_espera: { key: 'carga.en_espera', color: 'var(--sage-gray)', icon: IconClock },
  reintento: { key: 'carga.reintento', color: 'var(--sage-orange)', icon: IconReload },
  retenida: { key: 'carga.retenida', color: 'var(--sage-orange)', icon: IconPlayerPause },
  en_proceso: { key: 'carga.en_proceso', color: 'var(--sage-blue)', icon: IconLoader2, turns: true },
  completado: { key: 'carga.completado', color: 'var(--sage-teal)', icon: IconCircleCheck },
  repetida: { key: 'carga.repetida', color: 'var(--sage-gray)', icon: IconRepeat },
  error: { key: 'carga.error', color: 'var(--sage-red)', icon: IconCircleX },
  cancelado: { key: 'carga.cancelado', color: 'var(--sage-gray)', icon: IconBan },
}

/** What it waits for is said before that it waits; a load that changed nothing is not told as one that did. */
export function situacionDeCarga(
  carga: Pick<Carga, 'estado' | 'proximoIntento' | 'retenidaPor' | 'repetida'>,
): SituacionCarga {
  if (carga.estado === 'completado') return carga.repetida ? 'repetida' : 'completado'
  if (carga.estado !== 'en_espera') return carga.estado
  if (carga.retenidaPor !== null) return 'retenida'
  return carga.proximoIntento === null ? 'en_espera' : 'reintento'
}

/** How a materialization is doing, as one word. */
export type SituacionMaterializacion = 'inactiva' | 'con_fallas' | 'en_curso' | 'al_dia' | 'sin_cargas'
export const SITUACION_VALUES = [
  'con_fallas',
  'en_curso',
  'al_dia',
  'sin_cargas',
  'inactiva',
] as const satisfies readonly SituacionMaterializacion[]

const MATERIALIZATION: Record<SituacionMaterializacion, Look> = {
  inactiva: { key: 'mat.situacion.inactiva', color: 'var(--sage-gray)', icon: IconPlayerPause },
  con_fallas: { key: 'mat.situacion.con_fallas', color: 'var(--sage-red)', icon: IconAlertTriangle },
  en_curso: { key: 'mat.situacion.en_curso', color: 'var(--sage-blue)', icon: IconLoader2, turns: true },
  al_dia: { key: 'mat.situacion.al_dia', color: 'var(--sage-teal)', icon: IconCircleCheck },
  sin_cargas: { key: 'mat.situacion.sin_cargas', color: 'var(--sage-gray)', icon: IconClock },
}

/** Failures first: they need a person whether it is switched on or not. */
export function situacionDe(
  row: Pick<Materializacion, 'activa' | 'fallidas' | 'pendientes' | 'ultimaCarga'>,
): SituacionMaterializacion {
  if (row.fallidas > 0) return 'con_fallas'
  if (!row.activa) return 'inactiva'
  if (row.pendientes > 0) return 'en_curso'
  return row.ultimaCarga === null ? 'sin_cargas' : 'al_dia'
}

export type Cambio = Ensayo['tablas'][number]['muestra'][number]['cambio']

const CHANGE: Record<Cambio, Look> = {
  insertada: { key: 'cambio.insertada', color: 'var(--sage-teal)', icon: IconCirclePlus },
  actualizada: { key: 'cambio.actualizada', color: 'var(--sage-blue)', icon: IconPencil },
  eliminada: { key: 'cambio.eliminada', color: 'var(--sage-red)', icon: IconCircleMinus },
}

interface SizeProps {
  size?: 'sm' | 'lg'
}

export const CargaBadge = ({ carga, ...rest }: SizeProps & { carga: Carga }) => (
  <LookBadge look={LOAD[situacionDeCarga(carga)]} {...rest} />
)

export const MaterializacionBadge = ({
  situacion,
  ...rest
}: SizeProps & { situacion: SituacionMaterializacion }) => (
  <LookBadge look={MATERIALIZATION[situacion]} {...rest} />
)

export const CambioBadge = ({ cambio }: { cambio: Cambio }) => <LookBadge look={CHANGE[cambio]} />

export const cargaKey = (situacion: SituacionCarga) => LOAD[situacion].key
export const situacionMaterializacionKey = (situacion: SituacionMaterializacion) =>
  MATERIALIZATION[situacion].key
export const cambioKey = (cambio: Cambio) => CHANGE[cambio].key
