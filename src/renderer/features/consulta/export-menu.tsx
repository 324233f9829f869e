import { Button, Menu } from '@mantine/core'
import type { OperationInput } from '@shared/contract'
import { IconDownload } from '@tabler/icons-react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyDone, notifyError } from '../../ui/notify'

const FORMATS = [
  'csv',
  'parquet',
  'jsonl',
  'excel',
] as const satisfies readonly OperationInput<'sql.exportar'>['formato'][]

/** Writes the whole result to a file, however many rows it has. */
export function ExportMenu({ sql }: { sql: string }) {
  const { t } = useText()
  const write = useCommand('sql.exportar')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} loading={write.isPending}>
          {t('consulta.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((formato) => (
          <Menu.Item
            key={formato}
            onClick={() =>
              write.mutate(
                { sql, formato },
                {
                  onSuccess: ({ archivo, filas }) =>
                    notifyDone(t('consulta.exported', { n: filas, file: archivo })),
                  onError: (error) => notifyError(error.data),
                },
              )
            }
          >
            {t(`formato.${formato}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
