import { Group, Select } from '@mantine/core'
import { useOp } from '../api/hooks'
import { useText } from '../app/prefs'
import { ClearFilters } from '../ui/clear-filters'
import { DayInput } from '../ui/day-input'
import { SearchBox } from '../ui/search-box'
import { estadoKey, faseKey } from '../ui/state-badge'
import { CasillaSelect, NamedSelect } from './casilla-select'
import type { ExecutionFilters } from './execution-filters'
import { ESTADO_VALUES, FASE_VALUES, METODO_VALUES } from './values'

interface ExecutionsToolbarProps {
  filters: ExecutionFilters
  onFilters: (filters: ExecutionFilters) => void
  /** Inside a casilla its own filter is fixed. */
  withCasilla: boolean
  /** Given while something is filtered. */
  onClear?: () => void
}

/** What the list of executions is narrowed by. */
export function ExecutionsToolbar({ filters, onFilters, withCasilla, onClear }: ExecutionsToolbarProps) {
  const { t } = useText()
  const casillas = useOp('casillas.list', {})
  const emisores = useOp('emisores.list', {})
  return (
    <>
      <SearchBox
        label={t('executions.search')}
        width={164}
        value={filters.q}
        onChange={(q) => onFilters({ ...filters, q })}
      />
      {withCasilla ? (
        <CasillaSelect
          width={150}
          clearable
          label={t('column.casilla')}
          placeholder={t('filter.anyCasilla')}
          casillas={casillas.data?.items ?? []}
          value={filters.casilla}
          onChange={(casilla) => onFilters({ ...filters, casilla })}
        />
      ) : null}
      {(emisores.data?.items.length ?? 0) > 0 ? (
        <NamedSelect
          width={126}
          clearable
          label={t('column.emisor')}
          placeholder={t('filter.anyEmisor')}
          items={emisores.data?.items ?? []}
          value={filters.emisor}
          onChange={(emisor) => onFilters({ ...filters, emisor })}
        />
      ) : null}
      <Select
        w={122}
        size="xs"
        clearable
        aria-label={t('column.estado')}
        placeholder={t('filter.anyEstado')}
        data={ESTADO_VALUES.map((value) => ({ value, label: t(estadoKey(value)) }))}
        value={filters.estado ?? null}
        onChange={(value) =>
          onFilters({ ...filters, estado: ESTADO_VALUES.find((known) => known === value) })
        }
      />
      <Select
        w={122}
        size="xs"
        clearable
        aria-label={t('column.fase')}
        placeholder={t('filter.anyFase')}
        data={FASE_VALUES.map((value) => ({ value, label: t(faseKey(value)) }))}
        value={filters.fase ?? null}
        onChange={(value) => onFilters({ ...filters, fase: FASE_VALUES.find((known) => known === value) })}
      />
      <Select
        w={126}
        size="xs"
        clearable
        aria-label={t('column.metodo')}
        placeholder={t('filter.anyMetodo')}
        data={METODO_VALUES.map((value) => ({ value, label: t(`metodo.${value}`) }))}
        value={filters.metodo ?? null}
        onChange={(value) =>
          onFilters({ ...filters, metodo: METODO_VALUES.find((known) => known === value) })
        }
      />
      <DateRange filters={filters} onFilters={onFilters} />
      {onClear ? <ClearFilters onClear={onClear} /> : null}
    </>
  )
}

function DateRange({ filters, onFilters }: Pick<ExecutionsToolbarProps, 'filters' | 'onFilters'>) {
  const { t } = useText()
  return (
    <Group gap={4} wrap="nowrap">
      {(['desde', 'hasta'] as const).map((edge) => (
        <DayInput
          key={edge}
          label={t(`filter.${edge}`)}
          value={filters[edge]}
          onChange={(day) => onFilters({ ...filters, [edge]: day })}
        />
      ))}
    </Group>
  )
}
