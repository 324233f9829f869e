import { Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useText } from '../../app/prefs'

interface PasoProbado {
  paso: string
  estado: 'bien' | 'mal' | 'omitido'
  ms: number
  mensaje: string | null
  sugerencia: string | null
}

interface Prueba<P extends PasoProbado> {
  ok: boolean
  en: string
  /** Product and version of the server, where it says so. */
  servidor?: string | null
  pasos: readonly P[]
}

const LOOK = {
  bien: { icon: IconCircleCheck, color: 'var(--sage-teal)' },
  mal: { icon: IconCircleX, color: 'var(--sage-red)' },
  omitido: { icon: IconCircleDashed, color: 'var(--sage-gray)' },
} as const satisfies Record<PasoProbado['estado'], unknown>

const STATE_KEYS = { bien: 'prueba.bien', mal: 'prueba.mal.corto', omitido: 'prueba.omitido' } as const

interface PruebaPanelProps<P extends PasoProbado> {
  prueba: Prueba<P>
  /** What a step is called; its own name unless told. */
  nombre?: (paso: P) => string
  /** What can be done about a step, under it. */
  more?: (paso: P) => ReactNode
}

/** What a test of a connection did, step by step: where it failed, why, and what to do. */
export function PruebaPanel<P extends PasoProbado>({ prueba, nombre, more }: PruebaPanelProps<P>) {
  const { t, date } = useText()
  return (
    <Stack gap={6} role="status" aria-label={t('prueba.title')} data-testid="prueba">
      <Text size="sm" fw={600} c={prueba.ok ? 'var(--sage-teal)' : 'var(--sage-red)'}>
        {t(prueba.ok ? 'prueba.ok' : 'prueba.mal')}
        <Text component="span" size="xs" c="dimmed" fw={400}>
          {` · ${date(prueba.en)}${prueba.servidor ? ` · ${prueba.servidor}` : ''}`}
        </Text>
      </Text>
      <Stack gap={4} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
        {prueba.pasos.map((paso) => (
          <Paso key={paso.paso} paso={paso} nombre={nombre?.(paso) ?? paso.paso} more={more?.(paso)} />
        ))}
      </Stack>
    </Stack>
  )
}

function Paso({ paso, nombre, more }: { paso: PasoProbado; nombre: string; more: ReactNode }) {
  const { t, duration } = useText()
  const { icon: Icon, color } = LOOK[paso.estado]
  return (
    <li>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <Icon size={16} color={color} style={{ flexShrink: 0, marginTop: 2 }} aria-hidden />
        <div style={{ minWidth: 0 }}>
          <Text size="sm" c={paso.estado === 'omitido' ? 'dimmed' : undefined}>
            {nombre}
            <Text component="span" size="xs" c="dimmed" className="sage-numbers">
              {` · ${t(STATE_KEYS[paso.estado])}`}
              {paso.estado === 'omitido' ? '' : ` · ${duration(paso.ms)}`}
            </Text>
          </Text>
          {paso.mensaje ? (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {paso.mensaje}
            </Text>
          ) : null}
          {paso.sugerencia ? (
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {paso.sugerencia}
            </Text>
          ) : null}
          {more}
        </div>
      </Group>
    </li>
  )
}
