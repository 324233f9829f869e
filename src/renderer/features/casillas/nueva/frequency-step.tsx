import { Card, MultiSelect, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { type FrecuenciaDraft, faultOf, frecuenciaOf } from '../../../blocks/frecuencia-draft'
import { FrecuenciaEditor, NextDates } from '../../../blocks/frecuencia-editor'
import { ZoneSelect } from '../../../blocks/zone-select'
import { ErrorBlock } from '../../../ui/error-block'

export interface ExpectedDraft {
  frecuencia: FrecuenciaDraft
  zona: string
  /** Senders that may send to it. */
  emisores: number[]
}

interface FrequencyStepProps {
  draft: ExpectedDraft
  onChange: (draft: ExpectedDraft) => void
  tried: boolean
}

/** When files are expected, on whose clock, and who sends them. */
export function FrequencyStep({ draft, onChange, tried }: FrequencyStepProps) {
  const { t } = useText()
  const senders = useOp('emisores.list', {})
  const active = senders.data?.items.filter(({ activo }) => activo) ?? []
  const frecuencia = faultOf(draft.frecuencia) === null ? frecuenciaOf(draft.frecuencia) : null
  return (
    <SimpleGrid cols={2} spacing="md" maw={1080} style={{ alignItems: 'start' }}>
      <Stack gap="md">
        <Card>
          <Stack gap="md">
            <Title order={2}>{t('frecuencia.title')}</Title>
            <FrecuenciaEditor
              draft={draft.frecuencia}
              onChange={(next) => onChange({ ...draft, frecuencia: next })}
              none={{ label: t('frecuencia.ninguna'), help: t('frecuencia.noDates') }}
              showFault={tried}
            />
            <ZoneSelect
              kept={draft.zona}
              value={draft.zona}
              onChange={(zona) => onChange({ ...draft, zona })}
            />
          </Stack>
        </Card>
        <Card>
          <Stack gap="xs">
            <Title order={2}>{t('nueva.senders')}</Title>
            <Text size="sm" c="dimmed">
              {t(active.length === 0 ? 'nueva.noSenders' : 'nueva.sendersHelp')}
            </Text>
            {senders.error ? (
              <ErrorBlock error={senders.error.data} onRetry={() => void senders.refetch()} />
            ) : null}
            {active.length > 0 ? (
              <MultiSelect
                size="sm"
                searchable
                aria-label={t('nueva.senders')}
                data={active.map(({ id, nombre }) => ({ value: String(id), label: nombre }))}
                value={draft.emisores.map(String)}
                onChange={(values) => onChange({ ...draft, emisores: values.map(Number) })}
              />
            ) : null}
          </Stack>
        </Card>
      </Stack>
      <Card>
        <Title order={2} mb="xs">
          {t('frecuencia.next')}
        </Title>
        {frecuencia ? (
          <NextDates frecuencia={frecuencia} zona={draft.zona} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('frecuencia.noDates')}
          </Text>
        )}
      </Card>
    </SimpleGrid>
  )
}
