import { Menu } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Proveedor } from '@shared/model/proveedor'
import { IconFolderOpen, IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText, type Text as Words } from '../../app/prefs'
import { ConfirmName } from '../../ui/confirm-name'
import { notifyError } from '../../ui/notify'
import { RowMenu } from '../../ui/row-menu'
import { useUsos } from './use-usos'

export const TABS = ['explorador', 'salud', 'configuracion'] as const
export type Tab = (typeof TABS)[number]
export const rutaDe = (id: number, tab: Tab) => `/proveedores/${id}/${tab}`

export const openRemove = (t: Words['t'], proveedor: Proveedor, onDone: () => void) =>
  modals.open({
    title: t('casilla.removeTitle', { name: proveedor.nombre }),
    children: <RemoveProveedor proveedor={proveedor} onDone={onDone} />,
  })

function RemoveProveedor({ proveedor, onDone }: { proveedor: Proveedor; onDone: () => void }) {
  const { t } = useText()
  const remove = useCommand('proveedores.remove', ['proveedores.list', 'secretos.list'])
  return (
    <ConfirmName
      name={proveedor.nombre}
      loses={t('proveedor.removeLoses')}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { id: proveedor.id },
          {
            onSuccess: () => {
              modals.closeAll()
              onDone()
            },
            onError: (error) => notifyError(error.data),
          },
        )
      }
    />
  )
}

/** Why it can't be removed: what receives from it. */
export function useInUse(id: number): string | undefined {
  const { t } = useText()
  const names = useUsos().get(id)
  return names && t('proveedor.inUse', { names: names.join(', ') })
}

export function ProveedorMenu({ row }: { row: Proveedor }) {
  const { t } = useText()
  const test = useCommand('proveedores.probar', ['proveedores.list', 'proveedores.pruebas'])
  const inUse = useInUse(row.id)
  const go = (tab: Tab) => navigate(rutaDe(row.id, tab))
  return (
    <RowMenu label={t('grid.actionsOf', { name: row.nombre })}>
      <Menu.Item
        leftSection={<IconPlugConnected size={16} />}
        onClick={() =>
          test.mutate(
            { id: row.id },
            { onSuccess: () => go('salud'), onError: (error) => notifyError(error.data) },
          )
        }
      >
        {t('destino.probar')}
      </Menu.Item>
      <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={() => go('explorador')}>
        {t('proveedor.explorar')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => go('configuracion')}>
        {t('proveedor.edit')}
      </Menu.Item>
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} />}
        disabled={inUse !== undefined}
        title={inUse}
        onClick={() => openRemove(t, row, () => undefined)}
      >
        {t('action.remove')}
      </Menu.Item>
    </RowMenu>
  )
}
