import { Button } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useText } from '../../app/prefs'
import { useReceptionActions } from '../../blocks/use-reception'

/** Pauses a casilla at work, or lets it go on. */
export function PauseButton({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const { paused, busy, togglePause } = useReceptionActions(casilla)
  const Icon = paused ? IconPlayerPlay : IconPlayerPause
  return (
    <Button variant="default" leftSection={<Icon size={16} />} loading={busy} onClick={() => togglePause()}>
      {t(paused ? 'casilla.resume' : 'casilla.pause')}
    </Button>
  )
}
