import { Menu } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import {
  IconHistory,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconReload,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { RowMenu } from '../../ui/row-menu'
import { openBackfill } from './backfill'
import { openRemoveMaterializacion } from './remove-materializacion'
import { useActivate, useCargaActions } from './use-cargas'

/** What can be done with a materialization from where it is listed. */
export function MaterializacionMenu({ row }: { row: Materializacion }) {
  const { t } = useText()
  const { toggle } = useActivate()
  const { retryFailed } = useCargaActions()
  const Power = row.activa ? IconPlayerPause : IconPlayerPlay
  return (
    <RowMenu label={t('grid.actionsOf', { name: row.nombre })}>
      <Menu.Item
        leftSection={<IconHistory size={16} />}
        onClick={() => navigate(`/materializaciones/${row.id}/historial`)}
      >
        {t('mat.seeHistory')}
      </Menu.Item>
      <Menu.Item leftSection={<IconUpload size={16} />} onClick={() => openBackfill(t, row)}>
        {t('backfill.action')}
      </Menu.Item>
      {row.fallidas > 0 ? (
        <Menu.Item
          leftSection={<IconReload size={16} />}
          onClick={() => void retryFailed({ materializacionId: row.id })}
        >
          {t('cargas.retryFailed', { n: row.fallidas })}
        </Menu.Item>
      ) : null}
      <Menu.Item leftSection={<Power size={16} />} onClick={() => toggle(row)}>
        {t(row.activa ? 'mat.deactivate' : 'mat.activate')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconPencil size={16} />}
        onClick={() => navigate(`/materializaciones/${row.id}/editar`)}
      >
        {t('mat.edit')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => openRemoveMaterializacion(t, row)}
      >
        {t('mat.remove')}
      </Menu.Item>
    </RowMenu>
  )
}
