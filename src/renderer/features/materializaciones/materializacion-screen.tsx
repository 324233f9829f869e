import { Anchor, Button, Tabs, Text } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import { IconUpload } from '@tabler/icons-react'
import { Link, useSearch } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { openBackfill } from '../../blocks/materializacion/backfill'
import { formatCargaFilters, parseCargaFilters } from '../../blocks/materializacion/carga-filters'
import { CargasGrid } from '../../blocks/materializacion/cargas-grid'
import { MaterializacionBadge, situacionDe } from '../../ui/carga-badge'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { Page } from '../../ui/page'
import { ConfiguracionTab } from './configuracion-tab'
import { DiferenciaTab } from './diferencia-tab'
import { MapeoTab } from './mapeo-tab'
import { ResumenTab } from './resumen-tab'

const TABS = ['resumen', 'historial', 'diferencia', 'mapeo', 'configuracion'] as const
type Tab = (typeof TABS)[number]

/** One materialization: how it is doing, its loads, what the last one changed, its mapping, its settings. */
export default function MaterializacionScreen({ id, tab }: { id: number; tab?: string | undefined }) {
  const { t } = useText()
  const found = useOp('materializaciones.get', { id })
  if (found.error) {
    return (
      <Page title={t('nav.materializaciones')}>
        <ErrorBlock error={found.error.data} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  if (!found.data) {
    return (
      <Page title={t('nav.materializaciones')}>
        <RowsSkeleton />
      </Page>
    )
  }
  return <Detail row={found.data} tab={TABS.find((known) => known === tab) ?? 'resumen'} />
}

function Detail({ row, tab }: { row: Materializacion; tab: Tab }) {
  const { t } = useText()
  const search = useSearch()
  const base = `/materializaciones/${row.id}`
  return (
    <Page
      title={row.nombre}
      purpose={
        <>
          <Anchor component={Link} href={`/casillas/${row.casillaId}/materializaciones`} size="sm">
            {row.casillaNombre}
          </Anchor>
          {` → ${row.destinoNombre}`}
        </>
      }
      beside={
        <span style={{ flexShrink: 0 }}>
          <MaterializacionBadge situacion={situacionDe(row)} />
        </span>
      }
      action={
        <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => openBackfill(t, row)}>
          {t('backfill.action')}
        </Button>
      }
      fill
    >
      <TabBar row={row} tab={tab} />
      {tab === 'resumen' ? <ResumenTab row={row} /> : null}
      {tab === 'historial' ? (
        <CargasGrid
          id="materializacion-cargas"
          scope={{ materializacionId: row.id }}
          filters={parseCargaFilters(search)}
          onFilters={(next) => navigate(`${base}/historial${formatCargaFilters(next)}`, { replace: true })}
          empty={t(`mat.noLoads.${row.config.cuando.tipo}`)}
        />
      ) : null}
      {tab === 'diferencia' ? (
        <DiferenciaTab row={row} cargaId={new URLSearchParams(search).get('carga')} />
      ) : null}
      {tab === 'mapeo' ? <MapeoTab row={row} /> : null}
      {tab === 'configuracion' ? <ConfiguracionTab row={row} /> : null}
    </Page>
  )
}

function TabBar({ row, tab }: { row: Materializacion; tab: Tab }) {
  const { t, number } = useText()
  return (
    <Tabs
      value={tab}
      onChange={(value) => navigate(`/materializaciones/${row.id}/${value ?? 'resumen'}`)}
      style={{ flexShrink: 0 }}
      mb="md"
    >
      <Tabs.List>
        {TABS.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {t(`mat.tab.${name}`)}
            {name === 'historial' && row.fallidas > 0 ? (
              <Text component="span" size="xs" lh={1} c="var(--sage-red)" ml={6} className="sage-numbers">
                {number(row.fallidas)}
                <span className="sage-sr-only"> {t('column.fallidas')}</span>
              </Text>
            ) : null}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  )
}
