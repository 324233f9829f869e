import { Anchor, Breadcrumbs, Button, Group, Menu, Text } from '@mantine/core'
import type { EntradaProveedor, Proveedor, TipoProveedor } from '@shared/model/proveedor'
import {
  IconDownload,
  IconFile,
  IconFolder,
  IconLink,
  IconRefresh,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { type ReactNode, useCallback, useMemo } from 'react'
import { Link, useSearch } from 'wouter'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { DropArea } from '../../ui/drop-area'
import { ErrorBlock } from '../../ui/error-block'
import { actionsColumn, dateColumn, type GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { notifyDone } from '../../ui/notify'
import { RowMenu } from '../../ui/row-menu'
import { bajar, openEliminar, openEnlace } from './archivo-acciones'
import { ArchivoDrawer } from './archivo-drawer'
import { hasContainer } from './campos'
import { enlaceExplorador, migas, nombreDe } from './rutas'
import { resetCarpeta, useCarpeta } from './use-carpeta'
import { useSubida } from './use-subida'

function useColumns(menu: (row: EntradaProveedor) => ReactNode): GridColumn<EntradaProveedor>[] {
  const { t, lang, date, bytes } = useText()
  return useMemo(
    () => [
      {
        ...{ id: 'nombre', header: t('column.nombre'), width: 360, grow: true },
        text: ({ ruta }) => nombreDe(ruta),
        render: (row) => <Nombre row={row} />,
      },
      {
        ...{ id: 'bytes', header: t('column.tamano'), width: 110, align: 'right' },
        text: (row) => (row.clase === 'carpeta' ? '' : bytes(row.bytes)),
      },
      {
        ...{ id: 'modificado', header: t('column.modificado'), ...dateColumn(lang) },
        text: (row) => (row.modificado === null ? '' : date(row.modificado)),
      },
      {
        ...{ id: 'etag', header: 'ETag', width: 200, hidden: true, mono: true },
        text: (row) => row.etag ?? '',
      },
      { ...actionsColumn(t('column.acciones')), render: menu },
    ],
    [t, lang, date, bytes, menu],
  )
}

function Nombre({ row }: { row: EntradaProveedor }) {
  const Icon = row.clase === 'carpeta' ? IconFolder : IconFile
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
      <Icon size={16} aria-hidden style={{ flexShrink: 0 }} color="var(--mantine-color-dimmed)" />
      <span className="sage-cut">{nombreDe(row.ruta)}</span>
    </Group>
  )
}

/** What is in a provider: folder by folder, each listed as it is scrolled through. */
export function ExploradorTab({ proveedor, tipo }: { proveedor: Proveedor; tipo: TipoProveedor }) {
  const { t } = useText()
  const { id } = proveedor
  const search = new URLSearchParams(useSearch())
  const ruta = search.get('ruta') ?? ''
  const archivo = search.get('archivo')
  const carpeta = useCarpeta(id, ruta)
  const { enlace } = carpeta.puede
  const subida = useSubida(proveedor, ruta)
  const menu = useCallback(
    (entrada: EntradaProveedor) =>
      entrada.clase === 'carpeta' ? null : (
        <EntradaMenu
          proveedor={proveedor}
          entrada={entrada}
          enlace={enlace}
          onRemoved={() => void resetCarpeta(id, ruta)}
        />
      ),
    [proveedor, enlace, id, ruta],
  )
  const columns = useColumns(menu)
  const open = (row: EntradaProveedor) =>
    navigate(row.clase === 'carpeta' ? enlaceExplorador(id, row.ruta) : enlaceExplorador(id, ruta, row))
  const close = () => navigate(enlaceExplorador(id, ruta))
  if (carpeta.error?.data.code === 'REMOTE_NO_CONTAINER' && hasContainer(tipo))
    return <SinContenedor id={id} error={carpeta.error.data} onMade={() => void resetCarpeta(id, ruta)} />
  return (
    <>
      <div style={{ marginBottom: 8 }}>
        <DropArea label={t('explorador.soltar')} compact onFiles={(files) => void subida.drop(files)}>
          <Text size="xs" c="dimmed" ta="center">
            {t('explorador.soltar')}
          </Text>
        </DropArea>
      </div>
      {carpeta.pageError ? <ErrorBlock error={carpeta.pageError.data} onRetry={carpeta.more} /> : null}
      <DataGrid
        id="proveedor-explorador"
        label={t('proveedor.tab.explorador')}
        columns={columns}
        source={carpeta.source}
        onOpen={open}
        resetKey={ruta}
        counter={() =>
          t(carpeta.hayMas ? 'explorador.countMore' : 'explorador.count', { n: carpeta.items.length })
        }
        empty={{ text: t('explorador.empty') }}
        toolbar={<Migas proveedor={proveedor} ruta={ruta} />}
        tools={
          <>
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} />}
              onClick={() => void resetCarpeta(id, ruta)}
            >
              {t('explorador.refrescar')}
            </Button>
            <Button leftSection={<IconUpload size={16} />} onClick={() => void subida.choose()}>
              {t('explorador.subir')}
            </Button>
          </>
        }
      />
      <ArchivoDrawer
        proveedor={proveedor}
        ruta={archivo}
        entrada={archivo === null ? undefined : carpeta.items.find((one) => one.ruta === archivo)}
        enlace={enlace}
        onClose={close}
        onRemoved={() => {
          close()
          void resetCarpeta(id, ruta)
        }}
      />
    </>
  )
}

function Migas({ proveedor, ruta }: { proveedor: Proveedor; ruta: string }) {
  const { t } = useText()
  const parts = [{ nombre: proveedor.nombre, ruta: '' }, ...migas(ruta)]
  return (
    <Breadcrumbs
      separator="/"
      separatorMargin={6}
      component="nav"
      aria-label={t('explorador.ruta')}
      styles={{ root: { flexWrap: 'nowrap', minWidth: 0 }, breadcrumb: { maxWidth: 240 } }}
    >
      {parts.map((part, index) =>
        index === parts.length - 1 ? (
          <Text key={part.ruta} size="sm" fw={600} aria-current="page" className="sage-cut">
            {part.nombre}
          </Text>
        ) : (
          <Anchor
            key={part.ruta}
            component={Link}
            href={enlaceExplorador(proveedor.id, part.ruta)}
            size="sm"
            className="sage-cut"
          >
            {part.nombre}
          </Anchor>
        ),
      )}
    </Breadcrumbs>
  )
}

interface EntradaMenuProps {
  proveedor: Proveedor
  entrada: EntradaProveedor
  enlace: boolean
  onRemoved: () => void
}

function EntradaMenu({ proveedor, entrada, enlace, onRemoved }: EntradaMenuProps) {
  const { t } = useText()
  const which = { proveedor, entrada }
  return (
    <RowMenu label={t('grid.actionsOf', { name: nombreDe(entrada.ruta) })}>
      <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => void bajar(which)}>
        {t('explorador.descargar')}
      </Menu.Item>
      {enlace ? (
        <Menu.Item leftSection={<IconLink size={16} />} onClick={() => openEnlace(t, which)}>
          {t('explorador.enlace')}
        </Menu.Item>
      ) : null}
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => openEliminar(t, which, onRemoved)}
      >
        {t('action.remove')}
      </Menu.Item>
    </RowMenu>
  )
}

interface SinContenedorProps {
  id: number
  error: Parameters<typeof ErrorBlock>[0]['error']
  onMade: () => void
}

/** The bucket or container that the provider names is not there: it can be made here. */
function SinContenedor({ id, error, onMade }: SinContenedorProps) {
  const { t } = useText()
  const make = useCommand('proveedores.crearContenedor')
  // What kept it from working is mended: its health says so.
  const test = useCommand('proveedores.probar', ['proveedores.list', 'proveedores.pruebas'])
  return (
    <ErrorBlock
      title={t('explorador.bucket')}
      error={make.error?.data ?? error}
      retryLabel={t('explorador.crearContenedor')}
      onRetry={() =>
        make.mutate(
          { id },
          {
            onSuccess: () => {
              notifyDone(t('explorador.contenedorCreado'))
              test.mutate({ id })
              onMade()
            },
          },
        )
      }
    />
  )
}
