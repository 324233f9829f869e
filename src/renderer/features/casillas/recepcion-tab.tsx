import { Anchor, Button, Group, Menu, Select, Text, Tooltip } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import type { ArchivoRecibido, CasillaRecepcion } from '@shared/model/recepcion'
import { IconBolt, IconExternalLink, IconInfoCircle, IconReload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useSearch } from 'wouter'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { useReceptionActions } from '../../blocks/use-reception'
import { SITUACIONES } from '../../blocks/values'
import { ClearFilters } from '../../ui/clear-filters'
import { actionsColumn, dateColumn, type GridColumn, shaColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { usePagedSource } from '../../ui/grid/source'
import { ReceptionBadge, SituacionBadge, situacionKey, situacionOf } from '../../ui/reception-badge'
import { RowMenu } from '../../ui/row-menu'
import { SearchBox } from '../../ui/search-box'
import { ArchivoDrawer } from './archivo-drawer'
import {
  ARCHIVO_SORTS,
  type ArchivoFilters,
  formatArchivoFilters,
  parseArchivoFilters,
  toArchivoQuery,
} from './archivo-filters'
import { PauseButton } from './pause-button'
import { receives, usePlace } from './place'
import { useReason } from './use-reason'

const pick = (output: { items: ArchivoRecibido[]; total: number }) => output

interface RecepcionTabProps {
  casilla: Casilla
  recepcion: CasillaRecepcion | undefined
}

/** Every file that came to the folder of a casilla, as it goes its way. */
export function RecepcionTab({ casilla, recepcion }: RecepcionTabProps) {
  const { t } = useText()
  const filters = parseArchivoFilters(useSearch())
  const base = `/casillas/${casilla.id}/recepcion`
  const go = (next: ArchivoFilters, replace = true) =>
    navigate(`${base}${formatArchivoFilters(next)}`, { replace })
  const show = (archivo: number | undefined) => go({ ...filters, archivo }, archivo === undefined)
  const query = toArchivoQuery(casilla.id, filters)
  const source = usePagedSource<'recepcion.archivos', ArchivoRecibido>('recepcion.archivos', query, pick)
  const columns = useColumns(casilla, show)
  const filtered = filters.q !== undefined || filters.situacion !== undefined
  const clear = () => go({ ...filters, q: undefined, situacion: undefined })
  return (
    <>
      <Head casilla={casilla} recepcion={recepcion} />
      <DataGrid
        id="casilla-archivos"
        label={t('archivos.title')}
        columns={columns}
        source={source}
        sort={{ column: filters.orden, direction: filters.dir }}
        onSort={({ column, direction }) => {
          const orden = ARCHIVO_SORTS.find((value) => value === column)
          if (orden) go({ ...filters, orden, dir: direction })
        }}
        onOpen={(row) => show(row.id)}
        resetKey={JSON.stringify(query)}
        counter={(n) => t('archivos.count', { n })}
        empty={empty(t, { filtered, casilla, clear })}
        toolbar={<Filters filters={filters} onFilters={go} {...(filtered ? { onClear: clear } : {})} />}
      />
      <ArchivoDrawer
        casilla={casilla}
        id={filters.archivo}
        onClose={() => show(undefined)}
        onShow={(archivo) => go({ ...filters, archivo })}
      />
    </>
  )
}

function empty(
  t: ReturnType<typeof useText>['t'],
  { filtered, casilla, clear }: { filtered: boolean; casilla: Casilla; clear: () => void },
) {
  if (filtered) {
    const action = (
      <Button variant="default" onClick={clear}>
        {t('filter.clear')}
      </Button>
    )
    return { text: t('archivos.none'), action }
  }
  if (receives(casilla)) return { text: t('archivos.empty') }
  const action = (
    <Button component={Link} href={`/casillas/${casilla.id}/configuracion`}>
      {t('casilla.chooseFolder')}
    </Button>
  )
  return { text: t('archivos.emptyNoFolder'), action }
}

/** How the casilla stands, and what can be asked of it. */
function Head({ casilla, recepcion }: RecepcionTabProps) {
  const { t, number } = useText()
  const place = usePlace(casilla)
  const { paused, hurrying, processNow } = useReceptionActions(casilla)
  return (
    <Group justify="space-between" wrap="nowrap" mb="sm" gap="md">
      <Group gap="md" wrap="nowrap" miw={0}>
        {recepcion ? (
          <span data-testid="recepcion-estado" style={{ flexShrink: 0 }}>
            <ReceptionBadge estado={recepcion.estado} />
          </span>
        ) : null}
        {recepcion?.motivo ? (
          <Text size="sm" c="var(--sage-red)" className="sage-cut" title={recepcion.motivo}>
            {recepcion.motivo}
          </Text>
        ) : null}
        {place ? (
          <Text size="xs" ff="monospace" c="dimmed" className="sage-cut" title={place}>
            {place}
          </Text>
        ) : null}
      </Group>
      <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
        {recepcion ? (
          <Text size="sm" c="dimmed" className="sage-numbers" data-testid="recepcion-cuentas">
            {t('recepcion.counts', {
              waiting: number(recepcion.enCola),
              running: number(recepcion.enCurso),
              quarantine: number(recepcion.cuarentena),
            })}
          </Text>
        ) : null}
        {receives(casilla) && casilla.activa ? (
          <>
            <PauseButton casilla={casilla} />
            <Tooltip label={t('casilla.processNowHelp')}>
              <Button
                variant="default"
                leftSection={<IconBolt size={16} />}
                loading={hurrying}
                disabled={paused}
                onClick={() => processNow()}
              >
                {t('casilla.processNow')}
              </Button>
            </Tooltip>
          </>
        ) : null}
      </Group>
    </Group>
  )
}

interface FiltersProps {
  filters: ArchivoFilters
  onFilters: (filters: ArchivoFilters) => void
  onClear?: () => void
}

function Filters({ filters, onFilters, onClear }: FiltersProps) {
  const { t } = useText()
  return (
    <>
      <SearchBox
        label={t('archivos.search')}
        width={220}
        value={filters.q}
        onChange={(q) => onFilters({ ...filters, q })}
      />
      <Select
        w={160}
        size="xs"
        clearable
        aria-label={t('column.situacion')}
        placeholder={t('archivos.any')}
        data={SITUACIONES.map((value) => ({
          value,
          label: t(value === 'abiertos' ? 'archivos.abiertos' : situacionKey(value)),
        }))}
        value={filters.situacion ?? null}
        onChange={(value) =>
          onFilters({ ...filters, situacion: SITUACIONES.find((known) => known === value) })
        }
      />
      {onClear ? <ClearFilters onClear={onClear} /> : null}
    </>
  )
}

function useColumns(casilla: Casilla, show: (id: number) => void): GridColumn<ArchivoRecibido>[] {
  const { t, lang, date, bytes, number } = useText()
  const reason = useReason()
  return useMemo<GridColumn<ArchivoRecibido>[]>(
    () => [
      {
        id: 'estado',
        header: t('column.situacion'),
        width: 140,
        sortable: true,
        text: (row) => t(situacionKey(situacionOf(row))),
        render: (row) => <SituacionBadge situacion={situacionOf(row)} />,
      },
      {
        id: 'nombre',
        header: t('column.archivo'),
        width: 180,
        grow: true,
        sortable: true,
        text: (row) => row.nombre,
      },
      {
        id: 'emisor',
        header: t('column.emisor'),
        width: 130,
        hidden: casilla.emisores === 0,
        text: (row) => row.emisorNombre ?? '',
      },
      {
        id: 'motivo',
        header: t('column.motivo'),
        width: 200,
        grow: true,
        text: reason,
      },
      {
        id: 'bytes',
        header: t('column.tamano'),
        width: 90,
        align: 'right',
        sortable: true,
        text: (row) => bytes(row.bytes),
      },
      {
        id: 'detectadoEn',
        header: t('column.detectado'),
        ...dateColumn(lang),
        sortable: true,
        text: (row) => date(row.detectadoEn),
      },
      {
        id: 'terminadoEn',
        header: t('column.terminado'),
        ...dateColumn(lang),
        text: (row) => (row.terminadoEn ? date(row.terminadoEn) : ''),
      },
      {
        id: 'intentos',
        header: t('column.intentos'),
        width: 78,
        align: 'right',
        hidden: true,
        text: (row) => number(row.intentos),
      },
      shaColumn,
      {
        ...actionsColumn(t('column.acciones')),
        render: (row) => <RowActions casilla={casilla} row={row} show={show} />,
      },
    ],
    [t, lang, date, bytes, number, reason, casilla, show],
  )
}

interface RowActionsProps {
  casilla: Casilla
  row: ArchivoRecibido
  show: (id: number) => void
}

function RowActions({ casilla, row, show }: RowActionsProps) {
  const { t } = useText()
  const { retry, processNow } = useReceptionActions(casilla)
  const waits = row.desenlace === null && (row.estado === 'detectado' || row.proximoIntento !== null)
  return (
    <Group gap={4} wrap="nowrap">
      {row.executionId && row.desenlace !== 'duplicado' ? (
        <Tooltip label={t('archivo.seeExecution')}>
          <Anchor
            component={Link}
            href={`/ejecuciones/${row.executionId}`}
            aria-label={t('archivo.seeExecution')}
            lh={1}
            tabIndex={-1}
          >
            <IconExternalLink size={16} />
          </Anchor>
        </Tooltip>
      ) : null}
      <RowMenu label={t('grid.actionsOf', { name: row.nombre })}>
        <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={() => show(row.id)}>
          {t('archivo.path')}
        </Menu.Item>
        {row.estado === 'cuarentena' ? (
          <Menu.Item leftSection={<IconReload size={16} />} onClick={() => retry([row.id])}>
            {t('action.retry')}
          </Menu.Item>
        ) : null}
        {waits ? (
          <Menu.Item leftSection={<IconBolt size={16} />} onClick={() => processNow(row.id)}>
            {t('archivo.ahora')}
          </Menu.Item>
        ) : null}
      </RowMenu>
    </Group>
  )
}
