import { ActionIcon, Button, Card, Checkbox, Group, MultiSelect, Stack, Text, Title } from '@mantine/core'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useText } from '../../../app/prefs'
import { focusId } from './faults'
import type { TablaState } from './use-tabla'

/** Indexes made with the table. */
export function Indices({ state, tabla }: { state: TablaState; tabla: TablaMaterializada }) {
  const { t } = useText()
  const { index: at, update, faultAt } = state
  const names = tabla.columnas.map(({ nombre }) => nombre).filter(Boolean)
  const set = (position: number, part: Partial<TablaMaterializada['indices'][number]>) =>
    update({ indices: tabla.indices.map((one, index) => (index === position ? { ...one, ...part } : one)) })
  return (
    <Card>
      <Title order={2}>{t('mapeo.indices')}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('mapeo.indices.help')}
      </Text>
      <Stack gap="xs">
        {tabla.indices.map((indice, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an index is its place in the list
          <Group key={position} gap="xs" wrap="nowrap" align="flex-start">
            <MultiSelect
              id={focusId('indice', at, position)}
              style={{ flex: 1 }}
              size="xs"
              searchable
              maxValues={32}
              aria-label={t('mapeo.indice', { n: position + 1 })}
              placeholder={indice.columnas.length === 0 ? t('column.columnas') : undefined}
              data={names}
              value={indice.columnas}
              error={faultAt(focusId('indice', at, position))}
              onChange={(columnas) => set(position, { columnas })}
            />
            <Checkbox
              mt={6}
              size="sm"
              label={t('mapeo.indice.unico')}
              checked={indice.unico}
              onChange={(event) => set(position, { unico: event.currentTarget.checked })}
            />
            <ActionIcon
              mt={3}
              aria-label={t('mapeo.indice.quitar', { n: position + 1 })}
              onClick={() => update({ indices: tabla.indices.filter((_, index) => index !== position) })}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={tabla.indices.length >= 64}
            onClick={() => update({ indices: [...tabla.indices, { columnas: [], unico: false }] })}
          >
            {t('mapeo.indice.agregar')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
