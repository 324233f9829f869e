import { Anchor, Card, Stack, Table, Text, Title } from '@mantine/core'
import type { FileStat, Verdict } from '@shared/model/execution'
import type { CheckResult } from '@shared/model/findings'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import { SeverityBadge, severityColor } from '../../ui/state-badge'
import { formatFindingFilters } from './finding-filters'

const SEVERITY_ORDER = { error: 0, warning: 1, message: 2 }

/** The checks that failed: errors first, those that hit most records first. */
export const byWeight = (checks: readonly CheckResult[]): CheckResult[] =>
  [...checks].sort(
    (a, b) =>
      SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] || b.recordCount - a.recordCount || a.id - b.id,
  )

/** Counts by catalog and by rule; a click lists the findings behind a number. */
export function SummaryTab({ verdict }: { verdict: Verdict }) {
  const { t, number } = useText()
  const findings = (filters: Parameters<typeof formatFindingFilters>[0]) =>
    `/ejecuciones/${verdict.executionId}/hallazgos${formatFindingFilters(filters)}`
  return (
    <Stack gap="md" style={{ overflow: 'auto', flex: 1 }} pb={120}>
      {verdict.fileErrors.length > 0 ? (
        <Card
          style={{
            borderColor: severityColor(
              verdict.fileErrors.some((error) => error.severity === 'error') ? 'error' : 'warning',
            ),
            flexShrink: 0,
          }}
        >
          <Title order={2} mb={4}>
            {t('summary.fileErrors', { n: verdict.fileErrors.length })}
          </Title>
          {verdict.fileErrors.slice(0, 3).map((error) => (
            <Text key={`${error.code}${error.file}${error.message}`} size="sm">
              {error.message}
            </Text>
          ))}
          <Anchor component={Link} href={`/ejecuciones/${verdict.executionId}/archivos`} size="sm">
            {t('summary.seeFiles')}
          </Anchor>
        </Card>
      ) : null}
      <CatalogCounts files={verdict.files} linkTo={(catalogo) => findings({ catalogo })} />
      <Card>
        <Title order={2} mb="xs">
          {t('summary.rules')}
        </Title>
        {verdict.checks.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('summary.noRules')}
          </Text>
        ) : (
          <Table highlightOnHover layout="fixed" data-testid="rules">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={110}>{t('column.severidad')}</Table.Th>
                <Table.Th w={150}>{t('column.catalogo')}</Table.Th>
                <Table.Th w={230}>{t('column.regla')}</Table.Th>
                <Table.Th>{t('column.mensaje')}</Table.Th>
                <Table.Th w={104} ta="right">
                  {t('column.cuenta')}
                </Table.Th>
                <Table.Th w={104} ta="right">
                  {t('column.registros')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {byWeight(verdict.checks).map((check) => (
                <Table.Tr key={check.id}>
                  <Table.Td>
                    <SeverityBadge severity={check.severity} />
                  </Table.Td>
                  <Table.Td className="sage-cut" title={check.target}>
                    {check.target}
                  </Table.Td>
                  <Table.Td className="sage-cut" title={check.rule}>
                    <Anchor component={Link} href={findings({ check: check.id })} size="sm">
                      {check.rule}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" lineClamp={2} title={check.message}>
                      {check.message}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="sage-numbers">
                    {number(check.count)}
                  </Table.Td>
                  <Table.Td ta="right" className="sage-numbers">
                    {number(check.recordCount)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
    </Stack>
  )
}

function CatalogCounts({ files, linkTo }: { files: FileStat[]; linkTo: (catalog: string) => string }) {
  const { t, number } = useText()
  const numbers = ['records', 'errors', 'warnings', 'messages', 'refused'] as const
  return (
    <Card>
      <Title order={2} mb="xs">
        {t('summary.catalogs')}
      </Title>
      <Table highlightOnHover layout="fixed" data-testid="catalogs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.catalogo')}</Table.Th>
            <Table.Th>{t('column.archivo')}</Table.Th>
            {numbers.map((name) => (
              <Table.Th key={name} w={110} ta="right">
                {t(`summary.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={file.catalog}>
              <Table.Td className="sage-cut" title={file.catalog}>
                <Anchor component={Link} href={linkTo(file.catalog)} size="sm">
                  {file.catalog}
                </Anchor>
              </Table.Td>
              <Table.Td className="sage-cut" title={file.file}>
                {file.state === 'procesado' ? file.file : `${file.file} · ${t(`file.${file.state}`)}`}
              </Table.Td>
              {numbers.map((name) => (
                <Table.Td key={name} ta="right" className="sage-numbers">
                  {number(file[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
