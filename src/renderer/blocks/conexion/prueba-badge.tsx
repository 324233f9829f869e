import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import type { Text as Words } from '../../app/prefs'
import { type Look, LookBadge } from '../../ui/state-badge'

type Ultima = { ok: boolean } | null

const lookOf = (prueba: Ultima): Look =>
  prueba === null
    ? { icon: IconCircleDashed, color: 'var(--sage-gray)', key: 'destino.sinProbar' }
    : prueba.ok
      ? { icon: IconCircleCheck, color: 'var(--sage-teal)', key: 'prueba.bien' }
      : { icon: IconCircleX, color: 'var(--sage-red)', key: 'prueba.mal.corto' }

/** What the badge says, for those who copy it. */
export const pruebaTexto = (t: Words['t'], prueba: Ultima): string => t(lookOf(prueba).key)

/** Whether the last test of a connection went well: icon and words. */
export const PruebaBadge = ({ prueba }: { prueba: Ultima }) => <LookBadge look={lookOf(prueba)} />
