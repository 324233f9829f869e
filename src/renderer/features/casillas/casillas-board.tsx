import { Card, Group, Stack, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import { errorRate } from '../../blocks/error-rate'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import type { GridSource } from '../../ui/grid/source'
import { RowsSkeleton } from '../../ui/later'
import { PunctualityBadge, ReceptionBadge } from '../../ui/reception-badge'
import { LastResult, Rate } from './casilla-columns'
import type { CasillaRow } from './casilla-list'
import { CasillaMenu } from './casilla-menu'

const CARD = 300
const HEIGHT = 190
const GAP = 12

interface BoardProps {
  source: GridSource<CasillaRow>
  empty: { text: string; action?: React.ReactNode }
}

/** The casillas as cards, as many in a row as fit; only those in view are drawn. */
export function CasillasBoard({ source, empty }: BoardProps) {
  const { t } = useText()
  const scroll = useRef<HTMLDivElement>(null)
  const { ref, width } = useElementSize()
  const lanes = Math.max(1, Math.floor((width + GAP) / (CARD + GAP)))
  const rows = Math.ceil(source.total / lanes)
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroll.current,
    estimateSize: () => HEIGHT + GAP,
    overscan: 3,
  })
  if (source.error) return <ErrorBlock error={source.error.data} onRetry={source.retry} />
  if (source.loading) return <RowsSkeleton rows={8} />
  if (source.total === 0) return <Empty {...empty} />
  const cardWidth = (width - GAP * (lanes - 1)) / lanes
  return (
    <>
      <div ref={scroll} style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
        <ul
          ref={ref}
          aria-label={t('nav.casillas')}
          style={{ height: virtual.getTotalSize(), position: 'relative', margin: 0, padding: 0 }}
        >
          {virtual.getVirtualItems().map((item) =>
            Array.from({ length: lanes }, (_, lane) => source.rowAt(item.index * lanes + lane)).map(
              (row, lane) =>
                row ? (
                  <li
                    key={row.casilla.id}
                    style={{
                      listStyle: 'none',
                      position: 'absolute',
                      top: item.start,
                      left: lane * (cardWidth + GAP),
                      width: cardWidth,
                      height: HEIGHT,
                    }}
                  >
                    <CasillaCard row={row} width={cardWidth} />
                  </li>
                ) : null,
            ),
          )}
        </ul>
      </div>
      <Text size="xs" c="dimmed" pt={6} className="sage-numbers" data-testid="grid-counter">
        {t('casillas.count', { n: source.total })}
      </Text>
    </>
  )
}

function CasillaCard({ row: { casilla, recepcion }, width }: { row: CasillaRow; width: number }) {
  const { t, date, number, percent } = useText()
  const last = casilla.recientes.at(-1)
  const { estado, proximaEsperada } = casilla.puntualidad
  const files = recepcion ? recepcion.enCola + recepcion.enCurso : 0
  return (
    <Card padding="sm" h="100%">
      <Stack gap={8} h="100%">
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Link
            href={`/casillas/${casilla.id}`}
            className="sage-link sage-cut"
            title={casilla.nombre}
            style={{ fontWeight: 600 }}
          >
            {casilla.nombre}
          </Link>
          <CasillaMenu casilla={casilla} />
        </Group>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          {recepcion ? <ReceptionBadge estado={recepcion.estado} /> : <span />}
          <Text size="xs" c="dimmed" className="sage-numbers sage-cut">
            {[
              files > 0 ? `${number(files)} ${t('casillas.queued')}` : '',
              recepcion && recepcion.cuarentena > 0
                ? `${number(recepcion.cuarentena)} ${t('casillas.quarantined')}`
                : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </Group>
        <Line label={t('resumen.last')}>
          <LastResult casilla={casilla} />
          <Text size="xs" c="dimmed" className="sage-numbers" style={{ flexShrink: 0 }}>
            {casilla.ultimaEjecucion?.terminadaEn ? date(casilla.ultimaEjecucion.terminadaEn) : ''}
          </Text>
        </Line>
        <Line label={t('column.proximo')}>
          <PunctualityBadge estado={estado} />
          <Text size="xs" c="dimmed" className="sage-numbers" style={{ flexShrink: 0 }}>
            {proximaEsperada ? date(proximaEsperada) : ''}
          </Text>
        </Line>
        <div style={{ marginTop: 'auto' }}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="xs" c="dimmed">
              {t('column.tasa')}
            </Text>
            <Text size="xs" c="dimmed" className="sage-numbers">
              {last ? percent(errorRate(last)) : ''}
            </Text>
          </Group>
          <Rate casilla={casilla} width={width - 26} />
        </div>
      </Stack>
    </Card>
  )
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" aria-label={label} role="group">
      {children}
    </Group>
  )
}
