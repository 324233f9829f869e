import { useSearch } from 'wouter'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { AreaTabs } from '../../blocks/materializacion/area-tabs'
import { formatCargaFilters, parseCargaFilters } from '../../blocks/materializacion/carga-filters'
import { CargasGrid } from '../../blocks/materializacion/cargas-grid'
import { Page } from '../../ui/page'

const EVERY = {}

/** Every load of every materialization. */
export default function CargasScreen() {
  const { t } = useText()
  const filters = parseCargaFilters(useSearch())
  return (
    <Page title={t('cargas.title')} purpose={t('cargas.purpose')} fill>
      <AreaTabs current="cargas" />
      <CargasGrid
        id="cargas"
        scope={EVERY}
        filters={filters}
        onFilters={(next) =>
          navigate(`/materializaciones/cargas${formatCargaFilters(next)}`, { replace: true })
        }
        empty={t('cargas.empty')}
      />
    </Page>
  )
}
