import { Button, Drawer, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { CodeEditor } from '../../ui/editor/code-editor'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'

interface VersionsDrawerProps {
  casilla: Casilla
  opened: boolean
  onClose: () => void
  /** Brings an old text to the editor: it becomes a version again only when it is saved. */
  onRestore: (text: string) => void
}

/** Every version that judged something, to read or to bring back. */
export function VersionsDrawer({ casilla, opened, onClose, onRestore }: VersionsDrawerProps) {
  const { t, date } = useText()
  const [chosen, setChosen] = useState<number | null>(null)
  const versions = useOp('casillas.versions', { id: casilla.id }, { enabled: opened })
  const version = chosen ?? casilla.yamlVersion
  const yaml = useOp('casillas.yaml', { id: casilla.id, version }, { enabled: opened, keep: true })
  const items = [...(versions.data?.items ?? [])].sort((a, b) => b.version - a.version)
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={t('yaml.versions')}
      size="min(980px, 92vw)"
      styles={{ body: { height: 'calc(100% - 60px)' } }}
    >
      {versions.error ? (
        <ErrorBlock error={versions.error.data} onRetry={() => void versions.refetch()} />
      ) : null}
      {versions.isPending && opened ? <RowsSkeleton /> : null}
      <Group align="stretch" wrap="nowrap" h="100%" gap="md">
        <Stack gap={2} w={230} style={{ overflow: 'auto', flexShrink: 0 }}>
          {items.map((item) => (
            <UnstyledButton
              key={item.version}
              p="xs"
              aria-pressed={item.version === version}
              onClick={() => setChosen(item.version)}
              style={{
                borderRadius: 4,
                background: item.version === version ? 'var(--sage-chosen)' : undefined,
              }}
            >
              <Text size="sm" fw={600}>
                {t('yaml.version', { n: item.version })}
                {item.version === casilla.yamlVersion ? ` · ${t('yaml.current')}` : ''}
              </Text>
              <Text size="xs" c="dimmed">
                {date(item.creadaEn)} · {item.sha256.slice(0, 8)}
              </Text>
              <Text size="xs" lineClamp={2}>
                {item.nota}
              </Text>
            </UnstyledButton>
          ))}
        </Stack>
        <Stack gap="xs" style={{ flex: 1, minWidth: 0 }}>
          {yaml.error ? <ErrorBlock error={yaml.error.data} onRetry={() => void yaml.refetch()} /> : null}
          {yaml.data ? (
            <>
              <div style={{ flex: 1, minHeight: 0, border: '1px solid var(--sage-line)' }}>
                <CodeEditor
                  language="yaml"
                  label={t('yaml.version', { n: version })}
                  value={yaml.data.text}
                  readOnly
                />
              </div>
              {version === casilla.yamlVersion ? null : (
                <Group justify="flex-end">
                  <Button variant="default" onClick={() => onRestore(yaml.data.text)}>
                    {t('yaml.restore', { n: version })}
                  </Button>
                </Group>
              )}
            </>
          ) : null}
        </Stack>
      </Group>
    </Drawer>
  )
}
