import { Alert, Button, Group, Loader, Select, Stack, Text } from '@mantine/core'
import type { OperationInput } from '@shared/contract'
import type { Ejecucion } from '@shared/model/execution'
import type { Ensayo } from '@shared/model/materializacion'
import { IconPlayerPlay } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { CallError } from '../../../api/client'
import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { EnsayoView } from '../../../blocks/materializacion/ensayo-view'
import { Problemas } from '../../../blocks/materializacion/problemas'
import { Empty } from '../../../ui/empty'
import { ErrorBlock } from '../../../ui/error-block'
import { configOf } from './draft'
import type { WizardState } from './use-wizard'

type Asked = OperationInput<'materializaciones.ensayar'>
const NOTHING: Asked = {
  executionId: '00000000-0000-4000-8000-000000000000',
  casillaId: 1,
  destinoId: 0,
  config: { tablas: [] },
}

/** What a load of a past execution would do, with nothing written. */
export function PreviaStep({ wizard }: { wizard: WizardState }) {
  const { t, date } = useText()
  const { draft } = wizard
  const past = useOp('executions.list', { casillaId: draft.casillaId ?? 1, fase: 'terminada', limit: 100 })
  const [chosen, setChosen] = useState<string | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const trial = useOp('materializaciones.ensayar', asked ?? NOTHING, {
    enabled: asked !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (past.error) return <ErrorBlock error={past.error.data} onRetry={() => void past.refetch()} />
  // What was refused left nothing to load.
  const items = (past.data?.items ?? []).filter(({ estado }) => estado !== 'Fallido')
  if (past.data && items.length === 0) return <Empty text={t('previa.empty')} />
  const executionId = chosen ?? items[0]?.id ?? null
  const now: Asked | null =
    executionId !== null && draft.casillaId !== null && draft.destinoId !== null
      ? { executionId, casillaId: draft.casillaId, destinoId: draft.destinoId, config: configOf(draft) }
      : null
  const outdated = asked !== null && JSON.stringify(asked) !== JSON.stringify(now)
  const name = (row: Ejecucion) =>
    `${row.archivo} · ${date(row.creadaEn)} · ${t('previa.records', { n: row.registros })}`
  const run = () => {
    if (JSON.stringify(asked) === JSON.stringify(now)) void trial.refetch()
    else setAsked(now)
  }
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group gap="sm">
        <Select
          w={520}
          size="xs"
          searchable
          allowDeselect={false}
          aria-label={t('previa.execution')}
          data={items.map((row) => ({ value: row.id, label: name(row) }))}
          value={executionId}
          onChange={setChosen}
        />
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} />}
          disabled={now === null || trial.isFetching}
          onClick={run}
        >
          {t('previa.run')}
        </Button>
        {trial.isFetching ? (
          <>
            <Loader size="xs" />
            <Button variant="subtle" color="gray" onClick={() => setAsked(null)}>
              {t('action.cancel')}
            </Button>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t('previa.help')}
          </Text>
        )}
      </Group>
      <Outcome trial={trial} outdated={outdated} wizard={wizard} />
    </Stack>
  )
}

interface OutcomeProps {
  trial: UseQueryResult<Ensayo, CallError>
  /** Something changed since. */
  outdated: boolean
  wizard: WizardState
}

function Outcome({ trial, outdated, wizard }: OutcomeProps) {
  const { t, number } = useText()
  return (
    <>
      {trial.error ? <ErrorBlock error={trial.error.data} onRetry={() => void trial.refetch()} /> : null}
      {outdated && trial.data ? (
        <Alert color="orange" variant="light" py="xs" style={{ flexShrink: 0 }}>
          {t('previa.outdated')}
        </Alert>
      ) : null}
      {trial.data && trial.data.problemas.length > 0 ? (
        <Stack gap={2} style={{ flexShrink: 0 }}>
          <Text size="sm" fw={600} className="sage-numbers">
            {t('previa.problems', {
              n: trial.data.problemas.length,
              shown: number(trial.data.problemas.length),
            })}
          </Text>
          <Problemas problemas={trial.data.problemas} onGo={wizard.showProblem} />
        </Stack>
      ) : null}
      {trial.data ? <EnsayoView tablas={trial.data.tablas} tense="previsto" /> : null}
    </>
  )
}
