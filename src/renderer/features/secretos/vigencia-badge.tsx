import { Tooltip } from '@mantine/core'
import type { SecretoInfo, Vigencia } from '@shared/model/secreto'
import {
  IconAlertTriangle,
  IconCalendarExclamation,
  IconCircleCheck,
  IconCircleX,
  IconLockQuestion,
  IconMinus,
} from '@tabler/icons-react'
import { useText, type Text as Words } from '../../app/prefs'
import { type Look, LookBadge } from '../../ui/state-badge'

const LOOKS: Record<Vigencia['estado'], Look> = {
  sin_plazo: { key: 'secreto.vigencia.sin_plazo', color: 'var(--sage-gray)', icon: IconMinus },
  vigente: { key: 'secreto.vigencia.vigente', color: 'var(--sage-teal)', icon: IconCircleCheck },
  por_rotar: { key: 'secreto.vigencia.por_rotar', color: 'var(--sage-yellow)', icon: IconAlertTriangle },
  por_vencer: {
    ...{ key: 'secreto.vigencia.por_vencer', color: 'var(--sage-orange)', icon: IconCalendarExclamation },
  },
  vencido: { key: 'secreto.vigencia.vencido', color: 'var(--sage-red)', icon: IconCircleX },
}
const UNREADABLE: Look = {
  ...{ key: 'secreto.ilegible', color: 'var(--sage-red)', icon: IconLockQuestion },
}

const lookOf = ({ legible, vigencia }: SecretoInfo): Look => (legible ? LOOKS[vigencia.estado] : UNREADABLE)

/** What the badge says, for those who copy it. */
export const vigenciaText = (t: Words['t'], secreto: SecretoInfo): string => t(lookOf(secreto).key)

/** Whether a credential still serves; how many days are left on hover. */
export function VigenciaBadge({ secreto }: { secreto: SecretoInfo }) {
  const { t } = useText()
  const { estado, dias } = secreto.vigencia
  const badge = <LookBadge look={lookOf(secreto)} />
  if (!secreto.legible || dias === null) return badge
  const label =
    estado === 'vencido'
      ? t('secreto.vencioHace', { n: -dias })
      : estado === 'por_rotar'
        ? t('secreto.rotarDesde', { n: -dias })
        : t('secreto.quedan', { n: dias })
  return (
    <Tooltip label={label}>
      <span>{badge}</span>
    </Tooltip>
  )
}
