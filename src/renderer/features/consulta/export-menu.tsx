import { Button, Group, Menu, Text } from '@mantine/core'
import type { OperationInput, OperationOutput } from '@shared/contract'
import { IconDownload, IconFolderOpen } from '@tabler/icons-react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { CopyText } from '../../ui/copy-text'
import { notifyError } from '../../ui/notify'

const FORMATS = [
  'csv',
  'parquet',
  'jsonl',
  'excel',
] as const satisfies readonly OperationInput<'sql.exportar'>['formato'][]

export type Exported = OperationOutput<'sql.exportar'>

interface ExportMenuProps {
  sql: string
  /** null: one is being written. */
  onExported: (exported: Exported | null) => void
}

/** Writes the whole result to a file, however many rows it has. */
export function ExportMenu({ sql, onExported }: ExportMenuProps) {
  const { t } = useText()
  const write = useCommand('sql.exportar')
  const start = (formato: (typeof FORMATS)[number]) => {
    onExported(null)
    write.mutate({ sql, formato }, { onSuccess: onExported, onError: (error) => notifyError(error.data) })
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} loading={write.isPending}>
          {t('consulta.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((formato) => (
          <Menu.Item key={formato} onClick={() => start(formato)}>
            {t(`formato.${formato}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** How many rows were written, and the way to their file. */
export function ExportedLine({ exported: { archivo, filas } }: { exported: Exported }) {
  const { t } = useText()
  const show = useCommand('shell.showExport')
  const name = archivo.split(/[\\/]/).at(-1) ?? archivo
  return (
    <Group gap="sm" role="status" style={{ flexShrink: 0 }}>
      <Text size="sm">{t('consulta.exported', { n: filas })}</Text>
      <CopyText value={archivo} shown={name} label={t('consulta.copyPath')} />
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<IconFolderOpen size={14} />}
        loading={show.isPending}
        onClick={() => show.mutate({ archivo: name }, { onError: (error) => notifyError(error.data) })}
      >
        {t('verdict.folder')}
      </Button>
    </Group>
  )
}
