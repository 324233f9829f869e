import { Button, Card, Group, SegmentedControl, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { IconFolder, IconX } from '@tabler/icons-react'
import { call, toCallError } from '../../../api/client'
import { useText } from '../../../app/prefs'
import { notifyError } from '../../../ui/notify'
import { NEW_REMOTO, type RemotoDraft } from '../place'
import { RemoteFields } from '../remote-fields'

export interface NameDraft {
  nombre: string
  descripcion: string
  carpeta: { token: string; path: string } | null
  /** Instead of a folder. */
  remoto: RemotoDraft | null
}

interface NameStepProps {
  draft: NameDraft
  onChange: (draft: NameDraft) => void
  tried: boolean
  onNext: () => void
}

/** What the casilla is called and, if it is to work alone, where it receives from. */
export function NameStep({ draft, onChange, tried, onNext }: NameStepProps) {
  const { t } = useText()
  return (
    <Card
      maw={720}
      component="form"
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        onNext()
      }}
    >
      <Stack gap="md">
        <TextInput
          id="nueva-nombre"
          data-autofocus
          label={t('column.nombre')}
          placeholder={t('casilla.namePlaceholder')}
          value={draft.nombre}
          maxLength={255}
          error={tried && draft.nombre.trim() === '' ? t('form.nameRequired') : null}
          onChange={(event) => onChange({ ...draft, nombre: event.currentTarget.value })}
        />
        <Textarea
          label={t('column.descripcion')}
          value={draft.descripcion}
          maxLength={255}
          autosize
          minRows={2}
          onChange={(event) => onChange({ ...draft, descripcion: event.currentTarget.value })}
        />
        <Stack gap={6}>
          <Title order={2}>{t('origen.title')}</Title>
          <SegmentedControl
            aria-label={t('origen.title')}
            style={{ alignSelf: 'flex-start' }}
            value={draft.remoto === null ? 'carpeta' : 'proveedor'}
            data={[
              { value: 'carpeta', label: t('origen.carpeta') },
              { value: 'proveedor', label: t('origen.proveedor') },
            ]}
            onChange={(value) =>
              onChange(
                value === 'proveedor'
                  ? { ...draft, carpeta: null, remoto: NEW_REMOTO }
                  : { ...draft, remoto: null },
              )
            }
          />
          {draft.remoto === null ? (
            <FolderChoice draft={draft} onChange={onChange} />
          ) : (
            <RemoteFields
              id="nueva-proveedor"
              value={draft.remoto}
              error={tried && draft.remoto.proveedorId === null ? t('origen.falta') : null}
              onChange={(remoto) => onChange({ ...draft, remoto })}
            />
          )}
        </Stack>
      </Stack>
    </Card>
  )
}

function FolderChoice({ draft, onChange }: Pick<NameStepProps, 'draft' | 'onChange'>) {
  const { t } = useText()
  const choose = async () => {
    try {
      const { carpeta } = await call('dialog.chooseFolder', {})
      if (carpeta) onChange({ ...draft, carpeta })
    } catch (caught) {
      notifyError(toCallError(caught).data)
    }
  }
  return (
    <Stack gap={6}>
      <Text size="sm" c="dimmed">
        {t('nueva.folderHelp')}
      </Text>
      <Group gap="sm" wrap="nowrap">
        <Button
          variant="default"
          leftSection={<IconFolder size={16} />}
          onClick={() => void choose()}
          style={{ flexShrink: 0 }}
        >
          {t(draft.carpeta ? 'nueva.otherFolder' : 'nueva.chooseFolder')}
        </Button>
        {draft.carpeta ? (
          <>
            <Text size="sm" ff="monospace" className="sage-cut" title={draft.carpeta.path}>
              {draft.carpeta.path}
            </Text>
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconX size={14} />}
              style={{ flexShrink: 0 }}
              onClick={() => onChange({ ...draft, carpeta: null })}
            >
              {t('nueva.noFolder')}
            </Button>
          </>
        ) : null}
      </Group>
    </Stack>
  )
}
