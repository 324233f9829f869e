import { Group, Text } from '@mantine/core'
import type { Estado, Fase } from '@shared/model/execution'
import type { Severity } from '@shared/model/findings'
import type { TextKey } from '@shared/text'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconInfoCircle,
  IconLoader2,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import type { ComponentType, CSSProperties } from 'react'
import { useText } from '../app/prefs'

export interface Look {
  key: TextKey
  color: string
  icon: ComponentType<{
    size?: number
    color?: string
    className?: string
    'aria-hidden'?: boolean
    style?: CSSProperties
  }>
  turns?: boolean
}

const ESTADO: Record<Estado, Look> = {
  Éxito: { key: 'estado.exito', color: 'var(--sage-teal)', icon: IconCircleCheck },
  Parcial: { key: 'estado.parcial', color: 'var(--sage-yellow)', icon: IconAlertTriangle },
  Fallido: { key: 'estado.fallido', color: 'var(--sage-red)', icon: IconCircleX },
}

const FASE: Record<Fase, Look> = {
  en_espera: { key: 'fase.en_espera', color: 'var(--sage-gray)', icon: IconClock },
  en_curso: { key: 'fase.en_curso', color: 'var(--sage-blue)', icon: IconLoader2, turns: true },
  terminada: { key: 'fase.terminada', color: 'var(--sage-teal)', icon: IconCircleCheck },
  cancelada: { key: 'fase.cancelada', color: 'var(--sage-gray)', icon: IconBan },
  interrumpida: { key: 'fase.interrumpida', color: 'var(--sage-orange)', icon: IconPlugConnectedX },
  error: { key: 'fase.error', color: 'var(--sage-red)', icon: IconCircleX },
}

const SEVERITY: Record<Severity, Look> = {
  error: { key: 'severity.error', color: 'var(--sage-red)', icon: IconCircleX },
  warning: { key: 'severity.warning', color: 'var(--sage-yellow)', icon: IconAlertTriangle },
  message: { key: 'severity.message', color: 'var(--sage-gray)', icon: IconInfoCircle },
}

export const severityColor = (severity: Severity) => SEVERITY[severity].color

interface BadgeProps {
  size?: 'sm' | 'lg'
}

export function LookBadge({ look, size = 'sm' }: BadgeProps & { look: Look }) {
  const { t } = useText()
  const Icon = look.icon
  return (
    <Group
      gap={size === 'lg' ? 8 : 6}
      wrap="nowrap"
      component="span"
      style={{ display: 'inline-flex', verticalAlign: 'middle', minWidth: 0 }}
    >
      <Icon
        style={{ flexShrink: 0 }}
        size={size === 'lg' ? 24 : 16}
        color={look.color}
        aria-hidden
        {...(look.turns ? { className: 'sage-turning' } : {})}
      />
      <Text component="span" size={size === 'lg' ? 'xl' : 'sm'} fw={size === 'lg' ? 600 : 500} truncate>
        {t(look.key)}
      </Text>
    </Group>
  )
}

/** Where an execution stands: its outcome once it ended, its phase until then. */
export function ExecutionBadge({ fase, estado, size }: BadgeProps & { fase: Fase; estado: Estado | null }) {
  return (
    <LookBadge
      look={fase === 'terminada' && estado ? ESTADO[estado] : FASE[fase]}
      {...(size ? { size } : {})}
    />
  )
}

export const EstadoBadge = ({ estado, ...rest }: BadgeProps & { estado: Estado }) => (
  <LookBadge look={ESTADO[estado]} {...rest} />
)

export const SeverityBadge = ({ severity, ...rest }: BadgeProps & { severity: Severity }) => (
  <LookBadge look={SEVERITY[severity]} {...rest} />
)

export const estadoColor = (estado: Estado) => ESTADO[estado].color
export const estadoKey = (estado: Estado) => ESTADO[estado].key
export const faseKey = (fase: Fase) => FASE[fase].key
export const severityKey = (severity: Severity) => SEVERITY[severity].key
