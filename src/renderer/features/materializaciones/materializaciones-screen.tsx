import { Button, Select } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import { useMemo } from 'react'
import { Link, useSearch } from 'wouter'
import type { Kept } from '../../api/drafts'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { NamedSelect } from '../../blocks/casilla-select'
import { DraftNotice } from '../../blocks/draft-notice'
import { AreaTabs } from '../../blocks/materializacion/area-tabs'
import { MaterializacionesGrid } from '../../blocks/materializacion/materializaciones-grid'
import {
  formatMatFilters,
  type MatFilters,
  parseMatFilters,
} from '../../blocks/materializacion/materializaciones-list'
import { SITUACION_VALUES, situacionMaterializacionKey } from '../../ui/carga-badge'
import { ClearFilters } from '../../ui/clear-filters'
import { Page } from '../../ui/page'
import { SearchBox } from '../../ui/search-box'
import type { MatDraft } from './asistente/draft'
import { matDrafts } from './asistente/kept-draft'

const go = (filters: MatFilters) =>
  navigate(`/materializaciones${formatMatFilters(filters)}`, { replace: true })

/** Where accepted records are taken to, and how each of those ways is doing. */
export default function MaterializacionesScreen() {
  const { t } = useText()
  const search = useSearch()
  const filters = useMemo(() => parseMatFilters(search), [search])
  const list = useOp('materializaciones.list', {})
  const none = list.data?.items.length === 0
  const create = (
    <Button component={Link} href="/materializaciones/nueva">
      {t('mat.create')}
    </Button>
  )
  return (
    <Page
      title={t('nav.materializaciones')}
      purpose={t('mat.purpose')}
      action={none ? undefined : create}
      fill
    >
      <AreaTabs current="lista" />
      <Begun saved={list.data?.items} />
      <MaterializacionesGrid
        id="materializaciones"
        filters={filters}
        onFilters={go}
        empty={{
          none: { text: t('mat.none') },
          noneAtAll: { text: t('mat.empty'), action: create },
        }}
        toolbar={<Filters filters={filters} />}
      />
    </Page>
  )
}

function Begun({ saved }: { saved: readonly Materializacion[] | undefined }) {
  const { t } = useText()
  const casillas = useOp('casillas.list', {})
  const text = ({ draft, of }: Kept<MatDraft>) => {
    if (of !== null) return t('draft.of', { name: draft.nombre })
    const casilla = casillas.data?.items.find(({ id }) => id === draft.casillaId)
    const name = draft.nombre.trim() || casilla?.nombre
    return name ? t('mat.draftNewOf', { name }) : t('mat.draftNew')
  }
  return <DraftNotice drafts={matDrafts} saved={saved} text={text} />
}

function Filters({ filters }: { filters: MatFilters }) {
  const { t } = useText()
  const destinos = useOp('destinos.list', {})
  const { q, situacion, destino } = filters
  const filtered = q !== undefined || situacion !== undefined || destino !== undefined
  return (
    <>
      <SearchBox
        label={t('mat.search')}
        width={240}
        delay={150}
        value={q}
        onChange={(text) => go({ ...filters, q: text })}
      />
      <Select
        w={170}
        size="xs"
        clearable
        aria-label={t('column.situacion')}
        placeholder={t('casillas.any')}
        data={SITUACION_VALUES.map((value) => ({ value, label: t(situacionMaterializacionKey(value)) }))}
        value={situacion ?? null}
        onChange={(value) => go({ ...filters, situacion: SITUACION_VALUES.find((known) => known === value) })}
      />
      <NamedSelect
        width={180}
        clearable
        label={t('column.destino')}
        placeholder={t('mat.anyDestino')}
        items={destinos.data?.items ?? []}
        value={destino}
        onChange={(id) => go({ ...filters, destino: id })}
      />
      {filtered ? (
        <ClearFilters
          onClear={() => go({ ...filters, q: undefined, situacion: undefined, destino: undefined })}
        />
      ) : null}
    </>
  )
}
