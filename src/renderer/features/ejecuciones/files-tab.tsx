import { Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { FileError, Verdict } from '@shared/model/execution'
import { useText } from '../../app/prefs'
import { SeverityBadge } from '../../ui/state-badge'

/** The files as they came, and what was wrong with a whole file. */
export function FilesTab({ verdict }: { verdict: Verdict }) {
  const { t, number, bytes, duration } = useText()
  return (
    <Stack gap="md" style={{ overflow: 'auto', flex: 1 }} pb={120}>
      {verdict.fileErrors.length > 0 ? <FileErrors errors={verdict.fileErrors} /> : null}
      <Card>
        <Title order={2} mb="xs">
          {t('files.title')}
        </Title>
        <Table highlightOnHover layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('column.archivo')}</Table.Th>
              <Table.Th>{t('column.catalogo')}</Table.Th>
              <Table.Th w={120}>{t('column.estado')}</Table.Th>
              <Table.Th w={130}>{t('files.encoding')}</Table.Th>
              <Table.Th w={110} ta="right">
                {t('column.tamano')}
              </Table.Th>
              <Table.Th w={110} ta="right">
                {t('column.registros')}
              </Table.Th>
              <Table.Th w={130} ta="right">
                {t('files.time')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {verdict.files.map((file) => (
              <Table.Tr key={file.catalog}>
                <Table.Td className="sage-cut" title={file.file}>
                  {file.file}
                </Table.Td>
                <Table.Td className="sage-cut" title={file.catalog}>
                  {file.catalog}
                </Table.Td>
                <Table.Td>{t(`file.${file.state}`)}</Table.Td>
                <Table.Td>{file.encoding ?? file.sheet ?? ''}</Table.Td>
                <Table.Td ta="right" className="sage-numbers">
                  {bytes(file.bytes)}
                </Table.Td>
                <Table.Td ta="right" className="sage-numbers">
                  {number(file.records)}
                </Table.Td>
                <Table.Td ta="right" className="sage-numbers">
                  {duration(file.processingSeconds * 1000)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Card>
    </Stack>
  )
}

function FileErrors({ errors }: { errors: FileError[] }) {
  const { t } = useText()
  return (
    <Card>
      <Title order={2} mb="xs">
        {t('files.errors')}
      </Title>
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {errors.map((error) => (
          <li key={`${error.code}:${error.file}:${error.message}`}>
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <span style={{ width: 84, flexShrink: 0 }}>
                <SeverityBadge severity={error.severity} />
              </span>
              <Stack gap={2} miw={0}>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {error.file ? <b>{error.file}: </b> : null}
                  {error.message}
                </Text>
                {error.hint ? (
                  <Text size="sm" c="dimmed">
                    {error.hint}
                  </Text>
                ) : null}
                {error.expected !== undefined || error.found !== undefined ? (
                  <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                    {error.expected !== undefined ? `${t('files.expected')}: ${error.expected}` : ''}
                    <br />
                    {error.found !== undefined ? `${t('files.found')}: ${error.found}` : ''}
                  </Text>
                ) : null}
              </Stack>
            </Group>
          </li>
        ))}
      </Stack>
    </Card>
  )
}
