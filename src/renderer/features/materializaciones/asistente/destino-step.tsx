import { Button, Card, Drawer, Group, Radio, Stack, Text, Title } from '@mantine/core'
import type { Destino } from '@shared/model/destino'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommand, useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { PruebaPanel } from '../../../blocks/conexion/prueba-panel'
import { DestinoForm } from '../../../blocks/materializacion/destino-form'
import { ErrorBlock } from '../../../ui/error-block'
import { RowsSkeleton } from '../../../ui/later'
import { SearchBox } from '../../../ui/search-box'
import { focusId } from './faults'
import type { WizardState } from './use-wizard'

/** As many as are seen without searching. */
const SEARCHED = 8

/** Where the records are taken to: one that is there, or a new one. */
export function DestinoStep({ wizard }: { wizard: WizardState }) {
  const { t } = useText()
  const { draft, change, shown } = wizard
  const list = useOp('destinos.list', {})
  const [search, setSearch] = useState('')
  const [creating, setCreating] = useState(false)
  const items = list.data?.items ?? []
  const wanted = search.trim().toLowerCase()
  const found = items.filter(
    ({ id, nombre, lugar }) => id === draft.destinoId || `${nombre} ${lugar}`.toLowerCase().includes(wanted),
  )
  const missing = shown.find(({ step }) => step === 'destino')
  return (
    <Stack gap="md" maw={1000}>
      <Card>
        <Head onCreate={() => setCreating(true)} />
        {items.length > SEARCHED ? (
          <Group mb="sm">
            <SearchBox
              label={t('destinos.search')}
              width={260}
              delay={0}
              value={search}
              onChange={(text) => setSearch(text ?? '')}
            />
          </Group>
        ) : null}
        {list.error ? <ErrorBlock error={list.error.data} onRetry={() => void list.refetch()} /> : null}
        {list.isPending ? <RowsSkeleton rows={3} /> : null}
        <Radio.Group
          aria-label={t('column.destino')}
          value={draft.destinoId === null ? '' : String(draft.destinoId)}
          error={missing ? t(missing.key) : null}
          onChange={(value) => change({ destinoId: Number(value) })}
        >
          <Stack gap={0} mah={420} style={{ overflow: 'auto' }} id={focusId('destino')} tabIndex={-1}>
            {found.map((destino) => (
              <Choice key={destino.id} destino={destino} chosen={destino.id === draft.destinoId} />
            ))}
          </Stack>
        </Radio.Group>
      </Card>
      <Drawer opened={creating} onClose={() => setCreating(false)} title={t('destino.new')} size={520}>
        {creating ? (
          <DestinoForm
            destino={null}
            onSaved={(saved) => {
              change({ destinoId: saved.id })
              setCreating(false)
            }}
          />
        ) : null}
      </Drawer>
    </Stack>
  )
}

function Head({ onCreate }: { onCreate: () => void }) {
  const { t } = useText()
  return (
    <Group justify="space-between" mb="sm" wrap="nowrap" align="flex-start">
      <div>
        <Title order={2}>{t('column.destino')}</Title>
        <Text size="sm" c="dimmed">
          {t('destino.step.help')}
        </Text>
      </div>
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        style={{ flexShrink: 0 }}
        onClick={onCreate}
      >
        {t('destino.create')}
      </Button>
    </Group>
  )
}

function Choice({ destino, chosen }: { destino: Destino; chosen: boolean }) {
  const { t } = useText()
  const test = useCommand('destinos.probar', ['destinos.list'])
  const prueba = test.data ?? destino.ultimaPrueba
  const where = destino.lugar
  return (
    <Stack
      gap="xs"
      py={8}
      px="xs"
      style={{
        borderTop: '1px solid var(--sage-line)',
        background: chosen ? 'var(--sage-chosen)' : undefined,
        flexShrink: 0,
      }}
    >
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Radio
          size="sm"
          value={String(destino.id)}
          styles={{ body: { minWidth: 0 }, labelWrapper: { minWidth: 0 } }}
          label={
            <Text size="sm" fw={500} span style={{ overflowWrap: 'anywhere' }}>
              {destino.nombre}
            </Text>
          }
          description={
            <Text size="xs" c="dimmed" span style={{ overflowWrap: 'anywhere' }}>
              {destino.tipo === 'interno'
                ? t('destino.interno')
                : [t(`tipoDestino.${destino.tipo}`), where].filter(Boolean).join(' · ')}
            </Text>
          }
        />
        {chosen ? (
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} />}
            style={{ flexShrink: 0 }}
            loading={test.isPending}
            onClick={() => test.mutate({ id: destino.id })}
          >
            {t('destino.probar')}
          </Button>
        ) : null}
      </Group>
      {chosen && test.error ? <ErrorBlock error={test.error.data} /> : null}
      {chosen && prueba ? <PruebaPanel prueba={prueba} /> : null}
    </Stack>
  )
}
