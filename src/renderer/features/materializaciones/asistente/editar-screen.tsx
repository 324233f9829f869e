import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { ErrorBlock } from '../../../ui/error-block'
import { RowsSkeleton } from '../../../ui/later'
import { Page } from '../../../ui/page'
import { matDraftOf } from './draft'
import { Wizard } from './wizard'

/** One that is saved, changed in the same steps. */
export default function EditarMaterializacionScreen({ id }: { id: number }) {
  const { t } = useText()
  const found = useOp('materializaciones.get', { id })
  if (found.error)
    return (
      <Page title={t('mat.edit')}>
        <ErrorBlock error={found.error.data} onRetry={() => void found.refetch()} />
      </Page>
    )
  if (!found.data)
    return (
      <Page title={t('mat.edit')}>
        <RowsSkeleton />
      </Page>
    )
  const { nombre, actualizadaEn } = found.data
  return <Wizard saved={matDraftOf(found.data)} of={{ id, actualizado: actualizadaEn }} title={nombre} />
}
