import { Button, Select } from '@mantine/core'
import type { Carga } from '@shared/model/materializacion'
import { IconReload } from '@tabler/icons-react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { cargaKey } from '../../ui/carga-badge'
import { ClearFilters } from '../../ui/clear-filters'
import type { Chosen } from '../../ui/grid/data-grid'
import { SearchBox } from '../../ui/search-box'
import type { CargaFilters, CargaScope } from './carga-filters'
import { canRetry, useCargaActions } from './use-cargas'
import { ESTADO_CARGA_VALUES } from './values'

interface CargasToolbarProps {
  filters: CargaFilters
  onFilters: (filters: CargaFilters) => void
  /** Given while something is filtered. */
  onClear?: () => void
}

/** What a list of loads is narrowed by. */
export function CargasToolbar({ filters, onFilters, onClear }: CargasToolbarProps) {
  const { t } = useText()
  return (
    <>
      <SearchBox
        label={t('cargas.search')}
        width={200}
        value={filters.q}
        onChange={(q) => onFilters({ ...filters, q })}
      />
      <Select
        w={150}
        size="xs"
        clearable
        aria-label={t('column.estado')}
        placeholder={t('filter.anyEstado')}
        data={ESTADO_CARGA_VALUES.map((value) => ({ value, label: t(cargaKey(value)) }))}
        value={filters.estado ?? null}
        onChange={(value) =>
          onFilters({ ...filters, estado: ESTADO_CARGA_VALUES.find((known) => known === value) })
        }
      />
      {onClear ? <ClearFilters onClear={onClear} /> : null}
    </>
  )
}

/** Asks again for every failed load of the page, shown or not; nothing where none failed. */
export function RetryFailed({ scope }: { scope: CargaScope }) {
  const { t } = useText()
  const failed = useOp('cargas.list', { ...scope, estado: 'error', limit: 1 })
  const { retryFailed, retrying } = useCargaActions()
  const total = failed.data?.total ?? 0
  if (total === 0) return null
  return (
    <Button
      variant="default"
      leftSection={<IconReload size={16} />}
      loading={retrying}
      onClick={() => void retryFailed(scope)}
    >
      {t('cargas.retryFailed', { n: total })}
    </Button>
  )
}

/** Asks again for those chosen that can be. */
export function RetryChosen({ chosen }: { chosen: Chosen<Carga> }) {
  const { t } = useText()
  const { retry, retrying } = useCargaActions()
  const again = async () => {
    const rows = await chosen.rows()
    const ids = rows.filter(canRetry).map(({ id }) => id)
    if (ids.length > 0) retry(ids)
    chosen.clear()
  }
  return (
    <Button
      variant="default"
      leftSection={<IconReload size={16} />}
      loading={retrying}
      onClick={() => void again()}
    >
      {t('cargas.retryChosen')}
    </Button>
  )
}
