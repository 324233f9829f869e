import { Alert, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import { IconHistory } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { Diagnostics, toProblems } from '../../blocks/diagnostics'
import { useKnowledge, useYamlCheck } from '../../blocks/use-yaml-check'
import { CodeEditor, type EditorHandle } from '../../ui/editor/code-editor'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { notifyDone } from '../../ui/notify'
import type { DraftState } from './draft'
import { VersionsDrawer } from './versions-drawer'

interface YamlTabProps {
  casilla: Casilla
  draft: DraftState
}

const count = (diagnostics: readonly { severity: string }[], severity: string) =>
  diagnostics.filter((item) => item.severity === severity).length

/** The YAML of a casilla: edited, checked while it is written, saved as a new version. */
export function YamlTab({ casilla, draft }: YamlTabProps) {
  const { t } = useText()
  const saved = useOp('casillas.yaml', { id: casilla.id })
  if (saved.error) return <ErrorBlock error={saved.error.data} onRetry={() => void saved.refetch()} />
  if (!saved.data) return <RowsSkeleton />
  return (
    <Editor
      casilla={casilla}
      draft={draft}
      saved={saved.data}
      label={t('yaml.editorOf', { name: saved.data.nombreYaml })}
    />
  )
}

interface EditorProps extends YamlTabProps {
  saved: { version: number; text: string; nombreYaml: string }
  label: string
}

function Editor({ casilla, draft, saved, label }: EditorProps) {
  const { t } = useText()
  const editor = useRef<EditorHandle>(null)
  const [versions, drawer] = useDisclosure(false)
  const text = draft.text ?? saved.text
  const base = draft.base ?? saved.version
  const dirty = draft.text !== null
  const { check, current, error, outline, retry } = useYamlCheck(text)
  const knowledge = useKnowledge(outline, 'yaml')
  const diagnostics = check?.diagnostics ?? []
  const errors = count(diagnostics, 'error')
  const behind = dirty && base !== saved.version

  const change = (next: string) => {
    if (next === saved.text) draft.drop()
    else draft.keep(next, base)
  }
  const discard = () =>
    modals.openConfirmModal({
      title: t('yaml.discard.title'),
      children: t('yaml.discard.text', { version: saved.version }),
      labels: { confirm: t('yaml.discard'), cancel: t('action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: draft.drop,
    })

  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {saved.nombreYaml} · {t('yaml.version', { n: saved.version })}
          {dirty ? (
            <Text component="span" size="sm" c="var(--sage-orange)" ml="xs">
              {t('yaml.unsaved')}
            </Text>
          ) : null}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" leftSection={<IconHistory size={16} />} onClick={drawer.open}>
            {t('yaml.versions')}
          </Button>
          {dirty ? (
            <Button variant="subtle" color="gray" onClick={discard}>
              {t('yaml.discard')}
            </Button>
          ) : null}
        </Group>
      </Group>
      {behind ? (
        <Alert color="orange" variant="light" py="xs">
          {t('yaml.behind', { base, version: saved.version })}
        </Alert>
      ) : null}
      <Paper style={{ flex: 3, minHeight: 160, overflow: 'hidden' }}>
        <CodeEditor
          language="yaml"
          label={label}
          value={text}
          onChange={change}
          problems={current ? toProblems(diagnostics) : []}
          knowledge={knowledge}
          handle={editor}
        />
      </Paper>
      <Paper
        component="section"
        aria-label={t('yaml.problems')}
        style={{ flex: diagnostics.length > 0 ? 1 : '0 0 auto', minHeight: 40, overflow: 'hidden' }}
      >
        {error ? (
          <ErrorBlock error={error.data} onRetry={() => void retry()} />
        ) : (
          <Diagnostics diagnostics={diagnostics} onGo={(offset) => editor.current?.goTo(offset)} />
        )}
      </Paper>
      <SaveBar
        casilla={casilla}
        text={text}
        base={behind ? saved.version : base}
        ready={dirty && current && errors === 0}
        summary={
          check && !current
            ? t('yaml.checking')
            : t('yaml.summary', { errors, warnings: count(diagnostics, 'warning') })
        }
        onSaved={draft.drop}
      />
      <VersionsDrawer
        casilla={casilla}
        dirty={dirty}
        opened={versions}
        onClose={drawer.close}
        onRestore={(old) => {
          change(old)
          drawer.close()
        }}
      />
    </Stack>
  )
}

interface SaveBarProps {
  casilla: Casilla
  text: string
  base: number
  ready: boolean
  summary: string
  onSaved: () => void
}

function SaveBar({ casilla, text, base, ready, summary, onSaved }: SaveBarProps) {
  const { t } = useText()
  const [note, setNote] = useState('')
  const save = useCommand('casillas.saveYaml', [
    'casillas.get',
    'casillas.list',
    'casillas.yaml',
    'casillas.versions',
  ])
  const submit = () =>
    save.mutate(
      { id: casilla.id, text, nota: note, baseVersion: base },
      {
        onSuccess: (version) => {
          setNote('')
          onSaved()
          notifyDone(t('yaml.saved', { version: version.version }))
        },
      },
    )
  return (
    <Stack gap="xs">
      {save.error ? <ErrorBlock error={save.error.data} title={t('yaml.saveFailed')} /> : null}
      <Group gap="sm" wrap="nowrap">
        <Text size="sm" c="dimmed" aria-live="polite" style={{ flexShrink: 0 }} className="sage-numbers">
          {summary}
        </Text>
        <TextInput
          style={{ flex: 1 }}
          aria-label={t('yaml.note')}
          placeholder={t('yaml.notePlaceholder')}
          maxLength={500}
          size="xs"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button disabled={!ready} loading={save.isPending} onClick={submit}>
          {t('yaml.save')}
        </Button>
      </Group>
    </Stack>
  )
}
