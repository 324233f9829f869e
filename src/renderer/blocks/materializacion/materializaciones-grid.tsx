import { type ReactNode, useMemo } from 'react'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { DataGrid } from '../../ui/grid/data-grid'
import { useLocalSource } from '../../ui/grid/source'
import { useMaterializacionColumns } from './materializacion-columns'
import { listMaterializaciones, MAT_SORTS, type MatFilters } from './materializaciones-list'

interface MaterializacionesGridProps {
  id: string
  /** Only those of this one. */
  casillaId?: number
  filters: MatFilters
  onFilters: (filters: MatFilters) => void
  toolbar?: ReactNode
  /** When none matches the filters, and when there is none at all. */
  empty: { none: { text: string; action?: ReactNode }; noneAtAll: { text: string; action?: ReactNode } }
}

/** Materializations with how each is doing; what is asked of them is asked here too. */
export function MaterializacionesGrid(props: MaterializacionesGridProps) {
  const { id, casillaId, filters, onFilters, toolbar, empty } = props
  const { t } = useText()
  const list = useOp('materializaciones.list', casillaId === undefined ? {} : { casillaId })
  const columns = useMaterializacionColumns(casillaId === undefined)
  const items = list.data?.items
  const rows = useMemo(() => listMaterializaciones(items ?? [], filters), [items, filters])
  const source = useLocalSource(rows, {
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
  })
  return (
    <DataGrid
      id={id}
      label={t('nav.materializaciones')}
      columns={columns}
      source={source}
      sort={{ column: filters.orden, direction: filters.dir }}
      onSort={({ column, direction }) => {
        const orden = MAT_SORTS.find((value) => value === column)
        if (orden) onFilters({ ...filters, orden, dir: direction })
      }}
      onOpen={(row) => navigate(`/materializaciones/${row.id}`)}
      resetKey={JSON.stringify(filters)}
      counter={(n) => t('mat.count', { n })}
      empty={items?.length === 0 ? empty.noneAtAll : empty.none}
      toolbar={toolbar}
    />
  )
}
