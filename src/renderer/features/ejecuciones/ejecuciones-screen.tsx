import { useSearch } from 'wouter'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { formatFilters, parseFilters } from '../../blocks/execution-filters'
import { ExecutionsGrid } from '../../blocks/executions-grid'
import { Page } from '../../ui/page'

/** Every execution there is; the filters are the URL. */
export default function EjecucionesScreen() {
  const { t } = useText()
  const search = useSearch()
  return (
    <Page title={t('executions.title')} purpose={t('executions.purpose')} fill>
      <ExecutionsGrid
        id="ejecuciones"
        filters={parseFilters(search)}
        onFilters={(filters) => navigate(`/ejecuciones${formatFilters(filters)}`, { replace: true })}
      />
    </Page>
  )
}
