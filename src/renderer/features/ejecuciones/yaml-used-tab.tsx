import { Anchor, Group, Paper, Stack, Text } from '@mantine/core'
import type { Ejecucion } from '@shared/model/execution'
import { Link } from 'wouter'
import type { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { CodeEditor } from '../../ui/editor/code-editor'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'

interface YamlUsedProps {
  ejecucion: Ejecucion
  yaml: ReturnType<typeof useOp<'casillas.yaml'>>
}

/** The version of the YAML that judged this execution, whatever the casilla has now. */
export function YamlUsedTab({ ejecucion, yaml }: YamlUsedProps) {
  const { t } = useText()
  if (ejecucion.casillaId === null || ejecucion.yamlVersion === null)
    return <Empty text={t('yaml.notKept')} />
  if (yaml.error) return <ErrorBlock error={yaml.error.data} onRetry={() => void yaml.refetch()} />
  if (!yaml.data) return <RowsSkeleton />
  return (
    <Stack gap="xs" style={{ flex: 1, minHeight: 0 }}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {ejecucion.nombreYaml} · {t('yaml.version', { n: yaml.data.version })}
        </Text>
        <Anchor component={Link} href={`/casillas/${ejecucion.casillaId}/yaml`} size="sm">
          {t('yaml.edit')}
        </Anchor>
      </Group>
      <Paper style={{ flex: 1, minHeight: 0, overflow: 'hidden' }}>
        <CodeEditor language="yaml" label={t('execution.tab.yaml')} value={yaml.data.text} readOnly />
      </Paper>
    </Stack>
  )
}
