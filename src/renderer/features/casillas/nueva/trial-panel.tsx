import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useText } from '../../../app/prefs'
import { ErrorBlock } from '../../../ui/error-block'
import { PlainTable } from '../../../ui/plain-table'
import { EstadoBadge, SeverityBadge } from '../../../ui/state-badge'
import type { SampleWork, Trial } from './use-sample'

/** The draft against the sample: what an execution would say, without keeping anything. */
export function TrialPanel({ work, yaml, ready }: { work: SampleWork; yaml: string; ready: boolean }) {
  const { t } = useText()
  const { trial, trying, attempt } = work
  return (
    <Stack gap="sm" p="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} />}
          disabled={!ready || trying.busy}
          onClick={() => void attempt(yaml)}
        >
          {t('muestra.try')}
        </Button>
        {trying.busy ? (
          <>
            <Loader size="xs" />
            <Button variant="subtle" color="gray" onClick={trying.cancel}>
              {t('action.cancel')}
            </Button>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t('muestra.tryHelp')}
          </Text>
        )}
      </Group>
      {trying.error ? <ErrorBlock error={trying.error} onRetry={() => void attempt(yaml)} /> : null}
      {trial ? <Result trial={trial} outdated={trial.yaml !== yaml} /> : null}
    </Stack>
  )
}

function Result({ trial, outdated }: { trial: Trial; outdated: boolean }) {
  const { t } = useText()
  const { verdict, findings } = trial
  const files = verdict.fileErrors
  return (
    <>
      {outdated ? (
        <Alert color="orange" variant="light" py="xs">
          {t('muestra.outdated')}
        </Alert>
      ) : null}
      <Group gap="sm" role="status" aria-label={t('muestra.result')}>
        <EstadoBadge estado={verdict.estado} />
        <Text size="sm" className="sage-numbers">
          {t('muestra.totals', {
            records: verdict.totals.records,
            errors: verdict.totals.errors,
            warnings: verdict.totals.warnings,
          })}
        </Text>
      </Group>
      {files.length > 0 ? (
        <Stack gap={4}>
          {files.map((problem) => (
            <Group key={`${problem.code}:${problem.message}`} gap="xs" wrap="nowrap" align="flex-start">
              <SeverityBadge severity={problem.severity} />
              <Text size="sm">
                {problem.message} {problem.hint ?? ''}
              </Text>
            </Group>
          ))}
        </Stack>
      ) : null}
      {findings.length > 0 ? (
        <PlainTable
          label={t('muestra.findings')}
          columns={[
            t('column.catalogo'),
            t('column.registro'),
            t('column.campo'),
            t('column.valor'),
            t('column.regla'),
            t('column.mensaje'),
          ]}
          rows={findings.map(({ catalog, record, field, value, rule, message }) => [
            catalog,
            record === null ? null : String(record),
            field,
            value,
            rule,
            message,
          ])}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('muestra.noFindings')}
        </Text>
      )}
    </>
  )
}
