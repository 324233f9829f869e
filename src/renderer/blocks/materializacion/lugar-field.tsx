import { Button, Group, Input, Text, TextInput } from '@mantine/core'
import type { Destino } from '@shared/model/destino'
import { IconFile, IconFilePlus, IconFolder } from '@tabler/icons-react'
import { call, toCallError } from '../../api/client'
import { useText } from '../../app/prefs'
import { notifyError } from '../../ui/notify'
import { isFile, isFileName, lugarTexto, newFileName } from './destino-draft'
import { campoId, type DestinoFormState } from './use-destino-form'

/** The system's dialogs. */
function useChoose(form: DestinoFormState) {
  const { tipo, nombre } = form.draft
  const chooseFolder = async () => {
    try {
      const { carpeta } = await call('dialog.chooseFolder', {})
      if (carpeta)
        form.change({ lugar: { ...carpeta, archivo: isFile(tipo) ? newFileName(tipo, nombre) : null } })
    } catch (caught) {
      notifyError(toCallError(caught).data)
    }
  }
  const chooseFile = async () => {
    try {
      const found = (await call('dialog.chooseFile', { purpose: 'database' })).file
      if (found) form.change({ lugar: { token: found.token, path: found.name, archivo: null } })
    } catch (caught) {
      notifyError(toCallError(caught).data)
    }
  }
  return { chooseFolder, chooseFile }
}

/** The file or folder, chosen in the system's dialog: its path is shown, the engine is told by a token. */
export function LugarField({ form, saved }: { form: DestinoFormState; saved: Destino | null }) {
  const { t } = useText()
  const { tipo, lugar } = form.draft
  const file = isFile(tipo)
  const { chooseFolder, chooseFile } = useChoose(form)
  const before = saved?.tipo === tipo ? lugarTexto(saved.config) : ''
  const shown = lugar ? (lugar.archivo === null ? lugar.path : `${lugar.path}/${lugar.archivo}`) : before
  return (
    <>
      <Input.Wrapper
        label={t(file ? 'destino.lugar.archivo' : 'destino.lugar.carpeta')}
        labelElement="div"
        required
        error={form.isWrong('lugar') ? t('destino.fault.lugar') : null}
      >
        <Group gap="xs" mt={4}>
          {file ? (
            <>
              <Button
                id={campoId('lugar')}
                variant="default"
                leftSection={<IconFilePlus size={16} />}
                onClick={() => void chooseFolder()}
              >
                {t('destino.lugar.nuevo')}
              </Button>
              <Button
                variant="default"
                leftSection={<IconFile size={16} />}
                onClick={() => void chooseFile()}
              >
                {t('destino.lugar.existente')}
              </Button>
            </>
          ) : (
            <Button
              id={campoId('lugar')}
              variant="default"
              leftSection={<IconFolder size={16} />}
              onClick={() => void chooseFolder()}
            >
              {t(shown === '' ? 'nueva.chooseFolder' : 'nueva.otherFolder')}
            </Button>
          )}
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
