import { Button, Group, Input, Text, TextInput } from '@mantine/core'
import type { Destino } from '@shared/model/destino'
import { IconFile, IconFilePlus } from '@tabler/icons-react'
import { call, toCallError } from '../../api/client'
import { useText } from '../../app/prefs'
import { notifyError } from '../../ui/notify'
import { chooseFolder, FolderChoice } from '../conexion/folder-choice'
import { isFile, isFileName, newFileName } from './destino-draft'
import { campoId, type DestinoFormState } from './use-destino-form'

/** The file or folder, chosen in the system's dialog: its path is shown, the engine is told by a token. */
export function LugarField({ form, saved }: { form: DestinoFormState; saved: Destino | null }) {
  const { t } = useText()
  const { tipo, lugar } = form.draft
  const before = saved?.tipo === tipo ? saved.lugar : ''
  const shown = lugar ? (lugar.archivo === null ? lugar.path : `${lugar.path}/${lugar.archivo}`) : before
  if (isFile(tipo)) return <FileField form={form} shown={shown} />
  return (
    <FolderChoice
      id={campoId('lugar')}
      label={t('destino.lugar.carpeta')}
      required
      error={form.isWrong('lugar') ? t('destino.fault.lugar') : null}
      shown={shown}
      onChoose={(carpeta) => form.change({ lugar: { ...carpeta, archivo: null } })}
    />
  )
}

/** A file that is there, or a new one in a folder. */
function FileField({ form, shown }: { form: DestinoFormState; shown: string }) {
  const { t } = useText()
  const { tipo, nombre } = form.draft
  const inFolder = async () => {
    const carpeta = await chooseFolder()
    if (carpeta) form.change({ lugar: { ...carpeta, archivo: newFileName(tipo, nombre) } })
  }
  const existing = async () => {
    try {
      const found = (await call('dialog.chooseFile', { purpose: 'database' })).file
      if (found) form.change({ lugar: { token: found.token, path: found.name, archivo: null } })
    } catch (caught) {
      notifyError(toCallError(caught).data)
    }
  }
  return (
    <>
      <Input.Wrapper
        label={t('destino.lugar.archivo')}
        labelElement="div"
        required
        error={form.isWrong('lugar') ? t('destino.fault.lugar') : null}
      >
        <Group gap="xs" mt={4}>
          <Button
            id={campoId('lugar')}
            variant="default"
            leftSection={<IconFilePlus size={16} />}
            onClick={() => void inFolder()}
          >
            {t('destino.lugar.nuevo')}
          </Button>
          <Button variant="default" leftSection={<IconFile size={16} />} onClick={() => void existing()}>
            {t('destino.lugar.existente')}
          </Button>
        </Group>
        {shown === '' ? null : (
          <Text size="sm" ff="monospace" mt={6} style={{ overflowWrap: 'anywhere' }}>
            {shown}
          </Text>
        )}
      </Input.Wrapper>
      <NewName form={form} />
    </>
  )
}

/** What the file that is made in a chosen folder is called. */
function NewName({ form }: { form: DestinoFormState }) {
  const { t } = useText()
  const { lugar } = form.draft
  if (!lugar || lugar.archivo === null) return null
  return (
    <TextInput
      label={t('destino.lugar.nombre')}
      maxLength={255}
      spellCheck={false}
      value={lugar.archivo}
      error={isFileName(lugar.archivo) ? null : t('destino.fault.archivo')}
      onChange={(event) => form.change({ lugar: { ...lugar, archivo: event.currentTarget.value } })}
    />
  )
}
