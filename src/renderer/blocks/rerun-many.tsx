import { Button, Group, List, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Ejecucion } from '@shared/model/execution'
import { IconRotateClockwise } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { type CallError, toCallError } from '../api/client'
import { useCommand } from '../api/hooks'
import { useText } from '../app/prefs'
import { ErrorBlock } from '../ui/error-block'
import type { Chosen } from '../ui/grid/data-grid'
import { RowsSkeleton } from '../ui/later'

/** Names told one by one; the rest as a number. */
const NAMED = 8

/** Processes again what is chosen in a list of executions. */
export function RerunManyButton({ chosen }: { chosen: Chosen<Ejecucion> }) {
  const { t } = useText()
  return (
    <Button
      variant="default"
      leftSection={<IconRotateClockwise size={16} />}
      onClick={() =>
        modals.open({
          title: t('rerunMany.title', { n: chosen.count }),
          children: <RerunMany chosen={chosen} />,
        })
      }
    >
      {t('rerunMany.action', { n: chosen.count })}
    </Button>
  )
}

/** Says what will be processed, then how many started and which did not. */
function RerunMany({ chosen }: { chosen: Chosen<Ejecucion> }) {
  const { t } = useText()
  const [rows, setRows] = useState<Ejecucion[] | null>(null)
  const [failure, setFailure] = useState<CallError | null>(null)
  const rerun = useCommand('executions.rerunMany', ['executions.list'])
  // Those of now: what comes while the person reads is not among them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it opens
  useEffect(() => {
    chosen.rows().then(setRows, (error: unknown) => setFailure(toCallError(error)))
  }, [])
  const error = failure ?? rerun.error
  if (rerun.data) return <Result rows={rows ?? []} result={rerun.data} onClose={chosen.clear} />
  return (
    <Stack gap="sm">
      <Text size="sm">{t('rerunMany.text')}</Text>
      {rows ? <Names rows={rows.map((row) => ({ id: row.id, text: row.archivo }))} /> : null}
      {rows || error ? null : <RowsSkeleton rows={3} />}
      {error ? <ErrorBlock error={error.data} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button
          data-autofocus
          disabled={!rows || rows.length === 0}
          loading={rerun.isPending}
          onClick={() => rows && rerun.mutate({ executionIds: rows.map((row) => row.id) })}
        >
          {t('rerunMany.confirm', { n: rows?.length ?? chosen.count })}
        </Button>
      </Group>
    </Stack>
  )
}

function Names({ rows }: { rows: { id: string; text: string }[] }) {
  const { t } = useText()
  return (
    <List size="sm" spacing={2} styles={{ itemWrapper: { width: '100%' } }}>
      {rows.slice(0, NAMED).map(({ id, text }) => (
        <List.Item key={id} style={{ overflowWrap: 'anywhere' }}>
          {text}
        </List.Item>
      ))}
      {rows.length > NAMED ? (
        <List.Item c="dimmed">{t('rerunMany.more', { n: rows.length - NAMED })}</List.Item>
      ) : null}
    </List>
  )
}

interface ResultProps {
  rows: Ejecucion[]
  result: { started: number; failed: { id: string; message: string }[] }
  onClose: () => void
}

function Result({ rows, result, onClose }: ResultProps) {
  const { t } = useText()
  const nameOf = new Map(rows.map((row) => [row.id, row.archivo]))
  const close = () => {
    onClose()
    modals.closeAll()
  }
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600} role="status">
        {result.started === 0 ? t('rerunMany.nothing') : t('rerunMany.result', { n: result.started })}
      </Text>
      {result.failed.length > 0 ? (
        <>
          <Text size="sm">{t('rerunMany.failed', { n: result.failed.length })}</Text>
          <Names
            rows={result.failed.map(({ id, message }) => ({
              id,
              text: `${nameOf.get(id) ?? id}: ${message}`,
            }))}
          />
        </>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={close}>
          {t('action.close')}
        </Button>
      </Group>
    </Stack>
  )
}
