import { Button, Tabs } from '@mantine/core'
import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { PruebaBadge } from '../../blocks/conexion/prueba-badge'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { Page } from '../../ui/page'
import { openRemove, rutaDe, TABS, useInUse } from './acciones'
import { lugarDe } from './campos'
import { ExploradorTab } from './explorador-tab'
import { ProveedorForm } from './proveedor-form'
import { SaludTab } from './salud-tab'

/** One provider: what is in it, how it is doing, how it is reached. */
export default function ProveedorScreen({ id, tab }: { id: number; tab?: string | undefined }) {
  const { t, lang } = useText()
  const list = useOp('proveedores.list', {})
  const tipos = useOp('proveedores.tipos', {}, { staleTime: Number.POSITIVE_INFINITY })
  const current = TABS.find((known) => known === tab) ?? 'explorador'
  const proveedor = list.data?.items.find((one) => one.id === id)
  const tipo = tipos.data?.items.find((one) => one.tipo === proveedor?.tipo)
  const failed = list.error ?? tipos.error
  if (!proveedor || !tipo) {
    const settled = list.data !== undefined && tipos.data !== undefined
    return (
      <Page title={t('nav.proveedores')}>
        {failed ? <ErrorBlock error={failed.data} onRetry={() => void list.refetch()} /> : null}
        {failed ? null : settled ? <Empty text={t('proveedor.gone')} /> : <RowsSkeleton />}
      </Page>
    )
  }
  return (
    <Page
      title={proveedor.nombre}
      purpose={`${tipo.nombre[lang]} · ${lugarDe(proveedor)}`}
      beside={
        <span style={{ flexShrink: 0 }}>
          <PruebaBadge prueba={proveedor.ultimaPrueba} />
        </span>
      }
      fill
    >
      <Tabs
        value={current}
        onChange={(value) => navigate(rutaDe(id, TABS.find((known) => known === value) ?? 'explorador'))}
        style={{ flexShrink: 0 }}
        mb="md"
      >
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`proveedor.tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {current === 'explorador' ? <ExploradorTab proveedor={proveedor} tipo={tipo} /> : null}
      {current === 'salud' ? <SaludTab proveedor={proveedor} /> : null}
      {current === 'configuracion' ? <ConfiguracionTab proveedor={proveedor} tipo={tipo} /> : null}
    </Page>
  )
}

function ConfiguracionTab({ proveedor, tipo }: { proveedor: Proveedor; tipo: TipoProveedor }) {
  const { t } = useText()
  const inUse = useInUse(proveedor.id)
  return (
    <div style={{ overflowY: 'auto', flex: 1, minHeight: 0, paddingBottom: 16 }}>
      <ProveedorForm
        key={proveedor.actualizadoEn}
        tipo={tipo}
        proveedor={proveedor}
        onSaved={() => undefined}
        more={
          <Button
            variant="subtle"
            color="red"
            disabled={inUse !== undefined}
            title={inUse}
            onClick={() => openRemove(t, proveedor, () => navigate('/proveedores'))}
          >
            {t('action.remove')}
          </Button>
        }
      />
    </div>
  )
}
