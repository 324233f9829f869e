import { Group, Switch, Text } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import {
  cargaKey,
  MaterializacionBadge,
  situacionDe,
  situacionDeCarga,
  situacionMaterializacionKey,
} from '../../ui/carga-badge'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import { MaterializacionMenu } from './materializacion-menu'
import { useActivate } from './use-cargas'
import { tipoDestinoKey } from './values'

/** «+120 ~30 −2»: rows in, changed and out of the last load. */
function CountsText({ row }: { row: Materializacion }) {
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

/** Which it is, and how it is doing. */
function useWhich(): GridColumn<Materializacion>[] {
  const { t, number } = useText()
  return useMemo(() => {
    /** How many need a person, or are on their way. */
    const waiting = ({ fallidas, pendientes }: Materializacion) =>
      fallidas > 0 ? number(fallidas) : pendientes > 0 ? number(pendientes) : ''
    return [
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
    ]
  }, [t, number])
}

/** Where it takes its records, how, and what is left to do. */
function useWhat(): GridColumn<Materializacion>[] {
  const { t, number } = useText()
  return useMemo(
    () => [
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
        width: 166,
        floor: 110,
        text: (row) =>
          [...new Set(row.config.tablas.map(({ estrategia }) => t(`estrategia.${estrategia.tipo}`)))].join(
            ', ',
          ),
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
    ],
    [t, number],
  )
}

/** What its last load did, and what can be asked of it. */
function useLast(): GridColumn<Materializacion>[] {
  const { t, lang, date, number } = useText()
  return useMemo(
    () => [
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
        id: 'activa',
        header: t('column.encendida'),
        width: 66,
        text: (row) => t(row.activa ? 'mat.on' : 'mat.off'),
        render: (row) => <ActiveSwitch row={row} />,
      },
      {
        ...actionsColumn(t('column.acciones')),
        floor: 84,
        render: (row) => <MaterializacionMenu row={row} />,
      },
    ],
    [t, lang, date, number],
  )
}

/** The columns of a list of materializations; inside a casilla its own name is not repeated. */
export function useMaterializacionColumns(withCasilla: boolean): GridColumn<Materializacion>[] {
  const which = useWhich()
  const what = useWhat()
  const last = useLast()
  return useMemo(
    () => [...which, ...what, ...last].filter(({ id }) => withCasilla || id !== 'casilla'),
    [which, what, last, withCasilla],
  )
}
