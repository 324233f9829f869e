import { Button } from '@mantine/core'
import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { DraftNotice } from '../../blocks/draft-notice'
import { ListGrid } from '../../ui/grid/list-grid'
import { Page } from '../../ui/page'
import { ProveedorMenu, rutaDe } from './acciones'
import { proveedorDrafts } from './kept-draft'
import { PROVEEDOR_RULES, useProveedorColumns } from './proveedor-columns'
import { useUsos } from './use-usos'

const NO_KINDS: readonly TipoProveedor[] = []
const menu = (row: Proveedor) => <ProveedorMenu row={row} />

/** Clouds, SFTP servers and folders: where they are and how they are. */
export default function ProveedoresScreen() {
  const { t } = useText()
  const list = useOp('proveedores.list', {})
  const tipos = useOp('proveedores.tipos', {}, { staleTime: Number.POSITIVE_INFINITY })
  const columns = useProveedorColumns(tipos.data?.items ?? NO_KINDS, useUsos(), menu)
  const items = list.data?.items
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
      <ListGrid
        id="proveedores"
        label={t('nav.proveedores')}
        columns={columns}
        query={list}
        rules={PROVEEDOR_RULES}
        searchLabel={t('proveedores.search')}
        onOpen={({ id }) => navigate(rutaDe(id, 'explorador'))}
        counter={(n) => t('proveedores.count', { n })}
        empty={{ none: t('proveedores.none'), nothing: { text: t('proveedores.empty'), action: create } }}
      />
    </Page>
  )
}
