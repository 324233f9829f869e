import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { EntradaProveedor, Proveedor } from '@shared/model/proveedor'
import { useState } from 'react'
import { call } from '../../api/client'
import { useCommand } from '../../api/hooks'
import { descargar } from '../../api/transferencias'
import { useText, type Text as Words } from '../../app/prefs'
import { chooseFolder } from '../../blocks/conexion/folder-choice'
import { useWork } from '../../blocks/conexion/use-work'
import { ConfirmName } from '../../ui/confirm-name'
import { ErrorBlock } from '../../ui/error-block'
import { notifyDone, notifyError } from '../../ui/notify'
import { copyText } from '../../ui/use-copy'
import { nombreDe } from './rutas'

interface Which {
  proveedor: Proveedor
  entrada: EntradaProveedor
}

/** Into a folder that the person chooses; the tray shows it and tells how it ends. */
export async function bajar({ proveedor, entrada }: Which): Promise<void> {
  const carpeta = await chooseFolder()
  if (carpeta) await descargar(proveedor, entrada, carpeta.token)
}

export const openEliminar = (t: Words['t'], which: Which, onDone: () => void) =>
  modals.open({
    title: t('casilla.removeTitle', { name: nombreDe(which.entrada.ruta) }),
    children: <Eliminar {...which} onDone={onDone} />,
  })

function Eliminar({ proveedor, entrada, onDone }: Which & { onDone: () => void }) {
  const { t } = useText()
  const remove = useCommand('proveedores.eliminar')
  const file = nombreDe(entrada.ruta)
  return (
    <ConfirmName
      name={file}
      loses={t('explorador.pierde')}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { id: proveedor.id, ruta: entrada.ruta },
          {
            onSuccess: () => {
              modals.closeAll()
              notifyDone(t('explorador.eliminado', { file }))
              onDone()
            },
            onError: (error) => notifyError(error.data),
          },
        )
      }
    />
  )
}

const PLAZOS = { m15: 900, h1: 3600, d1: 86_400, d7: 7 * 86_400 } as const
type Plazo = keyof typeof PLAZOS
const PLAZO_VALUES = ['m15', 'h1', 'd1', 'd7'] as const satisfies readonly Plazo[]

export const openEnlace = (t: Words['t'], which: Which) =>
  modals.open({
    title: `${t('explorador.enlace')}: ${nombreDe(which.entrada.ruta)}`,
    children: <Enlace {...which} />,
  })

/** The link goes to the clipboard and nowhere else: whoever has it reads the file. */
function Enlace({ proveedor, entrada }: Which) {
  const { t, date } = useText()
  const [plazo, setPlazo] = useState<Plazo>('h1')
  const { busy, error, during } = useWork<'enlace'>()
  const ask = () =>
    during('enlace', async () => {
      const { id } = proveedor
      const segundos = PLAZOS[plazo]
      const { url, venceEn } = await call('proveedores.enlace', { id, ruta: entrada.ruta, segundos })
      if (!(await copyText(url))) return
      modals.closeAll()
      notifyDone(t('explorador.enlaceCopiado', { when: date(venceEn) }))
    })
  return (
    <Stack gap="sm">
      <Text size="sm">{t('explorador.enlaceAyuda')}</Text>
      <Select
        label={t('explorador.enlaceVence')}
        allowDeselect={false}
        data={PLAZO_VALUES.map((value) => ({ value, label: t(`plazo.${value}`) }))}
        value={plazo}
        onChange={(value) => setPlazo(PLAZO_VALUES.find((known) => known === value) ?? 'h1')}
      />
      {error ? <ErrorBlock error={error.data} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button loading={busy !== null} onClick={() => void ask()}>
          {t('explorador.enlace')}
        </Button>
      </Group>
    </Stack>
  )
}
