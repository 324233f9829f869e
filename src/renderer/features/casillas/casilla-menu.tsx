import { Menu } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import {
  IconBolt,
  IconInbox,
  IconPlayerPause,
  IconPlayerPlay,
  IconSettings,
  IconTrash,
} from '@tabler/icons-react'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { useReceptionActions } from '../../blocks/use-reception'
import { RowMenu } from '../../ui/row-menu'
import { receives } from './place'
import { openRemoveCasilla } from './remove-casilla'

/** What can be done with a casilla from where it is listed. */
export function CasillaMenu({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const { paused, togglePause, processNow } = useReceptionActions(casilla)
  const works = receives(casilla) && casilla.activa
  const Pause = paused ? IconPlayerPlay : IconPlayerPause
  return (
    <RowMenu label={t('casilla.actions', { name: casilla.nombre })}>
      <Menu.Item
        leftSection={<IconInbox size={16} />}
        onClick={() => navigate(`/casillas/${casilla.id}/recepcion`)}
      >
        {t('casilla.seeReception')}
      </Menu.Item>
      {works ? (
        <>
          <Menu.Item leftSection={<Pause size={16} />} onClick={() => togglePause()}>
            {t(paused ? 'casilla.resume' : 'casilla.pause')}
          </Menu.Item>
          <Menu.Item leftSection={<IconBolt size={16} />} disabled={paused} onClick={() => processNow()}>
            {t('casilla.processNow')}
          </Menu.Item>
        </>
      ) : null}
      <Menu.Item
        leftSection={<IconSettings size={16} />}
        onClick={() => navigate(`/casillas/${casilla.id}/configuracion`)}
      >
        {t('casilla.settings')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => openRemoveCasilla(t, casilla)}
      >
        {t('casilla.remove')}
      </Menu.Item>
    </RowMenu>
  )
}
