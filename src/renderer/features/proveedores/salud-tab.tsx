import { Button, Group, Stack, Text } from '@mantine/core'
import type { Proveedor, PruebaProveedor } from '@shared/model/proveedor'
import { IconPlugConnected } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { PruebaBadge, pruebaTexto } from '../../blocks/conexion/prueba-badge'
import { ErrorBlock } from '../../ui/error-block'
import { dateColumn, type GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { useLocalSource } from '../../ui/grid/source'
import { PasosPanel } from './pasos-panel'

const STALE = ['proveedores.list', 'proveedores.pruebas'] as const
const failedOf = ({ pasos }: PruebaProveedor) => pasos.find(({ estado }) => estado === 'mal')

function useColumns(): GridColumn<PruebaProveedor>[] {
  const { t, lang, date, duration } = useText()
  return useMemo(
    () => [
      { ...{ id: 'en', header: t('column.probado'), ...dateColumn(lang) }, text: (row) => date(row.en) },
      {
        ...{ id: 'resultado', header: t('proveedor.resultado'), width: 110 },
        text: (row) => pruebaTexto(t, row),
        render: (row) => <PruebaBadge prueba={row} />,
      },
      {
        ...{ id: 'paso', header: t('proveedor.paso'), width: 190 },
        text: (row) => {
          const failed = failedOf(row)
          return failed ? t(`pasoProveedor.${failed.paso}`) : ''
        },
      },
      {
        ...{ id: 'mensaje', header: t('column.mensaje'), width: 320, grow: true },
        text: (row) => failedOf(row)?.mensaje ?? '',
      },
      {
        ...{ id: 'duracion', header: t('column.duracion'), width: 100, align: 'right' },
        text: (row) => duration(row.pasos.reduce((sum, { ms }) => sum + ms, 0)),
      },
    ],
    [t, lang, date, duration],
  )
}

/** How the provider is, by its last test, and how those before it went. */
export function SaludTab({ proveedor }: { proveedor: Proveedor }) {
  const { t } = useText()
  const { id } = proveedor
  const test = useCommand('proveedores.probar', [...STALE])
  const save = useCommand('proveedores.update', [...STALE])
  const history = useOp('proveedores.pruebas', { id })
  /** The one that was opened; the last unless told. */
  const [opened, setOpened] = useState<string | null>(null)
  const items = history.data?.items
  const last = proveedor.ultimaPrueba
  const shown =
    opened === null || opened === last?.en ? last : (items?.find(({ en }) => en === opened) ?? last)
  const source = useLocalSource(items, {
    loading: history.isPending,
    error: history.error,
    retry: () => void history.refetch(),
  })
  const columns = useColumns()
  const again = () => {
    setOpened(null)
    test.mutate({ id })
  }
  const trust = (huella: string) => {
    const { nombre, descripcion, tipo, red, secretoId } = proveedor
    const config = { ...proveedor.config, hostKey: huella }
    save.mutate({ id, nombre, descripcion, tipo, config, red, secretoId }, { onSuccess: again })
  }
  const error = test.error ?? save.error
  return (
    <Group gap="lg" align="stretch" wrap="nowrap" style={{ flex: 1, minHeight: 0 }}>
      <Stack gap="md" style={{ flex: '0 1 420px', minWidth: 0, overflowY: 'auto' }}>
        <Group>
          <Button leftSection={<IconPlugConnected size={16} />} loading={test.isPending} onClick={again}>
            {t('destino.probar')}
          </Button>
        </Group>
        {shown ? (
          <PasosPanel
            prueba={shown}
            busy={save.isPending || test.isPending}
            {...(shown === last ? { onTrust: trust } : {})}
          />
        ) : (
          <Text size="sm" c="dimmed">
            {t('proveedor.neverTested')}
          </Text>
        )}
        {error ? <ErrorBlock error={error.data} /> : null}
      </Stack>
      <DataGrid
        id="proveedor-pruebas"
        label={t('proveedor.historial')}
        columns={columns}
        source={source}
        onOpen={({ en }) => setOpened(en)}
        counter={(n) => t('proveedor.pruebas', { n })}
        empty={{ text: t('proveedor.neverTested') }}
      />
    </Group>
  )
}
