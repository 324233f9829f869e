import { Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { AL_TERMINAR } from '@shared/model/recepcion'
import { IconFolderSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import type { RemotoDraft } from './place'
import { PrefixBrowser } from './prefix-browser'

/** Kinds of provider whose files carry no tags. */
const UNTAGGED = ['sftp', 'local']

interface RemoteFieldsProps {
  id: string
  value: RemotoDraft
  error: string | null
  onChange: (value: RemotoDraft) => void
}

/** The provider a casilla receives from, the folder inside it, and what is done with what was processed. */
export function RemoteFields({ id, value, error, onChange }: RemoteFieldsProps) {
  const { t } = useText()
  const [browsing, setBrowsing] = useState(false)
  const list = useOp('proveedores.list', {})
  const items = list.data?.items ?? []
  const chosen = items.find((one) => one.id === value.proveedorId)
  const tags = chosen !== undefined && !UNTAGGED.includes(chosen.tipo)
  if (list.error) return <ErrorBlock error={list.error.data} onRetry={() => void list.refetch()} />
  return (
    <Stack gap="sm">
      <Select
        id={id}
        label={t('origen.proveedor')}
        placeholder={t('origen.elegir')}
        allowDeselect={false}
        data={items.map((one) => ({ value: String(one.id), label: one.nombre }))}
        value={value.proveedorId === null ? null : String(value.proveedorId)}
        error={error}
        onChange={(given) =>
          given && onChange({ proveedorId: Number(given), prefijo: '', alTerminar: 'mover' })
        }
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
          description={t('origen.prefijoHelp')}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
          placeholder="data/5"
          maxLength={1024}
          value={value.prefijo}
          onChange={(event) => onChange({ ...value, prefijo: event.currentTarget.value })}
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
      {tags ? (
        <Radio.Group
          label={t('origen.alTerminar')}
          value={value.alTerminar}
          onChange={(given) =>
            onChange({ ...value, alTerminar: given === 'etiquetar' ? 'etiquetar' : 'mover' })
          }
        >
          <Stack gap="xs" mt="xs">
            {AL_TERMINAR.map((one) => (
              <Radio key={one} value={one} label={t(`origen.${one}`)} description={t(`origen.${one}Help`)} />
            ))}
          </Stack>
        </Radio.Group>
      ) : null}
      {chosen && browsing ? (
        <PrefixBrowser
          proveedor={chosen}
          from={value.prefijo}
          onClose={() => setBrowsing(false)}
          onChoose={(prefijo) => {
            onChange({ ...value, prefijo })
            setBrowsing(false)
          }}
        />
      ) : null}
    </Stack>
  )
}
