import { Button } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { IconPlus } from '@tabler/icons-react'
import { Link, useSearch } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { MaterializacionesGrid } from '../../blocks/materializacion/materializaciones-grid'
import { formatMatFilters, parseMatFilters } from '../../blocks/materializacion/materializaciones-list'
import { SearchBox } from '../../ui/search-box'

/** Where the accepted records of this casilla are taken to. */
export function MaterializacionesTab({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const filters = parseMatFilters(useSearch())
  const go = (next: typeof filters) =>
    navigate(`/casillas/${casilla.id}/materializaciones${formatMatFilters(next)}`, { replace: true })
  // With none, the page itself offers it.
  const list = useOp('materializaciones.list', { casillaId: casilla.id })
  const some = (list.data?.items.length ?? 0) > 0
  const create = (
    <Button
      component={Link}
      href={`/materializaciones/nueva?casilla=${casilla.id}`}
      leftSection={<IconPlus size={16} />}
    >
      {t('mat.create')}
    </Button>
  )
  return (
    <MaterializacionesGrid
      id="casilla-materializaciones"
      casillaId={casilla.id}
      filters={filters}
      onFilters={go}
      empty={{ none: { text: t('mat.none') }, noneAtAll: { text: t('mat.emptyCasilla'), action: create } }}
      toolbar={
        <>
          <SearchBox
            label={t('mat.search')}
            width={240}
            delay={150}
            value={filters.q}
            onChange={(q) => go({ ...filters, q })}
          />
          {some ? create : null}
        </>
      }
    />
  )
}
