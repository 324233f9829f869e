import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { bridge, call, toCallError } from '../../../api/client'
import { useText } from '../../../app/prefs'
import { Diagnostics, toProblems } from '../../../blocks/diagnostics'
import { useKnowledge, type useYamlCheck } from '../../../blocks/use-yaml-check'
import { DropArea } from '../../../ui/drop-area'
import { CodeEditor, type EditorHandle } from '../../../ui/editor/code-editor'
import { ErrorBlock } from '../../../ui/error-block'
import { notifyError } from '../../../ui/notify'

interface YamlTextPanelProps {
  name: string
  onName: (name: string) => void
  text: string
  onText: (text: string) => void
  checked: ReturnType<typeof useYamlCheck>
  /** The person tried to go on. */
  tried: boolean
}

/** A YAML that exists already: chosen, dropped, pasted or written. */
export function YamlTextPanel({ name, onName, text, onText, checked, tried }: YamlTextPanelProps) {
  const { t } = useText()
  const editor = useRef<EditorHandle>(null)
  const { check, current, error, outline, retry } = checked
  const knowledge = useKnowledge(outline, 'yaml')
  const diagnostics = text === '' ? [] : (check?.diagnostics ?? [])
  const take = async (token: string) => {
    const read = await call('files.readText', { token })
    onName(read.name)
    onText(read.text)
  }
  const attempt = (work: () => Promise<void>) => {
    work().catch((caught: unknown) => notifyError(toCallError(caught).data))
  }
  const choose = () =>
    attempt(async () => {
      const chosen = await call('dialog.chooseFile', { purpose: 'yaml' })
      if (chosen.file) await take(chosen.file.token)
    })
  const drop = (files: File[]) =>
    attempt(async () => {
      if (files[0]) await take((await bridge().grantFile(files[0])).token)
    })
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <DropArea onFiles={drop} label={t('casilla.dropYaml')}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c={tried && text === '' ? 'var(--sage-red)' : undefined}>
            {t('casilla.dropYaml')}
          </Text>
          <Group gap="sm" wrap="nowrap">
            <TextInput
              size="xs"
              w={220}
              aria-label={t('casilla.yamlName')}
              value={name}
              maxLength={255}
              onChange={(event) => onName(event.currentTarget.value)}
            />
            <Button variant="default" onClick={choose}>
              {t('casilla.chooseYaml')}
            </Button>
          </Group>
        </Group>
      </DropArea>
      <Paper style={{ flex: 1, minHeight: 160, overflow: 'hidden' }}>
        <CodeEditor
          language="yaml"
          label={t('yaml.editorOf', { name })}
          value={text}
          onChange={onText}
          problems={current ? toProblems(diagnostics) : []}
          knowledge={knowledge}
          handle={editor}
        />
      </Paper>
      {text === '' ? null : (
        <Paper
          component="section"
          aria-label={t('yaml.problems')}
          style={{ flexShrink: 0, height: diagnostics.length > 0 ? 180 : 40, overflow: 'hidden' }}
        >
          {error ? (
            <ErrorBlock error={error.data} onRetry={() => void retry()} />
          ) : check === undefined ? (
            <Text size="sm" c="dimmed" p="sm">
              {t('yaml.checking')}
            </Text>
          ) : (
            <Diagnostics diagnostics={diagnostics} onGo={(offset) => editor.current?.goTo(offset)} />
          )}
        </Paper>
      )}
    </Stack>
  )
}
