import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import type { Proveedor } from '@shared/model/proveedor'
import { IconFolderSearch } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { PrefixBrowser } from './prefix-browser'

interface ProveedorCarpetaProps {
  id: string
  proveedorId: number | null
  carpeta: string
  help: string
  placeholder: string
  error: string | null
  onProveedor: (id: number) => void
  onCarpeta: (carpeta: string) => void
  /** Below both, for the provider that is chosen. */
  children?: (chosen: Proveedor) => ReactNode
}

/** A saved provider and a folder inside it, written or looked for. */
export function ProveedorCarpeta({ id, proveedorId, carpeta, onCarpeta, ...props }: ProveedorCarpetaProps) {
  const { t } = useText()
  const [browsing, setBrowsing] = useState(false)
  const list = useOp('proveedores.list', {})
  const items = list.data?.items ?? []
  const chosen = items.find((one) => one.id === proveedorId)
  if (list.error) return <ErrorBlock error={list.error.data} onRetry={() => void list.refetch()} />
  return (
    <Stack gap="sm">
      <Select
        id={id}
        label={t('origen.proveedor')}
        required
        placeholder={t('origen.elegir')}
        allowDeselect={false}
        data={items.map((one) => ({ value: String(one.id), label: one.nombre }))}
        value={proveedorId === null ? null : String(proveedorId)}
        error={props.error}
        onChange={(given) => given && props.onProveedor(Number(given))}
      />
      {list.data && items.length === 0 ? (
        <Text size="xs" c="dimmed">
          {t('origen.sinProveedores')}
        </Text>
      ) : null}
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label={t('origen.prefijo')}
          description={props.help}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
          placeholder={props.placeholder}
          maxLength={1024}
          spellCheck={false}
          value={carpeta}
          onChange={(event) => onCarpeta(event.currentTarget.value)}
        />
        <Button
          variant="default"
          h={36}
          leftSection={<IconFolderSearch size={16} />}
          disabled={chosen === undefined}
          onClick={() => setBrowsing(true)}
        >
          {t('origen.explorar')}
        </Button>
      </Group>
      {chosen && props.children?.(chosen)}
      {chosen && browsing ? (
        <PrefixBrowser
          proveedor={chosen}
          from={carpeta}
          onClose={() => setBrowsing(false)}
          onChoose={(found) => {
            onCarpeta(found)
            setBrowsing(false)
          }}
        />
      ) : null}
    </Stack>
  )
}
