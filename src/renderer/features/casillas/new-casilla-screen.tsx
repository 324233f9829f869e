import { Button, Card, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { bridge, call, toCallError } from '../../api/client'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { Diagnostics, toProblems } from '../../blocks/diagnostics'
import { useKnowledge, useYamlCheck } from '../../blocks/use-yaml-check'
import { DropArea } from '../../ui/drop-area'
import { CodeEditor, type EditorHandle } from '../../ui/editor/code-editor'
import { ErrorBlock } from '../../ui/error-block'
import { notifyError } from '../../ui/notify'
import { Page } from '../../ui/page'

/** A casilla needs a name and the YAML that will judge its files: chosen, dropped or pasted. */
export default function NewCasillaScreen() {
  const { t } = useText()
  const [nombre, setNombre] = useState('')
  const [file, setFile] = useState('sage.yaml')
  const [yaml, setYaml] = useState('')
  const [tried, setTried] = useState(false)
  const editor = useRef<EditorHandle>(null)
  const create = useCommand('casillas.create', ['casillas.list'])
  const { check, current, error, outline, retry } = useYamlCheck(yaml === '' ? undefined : yaml)
  const knowledge = useKnowledge(outline, 'yaml')
  const diagnostics = yaml === '' ? [] : (check?.diagnostics ?? [])
  const valid = yaml !== '' && current && check?.valid === true

  const take = async (token: string) => {
    const read = await call('files.readText', { token })
    setFile(read.name)
    setYaml(read.text)
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
  const name = nombre.trim() || (outline?.name ?? '')
  const submit = () => {
    setTried(true)
    if (name === '') {
      document.getElementById('nueva-nombre')?.focus()
      return
    }
    if (!valid) return
    create.mutate(
      { nombre: name, descripcion: outline?.description.slice(0, 255) ?? '', nombreYaml: file, yaml },
      { onSuccess: (casilla) => navigate(`/casillas/${casilla.id}`) },
    )
  }
  return (
    <Page
      title={t('casilla.new')}
      purpose={t('casilla.newPurpose')}
      action={
        <Button loading={create.isPending} disabled={yaml !== '' && !valid} onClick={submit}>
          {t('casilla.create')}
        </Button>
      }
      fill
    >
      <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
        {create.error ? <ErrorBlock error={create.error.data} onRetry={submit} /> : null}
        <Card padding="sm">
          <Group align="flex-start" gap="md">
            <TextInput
              id="nueva-nombre"
              w={380}
              label={t('column.nombre')}
              placeholder={outline?.name ?? t('casilla.namePlaceholder')}
              value={nombre}
              maxLength={255}
              error={tried && name === '' ? t('form.nameRequired') : null}
              onChange={(event) => setNombre(event.currentTarget.value)}
            />
            <TextInput
              w={240}
              label={t('casilla.yamlName')}
              value={file}
              maxLength={255}
              onChange={(event) => setFile(event.currentTarget.value)}
            />
          </Group>
        </Card>
        <DropArea onFiles={drop} label={t('casilla.dropYaml')}>
          <Group justify="space-between">
            <Text size="sm" c={tried && yaml === '' ? 'var(--sage-red)' : undefined}>
              {t('casilla.dropYaml')}
            </Text>
            <Button variant="default" onClick={choose}>
              {t('casilla.chooseYaml')}
            </Button>
          </Group>
        </DropArea>
        <Paper style={{ flex: 1, minHeight: 160, overflow: 'hidden' }}>
          <CodeEditor
            language="yaml"
            label={t('yaml.editorOf', { name: file })}
            value={yaml}
            onChange={setYaml}
            problems={current ? toProblems(diagnostics) : []}
            knowledge={knowledge}
            handle={editor}
          />
        </Paper>
        {yaml === '' ? null : (
          <Paper
            component="section"
            aria-label={t('yaml.problems')}
            style={{ flexShrink: 0, height: diagnostics.length > 0 ? 180 : 40, overflow: 'hidden' }}
          >
            {error ? (
              <ErrorBlock error={error.data} onRetry={() => void retry()} />
            ) : (
              <Diagnostics diagnostics={diagnostics} onGo={(offset) => editor.current?.goTo(offset)} />
            )}
          </Paper>
        )}
      </Stack>
    </Page>
  )
}
