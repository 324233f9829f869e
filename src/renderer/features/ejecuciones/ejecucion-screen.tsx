import { Anchor, Button, Card, Group, Stack, Tabs, Text } from '@mantine/core'
import type { OperationOutput } from '@shared/contract'
import type { Ejecucion, Verdict } from '@shared/model/execution'
import { Link } from 'wouter'
import { toCallError } from '../../api/client'
import { useCommand, useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { ExecutionProgress } from '../../blocks/execution-progress'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { notifyError } from '../../ui/notify'
import { Page } from '../../ui/page'
import { ExecutionBadge } from '../../ui/state-badge'
import { CargasTab } from './cargas-tab'
import { FilesTab } from './files-tab'
import { FindingsTab } from './findings-tab'
import { SummaryTab } from './summary-tab'
import { TransformationsTab } from './transformations-tab'
import { TryRuleTab } from './try-rule-tab'
import { OpenButtons, VerdictHeader } from './verdict-header'
import { YamlUsedTab } from './yaml-used-tab'

const TABS = ['resumen', 'hallazgos', 'archivos', 'cargas', 'yaml', 'probar', 'transformaciones'] as const
type Tab = (typeof TABS)[number]

/** One execution: while it runs its progress, afterwards its verdict. */
export default function EjecucionScreen({ id, tab }: { id: string; tab?: string | undefined }) {
  const { t } = useText()
  const query = useOp('executions.get', { executionId: id })
  if (query.error) {
    return (
      <Page title={t('execution.title')}>
        <ErrorBlock error={query.error.data} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  if (!query.data) {
    return (
      <Page title={t('execution.title')}>
        <RowsSkeleton />
      </Page>
    )
  }
  const { ejecucion, verdict } = query.data
  if (verdict && ejecucion.fase === 'terminada') {
    return (
      <Finished
        ejecucion={ejecucion}
        verdict={verdict}
        tab={TABS.find((name) => name === tab) ?? 'resumen'}
      />
    )
  }
  return <Unfinished {...query.data} />
}

function Purpose({ ejecucion }: { ejecucion: Ejecucion }) {
  const { t, date } = useText()
  return (
    <>
      {ejecucion.casillaId !== null && ejecucion.casillaNombre ? (
        <Anchor component={Link} href={`/casillas/${ejecucion.casillaId}`} size="sm">
          {ejecucion.casillaNombre}
        </Anchor>
      ) : (
        t('execution.noCasilla')
      )}
      {` · ${date(ejecucion.creadaEn)}`}
    </>
  )
}

function RerunButton({ ejecucion, primary = false }: { ejecucion: Ejecucion; primary?: boolean }) {
  const { t } = useText()
  const rerun = useCommand('executions.rerun', ['executions.list'])
  const again = async () => {
    try {
      const { executionId } = await rerun.mutateAsync({ executionId: ejecucion.id })
      navigate(`/ejecuciones/${executionId}`)
    } catch (error) {
      notifyError(toCallError(error).data)
    }
  }
  return (
    <Button variant={primary ? 'filled' : 'default'} loading={rerun.isPending} onClick={() => void again()}>
      {t('action.rerun')}
    </Button>
  )
}

/** Waiting, running, cancelled, interrupted, or it could not run: what happened and what can be done. */
function Unfinished({ ejecucion }: OperationOutput<'executions.get'>) {
  const { t } = useText()
  const running = ejecucion.fase === 'en_curso' || ejecucion.fase === 'en_espera'
  return (
    <Page
      title={ejecucion.archivo}
      purpose={<Purpose ejecucion={ejecucion} />}
      action={running ? undefined : <RerunButton ejecucion={ejecucion} primary />}
    >
      <Card maw={760}>
        <Stack gap="sm">
          <ExecutionBadge fase={ejecucion.fase} estado={ejecucion.estado} size="lg" />
          {running ? (
            <ExecutionProgress ejecucion={ejecucion} />
          ) : (
            <Text size="sm">{t(`execution.about.${ejecucion.fase}`)}</Text>
          )}
          {ejecucion.error ? (
            <ErrorBlock
              error={ejecucion.error}
              title={t(ejecucion.fase === 'interrumpida' ? 'execution.interrupted' : 'execution.couldNot')}
            />
          ) : null}
        </Stack>
      </Card>
    </Page>
  )
}

interface FinishedProps {
  ejecucion: Ejecucion
  verdict: Verdict
  tab: Tab
}

function Finished({ ejecucion, verdict, tab }: FinishedProps) {
  const { t, number } = useText()
  const yaml = useOp(
    'casillas.yaml',
    { id: ejecucion.casillaId ?? 1, ...(ejecucion.yamlVersion ? { version: ejecucion.yamlVersion } : {}) },
    {
      enabled: ejecucion.casillaId !== null && ejecucion.yamlVersion !== null,
      staleTime: Number.POSITIVE_INFINITY,
    },
  )
  const current = useOp(
    'casillas.yaml',
    { id: ejecucion.casillaId ?? 1 },
    { enabled: ejecucion.casillaId !== null },
  )
  const text = yaml.data?.text
  const transforms = [text, current.data?.text].some(
    (one) => one !== undefined && /^\s*(['"]?)transformations\1\s*:/m.test(one),
  )
  const tabs = TABS.filter((name) => name !== 'transformaciones' || transforms || tab === name)
  const badge: Partial<Record<Tab, string>> = {
    archivos: verdict.fileErrors.length > 0 ? number(verdict.fileErrors.length) : '',
  }
  return (
    <Page
      title={ejecucion.archivo}
      purpose={<Purpose ejecucion={ejecucion} />}
      action={
        <>
          <RerunButton ejecucion={ejecucion} />
          <OpenButtons id={ejecucion.id} primary={tab !== 'probar'} />
        </>
      }
      fill
    >
      <VerdictHeader ejecucion={ejecucion} verdict={verdict} />
      <Tabs
        value={tab}
        onChange={(value) => navigate(`/ejecuciones/${ejecucion.id}/${value ?? 'resumen'}`)}
        style={{ flexShrink: 0 }}
        mb="sm"
      >
        <Tabs.List>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`execution.tab.${name}`)}
              {badge[name] ? (
                <Text component="span" size="xs" c="dimmed" ml={6} className="sage-numbers">
                  {badge[name]}
                </Text>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Group gap={0} align="stretch" style={{ flex: 1, minHeight: 0 }} wrap="nowrap">
        {tab === 'resumen' ? <SummaryTab verdict={verdict} /> : null}
        {tab === 'hallazgos' ? <FindingsTab verdict={verdict} /> : null}
        {tab === 'archivos' ? <FilesTab verdict={verdict} /> : null}
        {tab === 'cargas' ? <CargasTab ejecucion={ejecucion} /> : null}
        {tab === 'yaml' ? <YamlUsedTab ejecucion={ejecucion} yaml={yaml} /> : null}
        {tab === 'probar' ? <TryRuleTab key={ejecucion.id} ejecucion={ejecucion} yaml={text} /> : null}
        {tab === 'transformaciones' ? (
          <TransformationsTab ejecucion={ejecucion} used={yaml.data} current={current.data} />
        ) : null}
      </Group>
    </Page>
  )
}
