import { Button, Card, Group, Stack, Text } from '@mantine/core'
import type { Artifact, Ejecucion, Verdict } from '@shared/model/execution'
import { IconFileSpreadsheet, IconFolder, IconReport } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { CopyText } from '../../ui/copy-text'
import { notifyError } from '../../ui/notify'
import { EstadoBadge } from '../../ui/state-badge'

function Figure({ label, value, color }: { label: string; value: ReactNode; color?: string }) {
  return (
    <Stack gap={0} miw={88}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fz={18} fw={600} className="sage-numbers" {...(color ? { c: color } : {})}>
        {value}
      </Text>
    </Stack>
  )
}

function OpenButton({
  id,
  artifact,
  label,
  icon,
  primary,
}: {
  id: string
  artifact: Artifact
  label: string
  icon: ReactNode
  primary?: boolean
}) {
  const open = useCommand('shell.openArtifact')
  return (
    <Button
      variant={primary ? 'filled' : 'default'}
      leftSection={icon}
      loading={open.isPending}
      onClick={() =>
        open.mutate({ executionId: id, artifact }, { onError: (error) => notifyError(error.data) })
      }
    >
      {label}
    </Button>
  )
}

/** What an execution left to open; the report first. */
export function OpenButtons({ id, primary }: { id: string; primary: boolean }) {
  const { t } = useText()
  return (
    <>
      <OpenButton
        primary={primary}
        id={id}
        artifact="report.html"
        label={t('verdict.report')}
        icon={<IconReport size={16} />}
      />
      <OpenButton
        id={id}
        artifact="errores.csv"
        label={t('verdict.csv')}
        icon={<IconFileSpreadsheet size={16} />}
      />
      <OpenButton id={id} artifact="folder" label={t('verdict.folder')} icon={<IconFolder size={16} />} />
    </>
  )
}

/** The verdict at a glance: outcome, exact counts, what judged what. */
export function VerdictHeader({ ejecucion, verdict }: { ejecucion: Ejecucion; verdict: Verdict }) {
  const { t, number, duration, percent, bytes } = useText()
  const { totals } = verdict
  const ran = Date.parse(verdict.finishedAt) - Date.parse(verdict.startedAt)
  return (
    <Card mb="sm" padding="sm" data-testid="verdict">
      <Group gap="xl" align="center">
        <EstadoBadge estado={verdict.estado} size="lg" />
        <Figure label={t('column.registros')} value={number(totals.records)} />
        <Figure
          label={t('column.errores')}
          value={number(totals.errors)}
          {...(totals.errors > 0 ? { color: 'var(--sage-red)' } : {})}
        />
        <Figure
          label={t('column.avisos')}
          value={number(totals.warnings)}
          {...(totals.warnings > 0 ? { color: 'var(--sage-yellow)' } : {})}
        />
        <Figure label={t('verdict.refused')} value={number(totals.refused)} />
        <Figure label={t('verdict.rate')} value={percent(totals.successRate)} />
        <Figure label={t('column.duracion')} value={duration(Math.max(0, ran))} />
      </Group>
      <Group gap="lg" mt={6}>
        <Text size="xs" c="dimmed">
          {verdict.packageName}
        </Text>
        <Text size="xs" c="dimmed">
          {ejecucion.nombreYaml}
          {ejecucion.yamlVersion ? ` · ${t('yaml.version', { n: ejecucion.yamlVersion })}` : ''}
        </Text>
        <Text size="xs" c="dimmed">
          {verdict.inputFile} · {bytes(verdict.inputBytes)}
        </Text>
        <Text size="xs" c="dimmed" component="span">
          SHA-256{' '}
          <CopyText
            value={verdict.inputSha256}
            shown={verdict.inputSha256.slice(0, 12)}
            label={t('verdict.copySha')}
          />
        </Text>
      </Group>
    </Card>
  )
}
