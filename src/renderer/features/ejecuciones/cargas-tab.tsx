import type { Ejecucion } from '@shared/model/execution'
import { useSearch } from 'wouter'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { formatCargaFilters, parseCargaFilters } from '../../blocks/materializacion/carga-filters'
import { CargasGrid } from '../../blocks/materializacion/cargas-grid'

/** What of this execution was loaded, and where. */
export function CargasTab({ ejecucion }: { ejecucion: Ejecucion }) {
  const { t } = useText()
  return (
    <CargasGrid
      id="ejecucion-cargas"
      scope={{ executionId: ejecucion.id }}
      filters={parseCargaFilters(useSearch())}
      onFilters={(next) =>
        navigate(`/ejecuciones/${ejecucion.id}/cargas${formatCargaFilters(next)}`, { replace: true })
      }
      empty={t('execution.noLoads')}
    />
  )
}
