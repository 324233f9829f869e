import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconRestore } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useText } from '../../../app/prefs'
import { Problemas } from '../../../blocks/materializacion/problemas'
import { TablaSelect } from '../../../blocks/materializacion/tabla-select'
import { Empty } from '../../../ui/empty'
import { ErrorBlock } from '../../../ui/error-block'
import { RowsSkeleton } from '../../../ui/later'
import { ColumnsEditor } from './columns-editor'
import { TablaOptions } from './tabla-options'
import { useTabla } from './use-tabla'
import type { WizardState } from './use-wizard'

type View = 'columnas' | 'tabla'

/** Which column of which table gets what: proposed by the engine, corrected by the person. */
export function MapeoStep({ wizard }: { wizard: WizardState }) {
  const { t } = useText()
  const { proposal, place } = wizard
  const state = useTabla(wizard, 'mapeo')
  const [view, setView] = useState<View>('columnas')
  useEffect(() => {
    if (place?.step === 'mapeo') setView(place.columna === null ? 'tabla' : 'columnas')
  }, [place])
  if (proposal.error) return <ErrorBlock error={proposal.error.data} onRetry={proposal.retry} />
  const { tabla } = state
  if (!tabla) return proposal.waiting ? <RowsSkeleton rows={8} /> : <Empty text={t('mapeo.sinTablas')} />
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <TablaSelect names={state.names} chosen={state.index} onChoose={state.choose} wrong={state.wrong} />
          <SegmentedControl
            size="xs"
            aria-label={t('mapeo.vista')}
            value={view}
            onChange={(value) => setView(value === 'tabla' ? 'tabla' : 'columnas')}
            data={[
              { value: 'columnas', label: t('mapeo.vista.columnas', { n: tabla.columnas.length }) },
              { value: 'tabla', label: t('mapeo.vista.tabla') },
            ]}
          />
        </Group>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Text size="sm" c="dimmed" className="sage-cut">
            {t('mapeo.hacia', { catalogo: tabla.catalogo, tabla: tabla.tabla })}
          </Text>
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconRestore size={16} />}
            onClick={() => void proposal.again()}
          >
            {t('mapeo.proponer')}
          </Button>
        </Group>
      </Group>
      {proposal.avisos.length > 0 ? <Problemas problemas={proposal.avisos} /> : null}
      {view === 'columnas' ? (
        <ColumnsEditor key={state.index} wizard={wizard} state={state} tabla={tabla} />
      ) : (
        <TablaOptions key={state.index} wizard={wizard} state={state} tabla={tabla} />
      )}
    </Stack>
  )
}
