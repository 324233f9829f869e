import { Button, Drawer, Group, Stack, Text, Tooltip } from '@mantine/core'
import type { OperationOutput } from '@shared/contract'
import type { Finding } from '@shared/model/findings'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { SeverityBadge, severityColor } from '../../ui/state-badge'
import { involves } from './involves'
import './record-drawer.css'

type Context = OperationOutput<'executions.recordContext'>

interface RecordDrawerProps {
  executionId: string
  at: { catalog: string; record: number } | undefined
  onMove: (record: number) => void
  onClose: () => void
}

/** The refused record among its neighbours, as it was received; a field per line, a record per column. */
export function RecordDrawer({ executionId, at, onMove, onClose }: RecordDrawerProps) {
  const { t, number } = useText()
  return (
    <Drawer
      opened={at !== undefined}
      onClose={onClose}
      size="min(960px, 92vw)"
      title={at ? t('record.title', { record: number(at.record), catalog: at.catalog }) : ''}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {at ? <Body executionId={executionId} at={at} onMove={onMove} /> : null}
    </Drawer>
  )
}

function Body({
  executionId,
  at,
  onMove,
}: Omit<RecordDrawerProps, 'onClose' | 'at'> & { at: { catalog: string; record: number } }) {
  const { t, number } = useText()
  const context = useOp('executions.recordContext', { executionId, ...at, around: 2 }, { keep: true })
  if (context.error) return <ErrorBlock error={context.error.data} onRetry={() => void context.refetch()} />
  if (!context.data) return <RowsSkeleton rows={10} />
  const row = context.data.rows.find((item) => item.record === at.record)
  const after = context.data.rows.some((item) => item.record > at.record)
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {row ? t('record.line', { line: number(row.line) }) : t('record.missing')}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            leftSection={<IconChevronUp size={16} />}
            disabled={at.record <= 1}
            onClick={() => onMove(at.record - 1)}
          >
            {t('record.previous')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconChevronDown size={16} />}
            disabled={!after}
            onClick={() => onMove(at.record + 1)}
          >
            {t('record.next')}
          </Button>
        </Group>
      </Group>
      <Findings findings={row?.findings ?? []} />
      <Cells context={context.data} record={at.record} />
    </Stack>
  )
}

function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useText()
  if (findings.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('record.noFindings')}
      </Text>
    )
  }
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {findings.map((finding) => (
        <li key={finding.seq}>
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <span style={{ width: 84, flexShrink: 0 }}>
              <SeverityBadge severity={finding.severity} />
            </span>
            <Text size="sm">
              <b>{finding.field ?? finding.rule}</b>: {finding.message}
            </Text>
          </Group>
        </li>
      ))}
    </Stack>
  )
}

function Cells({ context, record }: { context: Context; record: number }) {
  const { t, number } = useText()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="record-scroll" aria-label={t('record.cells')} tabIndex={0}>
      <table className="record-table" style={{ minWidth: 170 + context.rows.length * 140 }}>
        <thead>
          <tr>
            <th scope="col" style={{ width: 170 }}>
              {t('column.campo')}
            </th>
            {context.rows.map((row) => (
              <th
                key={row.record}
                scope="col"
                className={row.record === record ? 'is-this' : ''}
                aria-current={row.record === record}
              >
                {t('record.column', { record: number(row.record) })}
                <Text component="div" size="xs" c="dimmed" fw={400}>
                  {t('record.line', { line: number(row.line) })}
                </Text>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {context.columns.map((column, index) => (
            <tr key={column.name}>
              <th scope="row" title={`${column.name} · ${column.type}`}>
                {column.name}
              </th>
              {context.rows.map((row) => (
                <ContextCell
                  key={row.record}
                  value={row.cells[index] ?? null}
                  numeric={column.type === 'entero' || column.type === 'decimal'}
                  current={row.record === record}
                  findings={row.findings.filter((finding) => involves(finding, column.name))}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface ContextCellProps {
  value: string | null
  numeric: boolean
  current: boolean
  findings: Finding[]
}

function ContextCell({ value, numeric, current, findings }: ContextCellProps) {
  const { t } = useText()
  const worst = findings.find((finding) => finding.severity === 'error') ?? findings[0]
  const className = `${numeric ? 'is-number' : ''}${current ? ' is-this' : ''}`
  const content =
    value === null || value === '' ? <span className="record-empty">{t('record.emptyCell')}</span> : value
  if (!worst) {
    return (
      <td className={className} title={value ?? ''}>
        {content}
      </td>
    )
  }
  const message = findings.map((finding) => finding.message).join('\n')
  return (
    <Tooltip label={message} multiline maw={360} style={{ whiteSpace: 'pre-line' }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its message has to be reachable by keyboard */}
      <td className={className} tabIndex={0} aria-description={message}>
        {content}
        <span className="grid-mark" style={{ color: severityColor(worst.severity) }} aria-hidden />
      </td>
    </Tooltip>
  )
}
