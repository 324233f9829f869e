import { Badge, Tabs, Text } from '@mantine/core'
import { useSearch } from 'wouter'
import { useOp } from '../../api/hooks'
import { useStore } from '../../api/store'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { formatFilters, parseFilters } from '../../blocks/execution-filters'
import { ExecutionsGrid } from '../../blocks/executions-grid'
import { useReceptions } from '../../blocks/use-reception'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { Page } from '../../ui/page'
import { CasillaSettings } from './casilla-settings'
import { useDraft } from './draft'
import { EmisoresTab } from './emisores-tab'
import { frecuenciasKept, isFrecuenciaDirty } from './frecuencia-kept'
import { FrecuenciaTab } from './frecuencia-tab'
import { MaterializacionesTab } from './materializaciones-tab'
import { RecepcionTab } from './recepcion-tab'
import { ResumenTab } from './resumen-tab'
import { isDirty, settingsDrafts } from './settings-draft'
import { YamlTab } from './yaml-tab'

const TABS = [
  'resumen',
  'recepcion',
  'yaml',
  'emisores',
  'frecuencia',
  'ejecuciones',
  'materializaciones',
  'configuracion',
] as const
type Tab = (typeof TABS)[number]

/** One casilla: how it is doing, the files it received, its YAML, its executions, its settings. */
export default function CasillaScreen({ id, tab }: { id: number; tab?: string | undefined }) {
  const { t } = useText()
  const casilla = useOp('casillas.get', { id })
  const recepcion = useReceptions().get(id)
  const draft = useDraft(id)
  const settings = useStore(settingsDrafts).get(id)
  const frecuencia = useStore(frecuenciasKept).get(id)
  const search = useSearch()
  const current: Tab = TABS.find((known) => known === tab) ?? 'resumen'
  if (casilla.error) {
    return (
      <Page title={t('nav.casillas')}>
        <ErrorBlock error={casilla.error.data} onRetry={() => void casilla.refetch()} />
      </Page>
    )
  }
  if (!casilla.data) {
    return (
      <Page title={t('nav.casillas')}>
        <RowsSkeleton />
      </Page>
    )
  }
  const data = casilla.data
  const unsaved: Partial<Record<Tab, boolean>> = {
    yaml: draft.text !== null,
    frecuencia: isFrecuenciaDirty(data, frecuencia),
    configuracion: isDirty(data, settings),
  }
  return (
    <Page
      title={data.nombre}
      purpose={data.descripcion || t('casilla.purpose')}
      beside={
        data.activa && data.pausadaEn === null ? null : (
          <Badge variant="default" style={{ flexShrink: 0 }}>
            {t(data.activa ? 'recepcion.pausada' : 'casilla.inactive')}
          </Badge>
        )
      }
      fill
    >
      <Tabs
        value={current}
        onChange={(value) => navigate(`/casillas/${id}/${value ?? 'resumen'}`)}
        style={{ flexShrink: 0 }}
        mb="md"
      >
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`casilla.tab.${name}`)}
              {unsaved[name] ? (
                <Text component="span" size="xs" lh={1} c="var(--sage-orange)" ml={6}>
                  {t('yaml.unsavedShort')}
                </Text>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {current === 'resumen' ? <ResumenTab casilla={data} recepcion={recepcion} /> : null}
      {current === 'recepcion' ? <RecepcionTab casilla={data} recepcion={recepcion} /> : null}
      {current === 'ejecuciones' ? (
        <ExecutionsGrid
          id="casilla-ejecuciones"
          withCasilla={false}
          filters={{ ...parseFilters(search), casilla: id }}
          onFilters={(filters) =>
            navigate(`/casillas/${id}/ejecuciones${formatFilters({ ...filters, casilla: undefined })}`, {
              replace: true,
            })
          }
        />
      ) : null}
      {current === 'materializaciones' ? <MaterializacionesTab casilla={data} /> : null}
      {current === 'yaml' ? <YamlTab casilla={data} draft={draft} /> : null}
      {current === 'emisores' ? <EmisoresTab casilla={data} /> : null}
      {current === 'frecuencia' ? <FrecuenciaTab casilla={data} /> : null}
      {current === 'configuracion' ? <CasillaSettings casilla={data} recepcion={recepcion} /> : null}
    </Page>
  )
}
