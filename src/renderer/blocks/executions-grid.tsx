import { Button, Menu } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Ejecucion } from '@shared/model/execution'
import { IconExternalLink, IconRotateClockwise, IconTrash } from '@tabler/icons-react'
import { useCallback, useMemo, useState } from 'react'
import { toCallError } from '../api/client'
import { useCommand } from '../api/hooks'
import { navigate } from '../app/hash-location'
import { useText } from '../app/prefs'
import { actionsColumn, dateColumn, type GridColumn, shaColumn } from '../ui/grid/columns'
import { DataGrid } from '../ui/grid/data-grid'
import { usePagedSource } from '../ui/grid/source'
import { notifyError } from '../ui/notify'
import { RowMenu } from '../ui/row-menu'
import { ExecutionBadge, estadoKey, faseKey } from '../ui/state-badge'
import { type ExecutionFilters, formatFilters, toQuery } from './execution-filters'
import { ExecutionsToolbar } from './executions-toolbar'
import { RerunManyButton } from './rerun-many'
import { metodoKey, SORT_VALUES } from './values'

const pick = (output: { items: Ejecucion[]; total: number }) => output

function RowActions({ row }: { row: Ejecucion }) {
  const { t } = useText()
  const rerun = useCommand('executions.rerun', ['executions.list'])
  const remove = useCommand('executions.remove', ['executions.list', 'casillas.list'])
  const running = row.fase === 'en_curso' || row.fase === 'en_espera'
  const confirm = () =>
    modals.openConfirmModal({
      title: t('execution.remove.title'),
      children: t('execution.remove.text', { file: row.archivo }),
      labels: { confirm: t('action.remove'), cancel: t('action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () =>
        remove.mutate({ executionId: row.id }, { onError: (error) => notifyError(error.data) }),
    })
  const again = async () => {
    try {
      const { executionId } = await rerun.mutateAsync({ executionId: row.id })
      navigate(`/ejecuciones/${executionId}`)
    } catch (error) {
      notifyError(toCallError(error).data)
    }
  }
  return (
    <RowMenu label={t('grid.actionsOf', { name: row.archivo })}>
      <Menu.Item
        leftSection={<IconExternalLink size={16} />}
        onClick={() => navigate(`/ejecuciones/${row.id}`)}
      >
        {t('action.open')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconRotateClockwise size={16} />}
        disabled={running}
        onClick={() => void again()}
      >
        {t('action.rerun')}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={16} />} disabled={running} onClick={confirm}>
        {t('action.remove')}
      </Menu.Item>
    </RowMenu>
  )
}

/** How long it ran, in milliseconds; null while it has not ended. */
const ranFor = (row: Ejecucion): number | null =>
  row.iniciadaEn && row.terminadaEn ? Date.parse(row.terminadaEn) - Date.parse(row.iniciadaEn) : null

function useColumns(withCasilla: boolean): GridColumn<Ejecucion>[] {
  const { t, lang, date, number, bytes, duration } = useText()
  return useMemo(() => {
    const columns: GridColumn<Ejecucion>[] = [
      {
        id: 'estado',
        header: t('column.estado'),
        width: 134,
        sortable: true,
        text: (row) => t(row.fase === 'terminada' && row.estado ? estadoKey(row.estado) : faseKey(row.fase)),
        render: (row) => <ExecutionBadge fase={row.fase} estado={row.estado} />,
      },
      {
        id: 'archivo',
        header: t('column.archivo'),
        width: 160,
        grow: true,
        sortable: true,
        text: (row) => row.archivo,
      },
      {
        id: 'casilla',
        header: t('column.casilla'),
        width: 138,
        sortable: true,
        text: (row) => row.casillaNombre ?? '',
      },
      {
        id: 'creadaEn',
        header: t('column.creadaEn'),
        ...dateColumn(lang),
        sortable: true,
        text: (row) => date(row.creadaEn),
      },
      {
        id: 'registros',
        header: t('column.registros'),
        width: 96,
        align: 'right',
        sortable: true,
        text: (row) => number(row.registros),
      },
      {
        id: 'errores',
        header: t('column.errores'),
        width: 80,
        align: 'right',
        sortable: true,
        text: (row) => number(row.errores),
      },
      {
        id: 'warnings',
        header: t('column.avisos'),
        width: 86,
        align: 'right',
        sortable: true,
        text: (row) => number(row.warnings),
      },
      {
        id: 'duracion',
        header: t('column.duracion'),
        width: 112,
        align: 'right',
        text: (row) => {
          const ms = ranFor(row)
          return ms === null ? '' : duration(ms)
        },
      },
      {
        id: 'bytes',
        header: t('column.tamano'),
        width: 96,
        align: 'right',
        hidden: true,
        text: (row) => bytes(row.bytes),
      },
      {
        id: 'yaml',
        header: t('column.yaml'),
        width: 180,
        hidden: true,
        text: (row) => `${row.nombreYaml}${row.yamlVersion ? ` · v${row.yamlVersion}` : ''}`,
      },
      {
        id: 'metodo',
        header: t('column.metodo'),
        width: 130,
        hidden: true,
        text: (row) => {
          const key = metodoKey(row.metodoEnvio)
          return key ? t(key) : row.metodoEnvio
        },
      },
      {
        id: 'emisor',
        header: t('column.emisor'),
        width: 140,
        hidden: true,
        text: (row) => row.emisorNombre ?? '',
      },
      shaColumn,
      {
        ...actionsColumn(t('column.acciones')),
        render: (row) => <RowActions row={row} />,
      },
    ]
    return withCasilla ? columns : columns.filter((column) => column.id !== 'casilla')
  }, [t, lang, date, number, bytes, duration, withCasilla])
}

interface ExecutionsGridProps {
  id: string
  filters: ExecutionFilters
  onFilters: (filters: ExecutionFilters) => void
  /** Inside a casilla its own filter is fixed. */
  withCasilla?: boolean
}

/** Executions as the engine sorts and filters them; what is chosen is told, and stands in the URL. */
export function ExecutionsGrid({ id, filters, onFilters, withCasilla = true }: ExecutionsGridProps) {
  const { t } = useText()
  const columns = useColumns(withCasilla)
  const query = toQuery(filters)
  // While rows are chosen, what arrives does not push them from their places.
  const [still, setStill] = useState<string | null>(null)
  const source = usePagedSource<'executions.list', Ejecucion>(
    'executions.list',
    still === null || (query.to !== undefined && query.to < still) ? query : { ...query, to: still },
    pick,
  )
  const { at } = source
  const onChosen = useCallback(
    (count: number) => setStill((before) => (count === 0 ? null : (before ?? new Date(at).toISOString()))),
    [at],
  )
  const filtered =
    formatFilters({ ...filters, ...(withCasilla ? {} : { casilla: undefined }), orden: undefined }) !== ''
  const clear = () =>
    onFilters({ orden: filters.orden, dir: filters.dir, casilla: withCasilla ? undefined : filters.casilla })

  return (
    <DataGrid
      id={id}
      label={t('executions.title')}
      columns={columns}
      source={source}
      sort={{ column: filters.orden, direction: filters.dir }}
      onSort={({ column, direction }) => {
        const orden = SORT_VALUES.find((value) => value === column)
        if (orden) onFilters({ ...filters, orden, dir: direction })
      }}
      onOpen={(row) => navigate(`/ejecuciones/${row.id}`)}
      resetKey={JSON.stringify(query)}
      counter={(n) => t('executions.count', { n })}
      bulk={(chosen) => <RerunManyButton chosen={chosen} />}
      onChosen={onChosen}
      empty={{
        text: filtered ? t('executions.none') : t('executions.empty'),
        action: filtered ? (
          <Button variant="default" onClick={clear}>
            {t('filter.clear')}
          </Button>
        ) : undefined,
      }}
      toolbar={
        <ExecutionsToolbar
          filters={filters}
          onFilters={onFilters}
          withCasilla={withCasilla}
          {...(filtered ? { onClear: clear } : {})}
        />
      }
    />
  )
}
