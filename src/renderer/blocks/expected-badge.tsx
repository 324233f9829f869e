import type { EstadoEspera } from '@shared/model/calendario'
import {
  IconCalendarExclamation,
  IconCalendarX,
  IconCircleCheck,
  IconClock,
  IconClockExclamation,
} from '@tabler/icons-react'
import { type Look, LookBadge } from '../ui/state-badge'

/** A date of the calendar, what came late apart. */
export type Espera = EstadoEspera | 'tarde'

export const ESPERA: Record<Espera, Look> = {
  recibido: { key: 'espera.recibido', color: 'var(--sage-teal)', icon: IconCircleCheck },
  tarde: { key: 'espera.tarde', color: 'var(--sage-yellow)', icon: IconClockExclamation },
  pendiente: { key: 'espera.pendiente', color: 'var(--sage-gray)', icon: IconClock },
  atrasado: { key: 'espera.atrasado', color: 'var(--sage-orange)', icon: IconCalendarExclamation },
  falto: { key: 'espera.falto', color: 'var(--sage-red)', icon: IconCalendarX },
}

export const esperaOf = ({ estado, minutosTarde }: { estado: EstadoEspera; minutosTarde: number }): Espera =>
  estado === 'recibido' && minutosTarde > 0 ? 'tarde' : estado

export const EsperaBadge = ({ espera }: { espera: Espera }) => <LookBadge look={ESPERA[espera]} />
