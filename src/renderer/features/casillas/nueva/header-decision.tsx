import { Badge, Group, List, Paper, Stack, Switch, Text } from '@mantine/core'
import type { CatalogoInferido } from '@shared/model/muestra'
import { useText } from '../../../app/prefs'

interface HeaderDecisionProps {
  catalogo: CatalogoInferido
  busy: boolean
  onChange: (encabezado: boolean) => void
}

const COLORS = {
  alta: 'var(--sage-teal)',
  media: 'var(--sage-yellow)',
  baja: 'var(--sage-orange)',
  persona: 'var(--sage-blue)',
} as const
const SHOWN = 12

/** Whether the first row is names or data, why that was decided, and the way to decide otherwise. */
export function HeaderDecision({ catalogo, busy, onChange }: HeaderDecisionProps) {
  const { t } = useText()
  const { encabezado, seguridad, razones, primeraFila } = catalogo.decision
  const fixed = catalogo.formato === 'JSONL' || catalogo.formato === 'PARQUET'
  return (
    <Paper component="section" px="sm" py="xs" aria-label={t('muestra.header')} style={{ flexShrink: 0 }}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {t(encabezado ? 'muestra.header.yes' : 'muestra.header.no')}
            </Text>
            <Badge variant="outline" c={COLORS[seguridad]} size="sm" style={{ borderColor: 'currentColor' }}>
              {t(`muestra.sure.${seguridad}`)}
            </Badge>
          </Group>
          {fixed ? null : (
            <Switch
              label={t('muestra.header.switch')}
              checked={encabezado}
              disabled={busy}
              onChange={(event) => onChange(event.currentTarget.checked)}
            />
          )}
        </Group>
        <Text size="xs" className="sage-cut" ff="monospace" title={primeraFila.join(' · ')}>
          {primeraFila.slice(0, SHOWN).join(' · ')}
          {primeraFila.length > SHOWN ? ' …' : ''}
        </Text>
        <List size="xs" spacing={2} style={{ columns: 2 }}>
          {razones.map((razon) => (
            <List.Item key={razon}>{razon}</List.Item>
          ))}
        </List>
      </Stack>
    </Paper>
  )
}
