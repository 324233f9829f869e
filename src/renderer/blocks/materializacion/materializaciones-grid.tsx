import { Group, Switch, Text } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import { type ReactNode, useMemo } from 'react'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import {
  cargaKey,
  MaterializacionBadge,
  situacionDe,
  situacionDeCarga,
  situacionMaterializacionKey,
} from '../../ui/carga-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { useLocalSource } from '../../ui/grid/source'
import { MaterializacionMenu } from './materializacion-menu'
import { listMaterializaciones, MAT_SORTS, type MatFilters } from './materializaciones-list'
import { useActivate } from './use-cargas'
import { tipoDestinoKey } from './values'

/** «+120 ~30 −2»: rows in, changed and out of the last load. */
export function CountsText({ row }: { row: Materializacion }) {
  const { t, number } = useText()
  const carga = row.ultimaCarga
  if (carga?.estado !== 'completado') return null
  const { insertadas, actualizadas, eliminadas } = carga.totales
  const counts = { in: number(insertadas), updated: number(actualizadas), out: number(eliminadas) }
  return (
    <Text size="sm" component="span" className="sage-numbers sage-cut" title={t('mat.countsLong', counts)}>
      {t('mat.counts', counts)}
    </Text>
  )
}

function ActiveSwitch({ row }: { row: Materializacion }) {
  const { t } = useText()
  const { toggle, busy } = useActivate()
  return (
    <Switch
      size="xs"
      aria-label={t('mat.activeOf', { name: row.nombre })}
      checked={row.activa}
      disabled={busy}
      onChange={() => toggle(row)}
      // Two clicks on it are two clicks on it, not on the row.
      wrapperProps={{ onDoubleClick: (event: React.MouseEvent) => event.stopPropagation() }}
    />
  )
}

function useColumns(withCasilla: boolean): GridColumn<Materializacion>[] {
  const { t, lang, date, number } = useText()
  return useMemo(() => {
    /** How many need a person, or are on their way. */
    const waiting = ({ fallidas, pendientes }: Materializacion) =>
      fallidas > 0 ? number(fallidas) : pendientes > 0 ? number(pendientes) : ''
    const columns: GridColumn<Materializacion>[] = [
      {
        id: 'situacion',
        header: t('column.situacion'),
        width: 150,
        floor: 136,
        sortable: true,
        text: (row) => [t(situacionMaterializacionKey(situacionDe(row))), waiting(row)].join(' '),
        render: (row) => (
          <Group gap={6} wrap="nowrap" miw={0}>
            <MaterializacionBadge situacion={situacionDe(row)} />
            <Text size="sm" c="dimmed" className="sage-numbers" span>
              {waiting(row)}
            </Text>
          </Group>
        ),
      },
      {
        id: 'nombre',
        header: t('column.nombre'),
        width: 190,
        floor: 130,
        grow: true,
        sortable: true,
        text: (row) => row.nombre,
        render: (row) => (
          <Link href={`/materializaciones/${row.id}`} className="sage-link sage-cut" tabIndex={-1}>
            {row.nombre}
          </Link>
        ),
      },
      {
        id: 'casilla',
        header: t('column.casilla'),
        width: 150,
        floor: 104,
        sortable: true,
        text: (row) => row.casillaNombre,
      },
      {
        id: 'destino',
        header: t('column.destino'),
        width: 150,
        floor: 104,
        sortable: true,
        text: (row) => row.destinoNombre,
      },
      {
        id: 'tipo',
        header: t('column.tipoDestino'),
        width: 130,
        hidden: true,
        text: (row) => {
          const key = tipoDestinoKey(row.destinoTipo)
          return key ? t(key) : row.destinoTipo
        },
      },
      {
        id: 'estrategia',
        header: t('column.estrategia'),
        width: 150,
        floor: 110,
        text: (row) =>
          [...new Set(row.config.tablas.map(({ estrategia }) => t(`estrategia.${estrategia.tipo}`)))].join(
            ', ',
          ),
      },
      {
        id: 'ultima',
        header: t('column.ultimaCarga'),
        ...dateColumn(lang),
        sortable: true,
        text: (row) => {
          const at = row.ultimaCarga?.terminadaEn ?? row.ultimaCarga?.creadaEn
          return at ? date(at) : ''
        },
      },
      {
        id: 'filas',
        header: t('column.filas'),
        width: 150,
        floor: 110,
        text: (row) => {
          const carga = row.ultimaCarga
          if (!carga) return ''
          const { insertadas, actualizadas, eliminadas } = carga.totales
          return carga.estado === 'completado'
            ? t('mat.counts', {
                in: number(insertadas),
                updated: number(actualizadas),
                out: number(eliminadas),
              })
            : t(cargaKey(situacionDeCarga(carga)))
        },
        render: (row) => <CountsText row={row} />,
      },
      {
        id: 'pendientes',
        header: t('column.pendientes'),
        width: 92,
        align: 'right',
        hidden: true,
        text: (row) => (row.pendientes > 0 ? number(row.pendientes) : ''),
      },
      {
        id: 'fallidas',
        header: t('column.fallidas'),
        width: 78,
        align: 'right',
        hidden: true,
        sortable: true,
        text: (row) => (row.fallidas > 0 ? number(row.fallidas) : ''),
      },
      {
        id: 'activa',
        header: t('column.encendida'),
        width: 66,
        text: (row) => t(row.activa ? 'mat.on' : 'mat.off'),
        render: (row) => <ActiveSwitch row={row} />,
      },
      { ...actionsColumn(t('column.acciones')), render: (row) => <MaterializacionMenu row={row} /> },
    ]
    return withCasilla ? columns : columns.filter(({ id }) => id !== 'casilla')
  }, [t, lang, date, number, withCasilla])
}

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
  const columns = useColumns(casillaId === undefined)
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
