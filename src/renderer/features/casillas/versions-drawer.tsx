import { Button, Drawer, Group, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import { useState } from 'react'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { DiffView } from '../../ui/diff-view'
import { CodeEditor } from '../../ui/editor/code-editor'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { notifyDone } from '../../ui/notify'

interface VersionsDrawerProps {
  casilla: Casilla
  opened: boolean
  onClose: () => void
  /** Brings an old text to the editor: it becomes a version again only when it is saved. */
  onRestore: (text: string) => void
  /** The editor holds changes that are not saved. */
  dirty: boolean
}

/** Every version that judged something, to read or to bring back. */
export function VersionsDrawer({ casilla, opened, onClose, onRestore, dirty }: VersionsDrawerProps) {
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
            <VersionView
              casilla={casilla}
              version={version}
              text={yaml.data.text}
              dirty={dirty}
              onRestore={onRestore}
              onBack={() => {
                setChosen(null)
                onClose()
              }}
            />
          ) : null}
        </Stack>
      </Group>
    </Drawer>
  )
}

interface VersionViewProps {
  casilla: Casilla
  version: number
  text: string
  dirty: boolean
  onRestore: (text: string) => void
  onBack: () => void
}

/** A version as it was or against the current one, and the ways back to it. */
function VersionView({ casilla, version, text, dirty, onRestore, onBack }: VersionViewProps) {
  const { t } = useText()
  const [view, setView] = useState<'texto' | 'cambios'>('cambios')
  const old = version !== casilla.yamlVersion
  const current = useOp('casillas.yaml', { id: casilla.id, version: casilla.yamlVersion }, { enabled: old })
  const shown = old ? view : 'texto'
  return (
    <>
      {old ? (
        <SegmentedControl
          size="xs"
          aria-label={t('version.view')}
          style={{ alignSelf: 'flex-start' }}
          value={view}
          onChange={(value) => setView(value === 'texto' ? 'texto' : 'cambios')}
          data={[
            { value: 'cambios', label: t('version.changes') },
            { value: 'texto', label: t('version.text') },
          ]}
        />
      ) : null}
      <div style={{ flex: 1, minHeight: 0, border: '1px solid var(--sage-line)' }}>
        {shown === 'texto' ? (
          <CodeEditor language="yaml" label={t('yaml.version', { n: version })} value={text} readOnly />
        ) : current.error ? (
          <ErrorBlock error={current.error.data} onRetry={() => void current.refetch()} />
        ) : current.data ? (
          <DiffView before={text} after={current.data.text} label={t('version.changes')} />
        ) : (
          <RowsSkeleton />
        )}
      </div>
      {old ? (
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onRestore(text)}>
            {t('yaml.restore', { n: version })}
          </Button>
          <RollbackButton casilla={casilla} version={version} text={text} dirty={dirty} onBack={onBack} />
        </Group>
      ) : null}
    </>
  )
}

/** Saves an old text as the newest version, once the person has read what that means. */
function RollbackButton({ casilla, version, text, dirty, onBack }: Omit<VersionViewProps, 'onRestore'>) {
  const { t } = useText()
  const save = useCommand('casillas.saveYaml', [
    'casillas.get',
    'casillas.list',
    'casillas.yaml',
    'casillas.versions',
  ])
  const rollBack = () =>
    save.mutate(
      {
        id: casilla.id,
        text,
        nota: t('version.rollback.note', { n: version }),
        baseVersion: casilla.yamlVersion,
      },
      {
        onSuccess: (saved) => {
          notifyDone(t('yaml.saved', { version: saved.version }))
          onBack()
        },
      },
    )
  const ask = () =>
    modals.openConfirmModal({
      title: t('version.rollback', { n: version }),
      children: t('version.rollback.text'),
      labels: { confirm: t('version.rollback', { n: version }), cancel: t('action.cancel') },
      onConfirm: rollBack,
    })
  return (
    <>
      {save.error ? <ErrorBlock error={save.error.data} title={t('yaml.saveFailed')} /> : null}
      <Button
        loading={save.isPending}
        disabled={dirty}
        title={dirty ? t('version.rollback.draft') : undefined}
        onClick={ask}
      >
        {t('version.rollback', { n: version })}
      </Button>
    </>
  )
}
