import { Button, Group, SegmentedControl, Select } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconArrowsSort, IconLayoutGrid, IconList } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useSearch } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { useReceptions } from '../../blocks/use-reception'
import { ClearFilters } from '../../ui/clear-filters'
import { DataGrid } from '../../ui/grid/data-grid'
import { useLocalSource } from '../../ui/grid/source'
import { Page } from '../../ui/page'
import { receptionKey } from '../../ui/reception-badge'
import { SearchBox } from '../../ui/search-box'
import { useCasillaColumns } from './casilla-columns'
import {
  CASILLA_FILTERS,
  CASILLA_SORTS,
  type CasillaFilters,
  formatCasillaFilters,
  listRows,
  parseCasillaFilters,
} from './casilla-list'
import { CasillasBoard } from './casillas-board'

type View = 'lista' | 'tablero'

const go = (filters: CasillaFilters) =>
  navigate(`/casillas${formatCasillaFilters(filters)}`, { replace: true })

/** The data mailboxes: which of them work, which need a person. */
export default function CasillasScreen() {
  const { t } = useText()
  const list = useOp('casillas.list', {})
  const receptions = useReceptions()
  const [view, setView] = useLocalStorage<View>({
    key: 'sage.casillas.vista',
    defaultValue: 'lista',
    getInitialValueInEffect: false,
  })
  const search = useSearch()
  const filters = useMemo(() => parseCasillaFilters(search), [search])
  const columns = useCasillaColumns()
  const rows = useMemo(
    () => listRows(list.data?.items ?? [], receptions, filters),
    [list.data, receptions, filters],
  )
  const source = useLocalSource(rows, {
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
  })
  const create = (
    <Button component={Link} href="/casillas/nueva">
      {t('casilla.create')}
    </Button>
  )
  const senders = (
    <Button variant="default" component={Link} href="/casillas/emisores">
      {t('emisores.title')}
    </Button>
  )
  const none = list.data?.items.length === 0
  const empty = none ? { text: t('casillas.empty'), action: create } : { text: t('casillas.none') }
  const toolbar = <Filters filters={filters} view={view} onView={setView} />
  return (
    <Page
      title={t('nav.casillas')}
      purpose={t('casillas.purpose')}
      action={
        none ? undefined : (
          <>
            {senders}
            {create}
          </>
        )
      }
      fill
    >
      {view === 'lista' ? (
        <DataGrid
          id="casillas"
          label={t('nav.casillas')}
          columns={columns}
          source={source}
          sort={{ column: filters.orden, direction: filters.dir }}
          onSort={({ column, direction }) => {
            const orden = CASILLA_SORTS.find((value) => value === column)
            if (orden) go({ ...filters, orden, dir: direction })
          }}
          onOpen={({ casilla }) => navigate(`/casillas/${casilla.id}`)}
          resetKey={search}
          counter={(n) => t('casillas.count', { n })}
          empty={empty}
          toolbar={toolbar}
        />
      ) : (
        <>
          <Group gap="xs" mb="xs" align="flex-end">
            {toolbar}
          </Group>
          <CasillasBoard source={source} empty={empty} />
        </>
      )}
    </Page>
  )
}

interface FiltersProps {
  filters: CasillaFilters
  view: View
  onView: (view: View) => void
}

function Filters({ filters, view, onView }: FiltersProps) {
  const { t } = useText()
  const filtered = filters.q !== undefined || filters.situacion !== undefined
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t('casillas.view')}
        value={view}
        onChange={onView}
        data={[
          { value: 'lista', label: <ViewLabel icon={IconList} text={t('casillas.list')} /> },
          { value: 'tablero', label: <ViewLabel icon={IconLayoutGrid} text={t('casillas.board')} /> },
        ]}
      />
      <SearchBox
        label={t('casillas.search')}
        width={240}
        delay={150}
        value={filters.q}
        onChange={(q) => go({ ...filters, q })}
      />
      <Select
        w={170}
        size="xs"
        clearable
        aria-label={t('column.situacion')}
        placeholder={t('casillas.any')}
        data={CASILLA_FILTERS.map((value) => ({
          value,
          label: t(value === 'atencion' ? 'casillas.filter.atencion' : receptionKey(value)),
        }))}
        value={filters.situacion ?? null}
        onChange={(value) => go({ ...filters, situacion: CASILLA_FILTERS.find((known) => known === value) })}
      />
      {view === 'tablero' ? <SortSelect filters={filters} /> : null}
      {filtered ? (
        <ClearFilters onClear={() => go({ ...filters, q: undefined, situacion: undefined })} />
      ) : null}
    </>
  )
}

const ViewLabel = ({ icon: Icon, text }: { icon: typeof IconList; text: string }) => (
  <Group gap={6} wrap="nowrap">
    <Icon size={14} aria-hidden />
    <span>{text}</span>
  </Group>
)

/** A board has no headers to click. */
function SortSelect({ filters }: { filters: CasillaFilters }) {
  const { t } = useText()
  return (
    <Select
      w={230}
      size="xs"
      allowDeselect={false}
      aria-label={t('casillas.sort')}
      leftSection={<IconArrowsSort size={14} />}
      data={(
        [
          ['nombre asc', 'casillas.sort.nombre'],
          ['recepcion asc', 'casillas.sort.recepcion'],
          ['terminada desc', 'casillas.sort.terminada'],
          ['proximo asc', 'casillas.sort.proximo'],
          ['tasa desc', 'casillas.sort.tasa'],
          ['enCola desc', 'casillas.sort.enCola'],
        ] as const
      ).map(([value, key]) => ({ value, label: t(key) }))}
      value={`${filters.orden} ${filters.dir}`}
      onChange={(value) => {
        const [column, dir] = (value ?? '').split(' ')
        const orden = CASILLA_SORTS.find((known) => known === column)
        if (orden) go({ ...filters, orden, dir: dir === 'desc' ? 'desc' : 'asc' })
      }}
    />
  )
}
