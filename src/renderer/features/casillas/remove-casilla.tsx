import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText, type Text as Words } from '../../app/prefs'
import { ConfirmName } from '../../ui/confirm-name'
import { notifyError } from '../../ui/notify'
import { keepSettings } from './settings-draft'

/** Asks before a casilla is removed. */
export const openRemoveCasilla = (t: Words['t'], casilla: Casilla) =>
  modals.open({
    title: t('casilla.removeTitle', { name: casilla.nombre }),
    children: <RemoveCasilla casilla={casilla} />,
  })

function RemoveCasilla({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const remove = useCommand('casillas.remove', ['casillas.list', 'executions.list', 'recepcion.estado'])
  const submit = () =>
    remove.mutate(
      { id: casilla.id },
      {
        onSuccess: () => {
          localStorage.removeItem(`sage.draft.${casilla.id}`)
          keepSettings(casilla.id, null)
          modals.closeAll()
          navigate('/casillas')
        },
        onError: (error) => notifyError(error.data),
      },
    )
  return (
    <ConfirmName
      name={casilla.nombre}
      loses={t('casilla.removeLoses')}
      busy={remove.isPending}
      onConfirm={submit}
    />
  )
}
