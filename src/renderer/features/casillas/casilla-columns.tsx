import { Group, Text } from '@mantine/core'
import { lazy, Suspense, useMemo } from 'react'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import { errorRate } from '../../blocks/error-rate'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import { PunctualityBadge, ReceptionBadge, receptionKey } from '../../ui/reception-badge'
import { ExecutionBadge } from '../../ui/state-badge'
import type { CasillaRow } from './casilla-list'
import { CasillaMenu } from './casilla-menu'
import { estadoValue, faseValue } from './last-execution'

const RateSparkline = lazy(() => import('../../blocks/rate-sparkline'))

/** How the last execution of a casilla ended. */
export function LastResult({ casilla }: Pick<CasillaRow, 'casilla'>) {
  const { t } = useText()
  const fase = faseValue(casilla.ultimaEjecucion?.fase)
  if (fase) return <ExecutionBadge fase={fase} estado={estadoValue(casilla.ultimaEjecucion?.estado)} />
  return (
    <Text size="sm" c="dimmed" className="sage-cut" component="span">
      {t('casilla.never')}
    </Text>
  )
}

/** The error rate of the last executions, drawn once the charts are here. */
export const Rate = ({ casilla, width }: Pick<CasillaRow, 'casilla'> & { width: number }) => (
  <Suspense fallback={null}>
    <RateSparkline recientes={casilla.recientes} width={width} />
  </Suspense>
)

/** When the next submission is due; late is said before any date. */
export function NextDue({ casilla }: Pick<CasillaRow, 'casilla'>) {
  const { date } = useText()
  const { estado, proximaEsperada } = casilla.puntualidad
  if (estado === 'atrasado' || proximaEsperada === null)
    return estado === 'sin_frecuencia' ? null : <PunctualityBadge estado={estado} />
  return (
    <Group gap={6} wrap="nowrap" miw={0} component="span" title={casilla.zonaHoraria}>
      <span className="sage-numbers sage-cut">{date(proximaEsperada)}</span>
    </Group>
  )
}

function useMainColumns(): GridColumn<CasillaRow>[] {
  const { t, lang, date, number, percent } = useText()
  return useMemo(
    () => [
      {
        id: 'nombre',
        header: t('column.nombre'),
        width: 200,
        grow: true,
        sortable: true,
        text: ({ casilla }) => casilla.nombre,
        render: ({ casilla }) => (
          <Link href={`/casillas/${casilla.id}`} className="sage-link sage-cut" tabIndex={-1}>
            {casilla.nombre}
          </Link>
        ),
      },
      {
        id: 'recepcion',
        header: t('column.ahora'),
        width: 128,
        floor: 124,
        sortable: true,
        text: ({ recepcion }) => (recepcion ? t(receptionKey(recepcion.estado)) : ''),
        render: ({ recepcion }) => (recepcion ? <ReceptionBadge estado={recepcion.estado} /> : null),
      },
      {
        id: 'ultima',
        header: t('column.ultima'),
        width: 138,
        text: ({ casilla }) => casilla.ultimaEjecucion?.estado ?? casilla.ultimaEjecucion?.fase ?? '',
        render: ({ casilla }) => <LastResult casilla={casilla} />,
      },
      {
        id: 'terminada',
        header: t('column.terminada'),
        ...dateColumn(lang),
        sortable: true,
        text: ({ casilla }) =>
          casilla.ultimaEjecucion?.terminadaEn ? date(casilla.ultimaEjecucion.terminadaEn) : '',
      },
      {
        id: 'proximo',
        header: t('column.proximo'),
        ...dateColumn(lang),
        sortable: true,
        text: ({ casilla: { puntualidad } }) =>
          puntualidad.estado === 'atrasado'
            ? t('punctuality.atrasado')
            : puntualidad.proximaEsperada
              ? date(puntualidad.proximaEsperada)
              : '',
        render: ({ casilla }) => <NextDue casilla={casilla} />,
      },
      {
        id: 'tasa',
        header: t('column.tasa'),
        width: 140,
        sortable: true,
        text: ({ casilla }) => {
          const last = casilla.recientes.at(-1)
          return last ? percent(errorRate(last)) : ''
        },
        render: ({ casilla }) => <Rate casilla={casilla} width={104} />,
      },
      {
        id: 'enCola',
        header: t('column.enCola'),
        width: 78,
        align: 'right',
        sortable: true,
        text: ({ recepcion }) => number(recepcion ? recepcion.enCola + recepcion.enCurso : 0),
      },
    ],
    [t, lang, date, number, percent],
  )
}

function useMoreColumns(): GridColumn<CasillaRow>[] {
  const { t, date, number } = useText()
  return useMemo(
    () => [
      {
        id: 'descripcion',
        header: t('column.descripcion'),
        width: 240,
        hidden: true,
        text: ({ casilla }) => casilla.descripcion,
      },
      {
        id: 'carpeta',
        header: t('config.folder'),
        width: 220,
        hidden: true,
        mono: true,
        text: ({ casilla }) => casilla.carpeta ?? casilla.origenRemoto?.prefijo ?? '',
      },
      {
        id: 'catalogos',
        header: t('column.catalogos'),
        width: 92,
        align: 'right',
        hidden: true,
        sortable: true,
        text: ({ casilla }) => number(casilla.catalogos.length),
      },
      {
        id: 'yaml',
        header: t('column.yaml'),
        width: 190,
        hidden: true,
        text: ({ casilla }) => `${casilla.nombreYaml} · v${casilla.yamlVersion}`,
      },
      {
        id: 'politica',
        header: t('column.politica'),
        width: 150,
        hidden: true,
        text: ({ casilla }) => t(`politica.${casilla.politica}`),
      },
      {
        id: 'creadaEn',
        header: t('column.creada'),
        width: 140,
        hidden: true,
        sortable: true,
        text: ({ casilla }) => date(casilla.creadaEn),
      },
      {
        ...actionsColumn(t('column.acciones')),
        floor: 84,
        render: ({ casilla }) => <CasillaMenu casilla={casilla} />,
      },
    ],
    [t, date, number],
  )
}

/** The columns of the list of casillas; those of the second half are hidden until the person shows them. */
export function useCasillaColumns(): GridColumn<CasillaRow>[] {
  const main = useMainColumns()
  const more = useMoreColumns()
  return useMemo(() => [...main, ...more], [main, more])
}
