import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core'
import type { OperationInput, OperationOutput, Outline } from '@shared/contract'
import type { Ejecucion } from '@shared/model/execution'
import type { TextKey } from '@shared/text'
import { IconCircleCheck, IconCircleX, IconPlayerPlay } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { useKnowledge, useYamlCheck } from '../../blocks/use-yaml-check'
import { CodeEditor, type EditorHandle } from '../../ui/editor/code-editor'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { PlainTable } from '../../ui/plain-table'

type Level = OperationInput<'rules.try'>['level']
type Outcome = OperationOutput<'rules.try'>
const LEVELS = ['field', 'row', 'catalog', 'package'] as const satisfies readonly Level[]
const LEVEL_KEY: Record<Level, TextKey> = {
  field: 'try.level.field',
  row: 'try.level.row',
  catalog: 'try.level.catalog',
  package: 'try.level.package',
}

/** A rule tried on the file of this execution; nothing is saved. */
export function TryRuleTab({ ejecucion, yaml }: { ejecucion: Ejecucion; yaml: string | undefined }) {
  const { t } = useText()
  const { outline, error } = useYamlCheck(yaml, 0)
  if (ejecucion.casillaId === null) return <Empty text={t('yaml.notKept')} />
  if (error) return <ErrorBlock error={error.data} />
  if (yaml === undefined || outline === null) return <RowsSkeleton />
  return <TryRule executionId={ejecucion.id} yaml={yaml} outline={outline} />
}

function TryRule({ executionId, yaml, outline }: { executionId: string; yaml: string; outline: Outline }) {
  const { t } = useText()
  const editor = useRef<EditorHandle>(null)
  const [level, setLevel] = useState<Level>('row')
  const [catalog, setCatalog] = useState<string | null>(outline.catalogs[0]?.id ?? null)
  const [field, setField] = useState<string | null>(null)
  const [pack, setPack] = useState<string | null>(outline.packages[0]?.id ?? null)
  const [rule, setRule] = useState('')
  /** The rule that the outcome below is about: what is written after it does not keep its marks. */
  const [tried, setTried] = useState('')
  const run = useCommand('rules.try')
  const knowledge = useKnowledge(outline, 'rule', level === 'package' ? undefined : (catalog ?? undefined))
  const fields = outline.catalogs.find((item) => item.id === catalog)?.fields ?? []
  const chosenField = fields.find((item) => item.name === field)?.name ?? fields[0]?.name ?? null
  const problems = useMemo(
    () =>
      tried === rule
        ? (run.data?.problems ?? []).map((problem) => ({
            from: problem.from,
            to: problem.to,
            severity: 'error' as const,
            message: problem.hint ? `${problem.message}\n${problem.hint}` : problem.message,
          }))
        : [],
    [run.data, tried, rule],
  )
  const start = () => {
    if (rule.trim() === '') return
    setTried(rule)
    run.mutate({
      yaml,
      level,
      rule,
      executionId,
      ...(level === 'package' ? (pack ? { package: pack } : {}) : catalog ? { catalog } : {}),
      ...(level === 'field' && chosenField ? { field: chosenField } : {}),
    })
  }
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0, minWidth: 0 }}>
      <Group gap="sm" align="flex-end">
        <Select
          w={150}
          size="xs"
          label={t('try.level')}
          allowDeselect={false}
          data={LEVELS.map((value) => ({ value, label: t(LEVEL_KEY[value]) }))}
          value={level}
          onChange={(value) => setLevel(LEVELS.find((known) => known === value) ?? 'row')}
        />
        {level === 'package' ? (
          <Select
            w={220}
            size="xs"
            label={t('column.paquete')}
            allowDeselect={false}
            data={outline.packages.map((item) => ({ value: item.id, label: item.name }))}
            value={pack}
            onChange={setPack}
          />
        ) : (
          <Select
            w={200}
            size="xs"
            label={t('column.catalogo')}
            allowDeselect={false}
            data={outline.catalogs.map((item) => ({ value: item.id, label: item.name }))}
            value={catalog}
            onChange={setCatalog}
          />
        )}
        {level === 'field' ? (
          <Select
            w={220}
            size="xs"
            searchable
            label={t('column.campo')}
            allowDeselect={false}
            data={fields.map((item) => item.name)}
            value={chosenField}
            onChange={setField}
          />
        ) : null}
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={run.isPending}
          disabled={rule.trim() === ''}
          onClick={start}
        >
          {t('try.run')}
        </Button>
        <Text size="xs" c="dimmed" lh="30px">
          {t('try.help')}
        </Text>
      </Group>
      <div
        style={{
          height: 120,
          flexShrink: 0,
          border: '1px solid var(--sage-line)',
          borderRadius: 4,
          overflow: 'hidden',
        }}
        onKeyDownCapture={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          event.stopPropagation()
          start()
        }}
      >
        <CodeEditor
          language="python"
          label={t('try.editor')}
          value={rule}
          onChange={setRule}
          problems={problems}
          knowledge={knowledge}
          wrap
          handle={editor}
        />
      </div>
      {run.error ? <ErrorBlock error={run.error.data} onRetry={start} /> : null}
      {run.data ? <Result outcome={run.data} onGo={(offset) => editor.current?.goTo(offset)} /> : null}
      {!run.data && !run.error ? <Empty text={t('try.empty')} /> : null}
    </Stack>
  )
}

function Result({ outcome, onGo }: { outcome: Outcome; onGo: (offset: number) => void }) {
  const { t, number } = useText()
  if (outcome.problems.length > 0) {
    return (
      <Paper p="sm" role="alert">
        <Stack gap="xs">
          {outcome.problems.map((problem) => (
            <Group key={`${problem.from}:${problem.message}`} gap="sm" wrap="nowrap" align="flex-start">
              <IconCircleX
                size={16}
                color="var(--sage-red)"
                aria-hidden
                style={{ flexShrink: 0, marginTop: 2 }}
              />
              <Stack gap={0}>
                <Text size="sm">{problem.message}</Text>
                {problem.hint ? (
                  <Text size="sm" c="dimmed">
                    {problem.hint}
                  </Text>
                ) : null}
              </Stack>
              <Button variant="subtle" size="compact-xs" onClick={() => onGo(problem.from)}>
                {t('try.goTo')}
              </Button>
            </Group>
          ))}
        </Stack>
      </Paper>
    )
  }
  const passes = outcome.failing === 0 && outcome.ok !== false
  const Icon = passes ? IconCircleCheck : IconCircleX
  const words = passes
    ? t('try.passes', { total: outcome.total })
    : outcome.failing > 0
      ? t('try.fails', { n: outcome.failing, failing: number(outcome.failing), total: outcome.total })
      : t('try.failsOnce')
  return (
    <>
      <Group gap="xs" role="status">
        <Icon size={18} color={passes ? 'var(--sage-teal)' : 'var(--sage-red)'} aria-hidden />
        <Text size="sm" fw={600} className="sage-numbers">
          {words}
        </Text>
        {outcome.rows.length > 0 && outcome.rows.length < outcome.failing ? (
          <Text size="sm" c="dimmed">
            {t('try.shown', { n: outcome.rows.length })}
          </Text>
        ) : null}
      </Group>
      {outcome.rows.length > 0 ? (
        <PlainTable
          label={t('try.rows')}
          columns={outcome.columns}
          rows={outcome.rows.map((row) => row.cells)}
          head={{ title: t('column.registro'), of: (index) => number(outcome.rows[index]?.record ?? 0) }}
        />
      ) : null}
    </>
  )
}
