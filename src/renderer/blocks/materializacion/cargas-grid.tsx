import { Button, Menu } from '@mantine/core'
import type { Carga } from '@shared/model/materializacion'
import { IconArrowsDiff, IconBan, IconExternalLink, IconInfoCircle, IconReload } from '@tabler/icons-react'
import { useCallback, useMemo } from 'react'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { CargaBadge, cargaKey, situacionDeCarga } from '../../ui/carga-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { usePagedSource } from '../../ui/grid/source'
import { RowMenu } from '../../ui/row-menu'
import { CargaDrawer } from './carga-drawer'
import { changesPath, ranFor } from './carga-facts'
import { type CargaFilters, type CargaScope, toCargaQuery } from './carga-filters'
import { CargasToolbar, RetryChosen, RetryFailed } from './cargas-toolbar'
import { canCancel, canRetry, useCargaActions } from './use-cargas'
import { CARGA_SORTS } from './values'

const pick = (output: { items: Carga[]; total: number }) => output

function RowActions({ row, show }: { row: Carga; show: (row: Carga) => void }) {
  const { t } = useText()
  const { retry, cancel } = useCargaActions()
  return (
    <RowMenu label={t('grid.actionsOf', { name: row.archivo })}>
      <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={() => show(row)}>
        {t('cargas.detail')}
      </Menu.Item>
      {row.estado === 'completado' ? (
        <Menu.Item leftSection={<IconArrowsDiff size={16} />} onClick={() => navigate(changesPath(row))}>
          {t('cargas.seeChanges')}
        </Menu.Item>
      ) : null}
      <Menu.Item
        leftSection={<IconExternalLink size={16} />}
        onClick={() => navigate(`/ejecuciones/${row.executionId}`)}
      >
        {t('cargas.seeExecution')}
      </Menu.Item>
      {canRetry(row) ? (
        <Menu.Item leftSection={<IconReload size={16} />} onClick={() => retry([row.id])}>
          {t('action.retry')}
        </Menu.Item>
      ) : null}
      {canCancel(row) ? (
        <Menu.Item color="red" leftSection={<IconBan size={16} />} onClick={() => cancel(row)}>
          {t('cargas.cancel')}
        </Menu.Item>
      ) : null}
    </RowMenu>
  )
}

function useWhat(scope: CargaScope): GridColumn<Carga>[] {
  const { t, lang, date } = useText()
  const { materializacionId, executionId } = scope
  return useMemo(() => {
    const columns: GridColumn<Carga>[] = [
      {
        id: 'estado',
        header: t('column.estado'),
        width: 128,
        floor: 122,
        sortable: true,
        text: (row) => t(cargaKey(situacionDeCarga(row))),
        render: (row) => <CargaBadge carga={row} />,
      },
      {
        id: 'archivo',
        header: t('column.archivo'),
        width: 150,
        floor: 110,
        grow: true,
        sortable: true,
        text: (row) => row.archivo,
      },
      {
        id: 'materializacion',
        header: t('column.materializacion'),
        width: 170,
        floor: 120,
        grow: executionId !== undefined,
        text: (row) => row.materializacionNombre,
      },
      {
        id: 'destino',
        header: t('column.destino'),
        width: 130,
        floor: 96,
        hidden: executionId === undefined,
        text: (row) => row.destinoNombre,
      },
      {
        id: 'creadaEn',
        header: t('column.pedida'),
        ...dateColumn(lang),
        sortable: true,
        text: (row) => date(row.creadaEn),
      },
    ]
    return columns.filter(
      ({ id }) =>
        !(id === 'materializacion' && materializacionId !== undefined) &&
        !(id === 'destino' && materializacionId !== undefined) &&
        !(id === 'archivo' && executionId !== undefined),
    )
  }, [t, lang, date, materializacionId, executionId])
}

/** Why it failed or waits, and what only those who look for it show. */
function useWhy(): GridColumn<Carga>[] {
  const { t, lang, date, number } = useText()
  return useMemo(
    () => [
      {
        id: 'error',
        header: t('column.motivo'),
        width: 180,
        floor: 80,
        grow: true,
        text: (row) =>
          row.error?.message ?? (row.retenidaPor ? t('carga.retenidaPor', { file: row.retenidaPor }) : ''),
        mark: (row) =>
          row.error && row.estado !== 'completado'
            ? {
                severity: 'error',
                message: [row.error.message, row.error.hint].filter(Boolean).join(' '),
              }
            : null,
      },
      {
        id: 'terminadaEn',
        header: t('column.terminada'),
        ...dateColumn(lang),
        hidden: true,
        text: (row) => (row.terminadaEn ? date(row.terminadaEn) : ''),
      },
      {
        id: 'intentos',
        header: t('column.intentos'),
        width: 78,
        align: 'right',
        hidden: true,
        text: (row) => number(row.intentos),
      },
    ],
    [t, lang, date, number],
  )
}

/** `wide`: other columns need the room of size and time, which the person can still show. */
function useHowMuch(wide: boolean): GridColumn<Carga>[] {
  const { t, number, bytes, duration } = useText()
  return useMemo(() => {
    const count = (
      id: keyof Carga['totales'],
      extra: Partial<GridColumn<Carga>> = {},
    ): GridColumn<Carga> => ({
      id,
      header: t(`column.${id}`),
      width: 98,
      align: 'right',
      text: (row) => (row.estado === 'completado' ? number(row.totales[id]) : ''),
      ...extra,
    })
    return [
      count('leidas', { hidden: true }),
      count('insertadas', { sortable: true }),
      count('actualizadas', { width: 106 }),
      count('eliminadas', { width: 94 }),
      {
        id: 'bytes',
        header: t('column.tamano'),
        width: 80,
        align: 'right',
        sortable: true,
        hidden: wide,
        text: (row) => (row.estado === 'completado' ? bytes(row.bytes) : ''),
      },
      {
        id: 'duracion',
        header: t('column.duracion'),
        width: 108,
        align: 'right',
        hidden: wide,
        text: (row) => {
          const ms = ranFor(row)
          return ms === null ? '' : duration(ms)
        },
      },
    ]
  }, [t, number, bytes, duration, wide])
}

interface CargasGridProps {
  id: string
  scope: CargaScope
  filters: CargaFilters
  onFilters: (filters: CargaFilters) => void
  /** What to say where nothing was loaded yet. */
  empty: string
}

/** Loads as the engine sorts and filters them, each with what came of it; one of them can be open beside. */
export function CargasGrid({ id, scope, filters, onFilters, empty }: CargasGridProps) {
  const { t } = useText()
  const query = toCargaQuery(scope, filters)
  const source = usePagedSource<'cargas.list', Carga>('cargas.list', query, pick)
  const show = useCallback(
    ({ materializacionId, executionId }: Carga) =>
      onFilters({ ...filters, carga: { materializacionId, executionId } }),
    [onFilters, filters],
  )
  const what = useWhat(scope)
  const howMuch = useHowMuch(scope.materializacionId === undefined)
  const why = useWhy()
  const columns = useMemo(
    () => [
      ...what,
      ...howMuch,
      ...why,
      {
        ...actionsColumn(t('column.acciones')),
        floor: 84,
        render: (row) => <RowActions row={row} show={show} />,
      },
    ],
    [what, howMuch, why, show, t],
  )
  const filtered = filters.q !== undefined || filters.estado !== undefined
  const clear = () => onFilters({ ...filters, q: undefined, estado: undefined })
  return (
    <>
      <DataGrid
        id={id}
        label={t('cargas.title')}
        columns={columns}
        source={source}
        sort={{ column: filters.orden, direction: filters.dir }}
        onSort={({ column, direction }) => {
          const orden = CARGA_SORTS.find((value) => value === column)
          if (orden) onFilters({ ...filters, orden, dir: direction })
        }}
        onOpen={show}
        resetKey={JSON.stringify(query)}
        counter={(n) => t('cargas.count', { n })}
        bulk={(chosen) => <RetryChosen chosen={chosen} />}
        tools={<RetryFailed scope={scope} />}
        empty={{
          text: filtered ? t('cargas.none') : empty,
          action: filtered ? (
            <Button variant="default" onClick={clear}>
              {t('filter.clear')}
            </Button>
          ) : undefined,
        }}
        toolbar={
          <CargasToolbar filters={filters} onFilters={onFilters} {...(filtered ? { onClear: clear } : {})} />
        }
      />
      <CargaDrawer shown={filters.carga} onClose={() => onFilters({ ...filters, carga: undefined })} />
    </>
  )
}
