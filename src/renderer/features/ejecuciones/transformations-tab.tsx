import { Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core'
import type { OperationOutput } from '@shared/contract'
import type { Ejecucion } from '@shared/model/execution'
import { useMemo, useState } from 'react'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { useYamlCheck } from '../../blocks/use-yaml-check'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { PlainTable } from '../../ui/plain-table'
import { SeverityBadge } from '../../ui/state-badge'

type Preview = OperationOutput<'transformations.preview'>

/** Says which cells of the result are not what the same record had before: another value, or a column that was not there. */
function changedCells(data: Preview | undefined): (row: number, column: number) => boolean {
  if (!data) return () => false
  const { before, after } = data
  const rowOf = new Map(before.records.map((record, row) => [record, row]))
  const columnOf = after.columns.map((name) => before.columns.indexOf(name))
  return (row, column) => {
    const was = before.rows[rowOf.get(after.records[row] ?? 0) ?? -1]?.[columnOf[column] ?? -1]
    return was !== after.rows[row]?.[column]
  }
}

type Yaml = OperationOutput<'casillas.yaml'>

interface TransformationsProps {
  ejecucion: Ejecucion
  used: Yaml | undefined
  /** The casilla's YAML of today: what it would do to these records. */
  current: Yaml | undefined
}

/** The first accepted records of a catalog, before and after its transformations: those of the execution, or the casilla's of today. */
export function TransformationsTab({ ejecucion, used, current }: TransformationsProps) {
  const { t } = useText()
  const [which, setWhich] = useState<'used' | 'current'>('used')
  const newer = used && current && current.version !== used.version ? current : null
  const yaml = (which === 'current' && newer ? newer : used)?.text
  const { outline } = useYamlCheck(yaml, 0)
  const [chosen, setChosen] = useState<string | null>(null)
  const catalogs = outline?.catalogs ?? []
  const catalog = chosen ?? catalogs[0]?.id ?? ''
  const preview = useOp(
    'transformations.preview',
    { yaml: yaml ?? '', catalog, executionId: ejecucion.id },
    { enabled: yaml !== undefined && catalog !== '', staleTime: 60_000 },
  )
  const data = preview.data
  const changed = useMemo(() => changedCells(data), [data])
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0, minWidth: 0 }}>
      <Group gap="md" align="flex-end">
        {newer ? (
          <SegmentedControl
            size="xs"
            aria-label={t('transform.which')}
            data={[
              { value: 'used', label: t('transform.used', { version: used?.version ?? 1 }) },
              { value: 'current', label: t('transform.current', { version: newer.version }) },
            ]}
            value={which}
            onChange={(value) => setWhich(value === 'current' ? 'current' : 'used')}
          />
        ) : null}
        <Select
          w={220}
          size="xs"
          label={t('column.catalogo')}
          allowDeselect={false}
          data={catalogs.map((item) => ({ value: item.id, label: item.name }))}
          value={catalog}
          onChange={setChosen}
        />
        {data ? (
          <Text size="sm" lh="30px" className="sage-numbers">
            {t('transform.counts', {
              in: data.counts.in,
              out: data.counts.out,
              refused: data.counts.refused,
            })}
          </Text>
        ) : null}
      </Group>
      {preview.error ? (
        <ErrorBlock error={preview.error.data} onRetry={() => void preview.refetch()} />
      ) : null}
      {preview.isLoading ? <RowsSkeleton /> : null}
      {data?.problems.map((problem) => (
        <Group key={`${problem.path}:${problem.message}`} gap="sm" wrap="nowrap">
          <SeverityBadge severity={problem.severity} />
          <Text size="sm">
            {problem.path}: {problem.message}
          </Text>
        </Group>
      ))}
      {data ? (
        <Group
          gap="md"
          align="stretch"
          grow
          style={{ flex: 1, minHeight: 0 }}
          wrap="nowrap"
          preventGrowOverflow
        >
          {(['before', 'after'] as const).map((side) => (
            <Stack key={side} gap={4} miw={0}>
              <Title order={3}>{t(`transform.${side}`)}</Title>
              <PlainTable
                label={t(`transform.${side}`)}
                columns={data[side].columns}
                rows={data[side].rows}
                head={{ title: t('column.registro'), of: (row) => String(data[side].records[row] ?? '') }}
                isMarked={(row, column) => side === 'after' && changed(row, column)}
              />
            </Stack>
          ))}
        </Group>
      ) : null}
    </Stack>
  )
}
