import { Group, Stack, Text } from '@mantine/core'
import type { PasoPrueba, PruebaDestino } from '@shared/model/destino'
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import { useText } from '../../app/prefs'

const LOOK = {
  bien: { icon: IconCircleCheck, color: 'var(--sage-teal)' },
  mal: { icon: IconCircleX, color: 'var(--sage-red)' },
  omitido: { icon: IconCircleDashed, color: 'var(--sage-gray)' },
} as const satisfies Record<PasoPrueba['estado'], unknown>

const STATE_KEYS = { bien: 'prueba.bien', mal: 'prueba.mal.corto', omitido: 'prueba.omitido' } as const

/** What a test of a connection did, step by step: where it failed, why, and what to do. */
export function PruebaPanel({ prueba }: { prueba: PruebaDestino }) {
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
          <Paso key={paso.paso} paso={paso} />
        ))}
      </Stack>
    </Stack>
  )
}

function Paso({ paso }: { paso: PasoPrueba }) {
  const { t, duration } = useText()
  const { icon: Icon, color } = LOOK[paso.estado]
  return (
    <li>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <Icon size={16} color={color} style={{ flexShrink: 0, marginTop: 2 }} aria-hidden />
        <div style={{ minWidth: 0 }}>
          <Text size="sm" c={paso.estado === 'omitido' ? 'dimmed' : undefined}>
            {paso.paso}
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
        </div>
      </Group>
    </li>
  )
}
