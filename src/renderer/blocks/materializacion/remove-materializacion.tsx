import { modals } from '@mantine/modals'
import type { Materializacion } from '@shared/model/materializacion'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText, type Text as Words } from '../../app/prefs'
import { ConfirmName } from '../../ui/confirm-name'
import { notifyError } from '../../ui/notify'

type Named = Pick<Materializacion, 'id' | 'nombre' | 'destinoNombre'>

/** Asks before a materialization is removed. */
export const openRemoveMaterializacion = (t: Words['t'], row: Named) =>
  modals.open({
    title: t('casilla.removeTitle', { name: row.nombre }),
    children: <RemoveMaterializacion row={row} />,
  })

function RemoveMaterializacion({ row }: { row: Named }) {
  const { t } = useText()
  const remove = useCommand('materializaciones.remove', [
    'materializaciones.list',
    'destinos.list',
    'cargas.list',
  ])
  return (
    <ConfirmName
      name={row.nombre}
      loses={t('mat.removeLoses', { destino: row.destinoNombre })}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { id: row.id },
          {
            onSuccess: () => {
              modals.closeAll()
              navigate('/materializaciones')
            },
            onError: (error) => notifyError(error.data),
          },
        )
      }
    />
  )
}
