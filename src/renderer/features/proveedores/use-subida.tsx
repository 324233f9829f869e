import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Proveedor } from '@shared/model/proveedor'
import { bridge, call, toCallError } from '../../api/client'
import { type Subida, subir } from '../../api/transferencias'
import { useText } from '../../app/prefs'
import { notifyError } from '../../ui/notify'
import { resetCarpeta } from './use-carpeta'

type Granted = Subida['file']

/** Sends files into a folder; one whose name is taken is asked about. */
export function useSubida(proveedor: Proveedor, carpeta: string) {
  const { t } = useText()
  const send = async (file: Granted, reemplazar: boolean): Promise<void> => {
    const ended = await subir(proveedor, { file, carpeta, reemplazar })
    if (ended === null) return
    if ('done' in ended) await resetCarpeta(proveedor.id, carpeta)
    else if (ended.error.code === 'REMOTE_EXISTS') ask(file)
    else notifyError(ended.error)
  }
  const ask = (file: Granted) =>
    modals.openConfirmModal({
      title: t('explorador.reemplazarTitulo', { file: file.name }),
      children: <Text size="sm">{t('explorador.reemplazarTexto', { file: file.name })}</Text>,
      labels: { confirm: t('explorador.reemplazar'), cancel: t('action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => void send(file, true),
    })
  const granted = async (grant: () => Promise<Granted | null>) => {
    try {
      const file = await grant()
      if (file) await send(file, false)
    } catch (caught) {
      notifyError(toCallError(caught).data)
    }
  }
  return {
    choose: () => granted(async () => (await call('dialog.chooseFile', { purpose: 'data' })).file),
    drop: (files: readonly File[]) =>
      Promise.all(files.map((file) => granted(() => bridge().grantFile(file)))),
  }
}
