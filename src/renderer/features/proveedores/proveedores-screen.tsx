import { Button } from '@mantine/core'
import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { DraftNotice } from '../../blocks/draft-notice'
import { DataGrid } from '../../ui/grid/data-grid'
import type { GridSort } from '../../ui/grid/grid-head'
import { useLocalSource } from '../../ui/grid/source'
import { Page } from '../../ui/page'
import { SearchBox } from '../../ui/search-box'
import { ProveedorMenu, rutaDe } from './acciones'
import { proveedorDrafts } from './kept-draft'
import { listProveedores, useProveedorColumns } from './proveedor-columns'
import { useUsos } from './use-usos'

const NO_KINDS: readonly TipoProveedor[] = []
const menu = (row: Proveedor) => <ProveedorMenu row={row} />

/** Clouds, SFTP servers and folders: where they are and how they are. */
export default function ProveedoresScreen() {
  const { t } = useText()
  const list = useOp('proveedores.list', {})
  const tipos = useOp('proveedores.tipos', {}, { staleTime: Number.POSITIVE_INFINITY })
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<GridSort>({ column: 'nombre', direction: 'asc' })
  const columns = useProveedorColumns(tipos.data?.items ?? NO_KINDS, useUsos(), menu)
  const items = list.data?.items
  const rows = useMemo(() => listProveedores(items ?? [], search, sort), [items, search, sort])
  const source = useLocalSource(rows, {
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
  })
  const none = items?.length === 0
  const create = (
    <Button component={Link} href="/proveedores/nuevo">
      {t('proveedor.create')}
    </Button>
  )
  return (
    <Page
      title={t('nav.proveedores')}
      purpose={t('proveedores.purpose')}
      action={none ? undefined : create}
      fill
    >
      <DraftNotice
        drafts={proveedorDrafts}
        saved={items}
        text={({ draft, of }) => {
          if (of !== null) return t('draft.of', { name: draft.nombre })
          const name = draft.nombre.trim()
          return name === '' ? t('proveedor.draftNew') : t('proveedor.draftNewOf', { name })
        }}
      />
      <DataGrid
        id="proveedores"
        label={t('nav.proveedores')}
        columns={columns}
        source={source}
        sort={sort}
        onSort={setSort}
        onOpen={({ id }) => navigate(rutaDe(id, 'explorador'))}
        resetKey={search}
        counter={(n) => t('proveedores.count', { n })}
        empty={none ? { text: t('proveedores.empty'), action: create } : { text: t('proveedores.none') }}
        toolbar={
          <SearchBox
            label={t('proveedores.search')}
            width={240}
            delay={0}
            value={search}
            onChange={(text) => setSearch(text ?? '')}
          />
        }
      />
    </Page>
  )
}
