import { Button, Code, Drawer, Group, Stack, Text } from '@mantine/core'
import type { EntradaProveedor, Proveedor, VistaPrevia } from '@shared/model/proveedor'
import { IconDownload, IconLink, IconTrash } from '@tabler/icons-react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { Fact } from '../../ui/fact'
import { RowsSkeleton } from '../../ui/later'
import { PlainTable } from '../../ui/plain-table'
import { bajar, openEliminar, openEnlace } from './archivo-acciones'
import { nombreDe } from './rutas'

interface ArchivoDrawerProps {
  proveedor: Proveedor
  /** Path of the file; null: closed. */
  ruta: string | null
  /** What the list says of it, once it was brought. */
  entrada: EntradaProveedor | undefined
  enlace: boolean
  onClose: () => void
  onRemoved: () => void
}

/** A file of a provider: its beginning, and what can be done with it. */
export function ArchivoDrawer({ proveedor, ruta, entrada, enlace, onClose, onRemoved }: ArchivoDrawerProps) {
  const { t, bytes, date } = useText()
  return (
    <Drawer opened={ruta !== null} onClose={onClose} title={ruta === null ? '' : nombreDe(ruta)} size={680}>
      {ruta === null ? null : (
        <Stack gap="md">
          {entrada ? (
            <>
              <Group gap="xl">
                <Fact label={t('column.tamano')}>
                  <Text size="sm" className="sage-numbers">
                    {bytes(entrada.bytes)}
                  </Text>
                </Fact>
                <Fact label={t('column.modificado')}>
                  <Text size="sm">{entrada.modificado === null ? '' : date(entrada.modificado)}</Text>
                </Fact>
              </Group>
              <Group gap="xs">
                <Button
                  leftSection={<IconDownload size={16} />}
                  onClick={() => void bajar({ proveedor, entrada })}
                >
                  {t('explorador.descargar')}
                </Button>
                {enlace ? (
                  <Button
                    variant="default"
                    leftSection={<IconLink size={16} />}
                    onClick={() => openEnlace(t, { proveedor, entrada })}
                  >
                    {t('explorador.enlace')}
                  </Button>
                ) : null}
                <Button
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={16} />}
                  onClick={() => openEliminar(t, { proveedor, entrada }, onRemoved)}
                >
                  {t('action.remove')}
                </Button>
              </Group>
            </>
          ) : null}
          <Previa id={proveedor.id} ruta={ruta} />
        </Stack>
      )}
    </Drawer>
  )
}

function Previa({ id, ruta }: { id: number; ruta: string }) {
  const { t } = useText()
  const seen = useOp('proveedores.vistaPrevia', { id, ruta })
  if (seen.error) return <ErrorBlock error={seen.error.data} onRetry={() => void seen.refetch()} />
  if (!seen.data) return <RowsSkeleton />
  return (
    <Stack gap={6} component="section" aria-label={t('explorador.vistaPrevia')}>
      <Text size="sm" fw={600}>
        {t('explorador.vistaPrevia')}
      </Text>
      <Contenido vista={seen.data} />
      {seen.data.cortado ? (
        <Text size="xs" c="dimmed">
          {t('explorador.vistaCortada')}
        </Text>
      ) : null}
    </Stack>
  )
}

function Contenido({ vista }: { vista: VistaPrevia }) {
  const { t } = useText()
  switch (vista.tipo) {
    case 'tabla':
      return (
        <div style={{ display: 'flex', flexDirection: 'column', maxHeight: '60vh' }}>
          <PlainTable label={t('explorador.vistaPrevia')} columns={vista.columnas} rows={vista.filas} />
        </div>
      )
    case 'texto':
      return (
        <Code block style={{ maxHeight: '60vh', overflow: 'auto' }}>
          {vista.texto}
        </Code>
      )
    default:
      return (
        <Text size="sm" c="dimmed">
          {vista.motivo}
        </Text>
      )
  }
}
