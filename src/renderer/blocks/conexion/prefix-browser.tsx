import { Button, Group, Loader, Modal, NavLink, ScrollArea, Stack, Text } from '@mantine/core'
import type { Proveedor } from '@shared/model/proveedor'
import { IconArrowUp, IconFolder } from '@tabler/icons-react'
import { useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'

interface PrefixBrowserProps {
  proveedor: Pick<Proveedor, 'id' | 'nombre'>
  from: string
  onChoose: (prefijo: string) => void
  onClose: () => void
}

const parentOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')

/** The folders of a provider, one level at a time. */
export function PrefixBrowser({ proveedor, from, onChoose, onClose }: PrefixBrowserProps) {
  const { t } = useText()
  const [ruta, setRuta] = useState(from.trim().replace(/^\/|\/$/g, ''))
  const page = useOp('proveedores.explorar', { id: proveedor.id, ruta, limite: 1000 })
  const folders = page.data?.items.filter(({ clase }) => clase === 'carpeta') ?? []
  return (
    <Modal opened onClose={onClose} title={`${proveedor.nombre}: /${ruta}`} size="lg">
      <Stack gap="sm">
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArrowUp size={14} />}
            disabled={ruta === ''}
            onClick={() => setRuta(parentOf(ruta))}
          >
            {t('origen.subir')}
          </Button>
        </Group>
        <ScrollArea h={260}>
          {page.isPending ? <Loader size="sm" /> : null}
          {page.error ? <ErrorBlock error={page.error.data} onRetry={() => void page.refetch()} /> : null}
          {folders.map((one) => (
            <NavLink
              key={one.ruta}
              component="button"
              type="button"
              label={one.ruta.slice(one.ruta.lastIndexOf('/') + 1)}
              leftSection={<IconFolder size={16} />}
              onClick={() => setRuta(one.ruta)}
            />
          ))}
          {page.data && folders.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('origen.sinCarpetas')}
            </Text>
          ) : null}
        </ScrollArea>
        <Group justify="flex-end">
          <Button onClick={() => onChoose(ruta)}>{t('origen.elegirEsta')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
