import { Alert, Button, Drawer, Group, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { EngineState } from '@shared/contract'
import type { TextKey } from '@shared/text'
import { IconCircleCheck, IconLoader2, IconPlayerStop } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { engineStore } from '../api/events'
import { useCommand, useOp } from '../api/hooks'
import { useStore } from '../api/store'
import { ErrorBlock } from '../ui/error-block'
import { useText } from './prefs'

type State = EngineState['state']

const LOOK: Record<State, { key: TextKey; color: string; icon: typeof IconLoader2 }> = {
  starting: { key: 'engine.starting', color: 'var(--sage-blue)', icon: IconLoader2 },
  ready: { key: 'engine.ready', color: 'var(--sage-teal)', icon: IconCircleCheck },
  degraded: { key: 'engine.degraded', color: 'var(--sage-yellow)', icon: IconLoader2 },
  stopped: { key: 'engine.stopped', color: 'var(--sage-red)', icon: IconPlayerStop },
}

/** A dot with words in the top bar; opens health. */
export function EngineStatus() {
  const { t } = useText()
  const engine = useStore(engineStore)
  const [opened, drawer] = useDisclosure(false)
  const look = LOOK[engine?.state ?? 'starting']
  return (
    <>
      <UnstyledButton
        onClick={drawer.open}
        aria-label={t('engine.open', { state: t(look.key) })}
        px={6}
        py={4}
      >
        <Group gap={6} wrap="nowrap">
          <span
            aria-hidden
            style={{ width: 9, height: 9, borderRadius: 9, background: look.color, display: 'inline-block' }}
          />
          <Text size="sm">{t(look.key)}</Text>
        </Group>
      </UnstyledButton>
      <Drawer opened={opened} onClose={drawer.close} title={t('health.title')} size={440}>
        {opened ? <Health state={engine} /> : null}
      </Drawer>
    </>
  )
}

const Row = ({ label, value }: { label: string; value: ReactNode }) => (
  <Table.Tr>
    <Table.Td c="dimmed" w={170}>
      {label}
    </Table.Td>
    <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
  </Table.Tr>
)

function Health({ state }: { state: EngineState | null }) {
  const { t, duration, number, date } = useText()
  const health = useOp('system.health', {}, { refetchInterval: 3000, staleTime: 0 })
  const restart = useCommand('engine.restart')
  const look = LOOK[state?.state ?? 'starting']
  const Icon = look.icon
  const info = health.data
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Icon size={20} color={look.color} aria-hidden />
        <Text fw={600}>{t(look.key)}</Text>
      </Group>
      {state?.reason ? <Text size="sm">{state.reason}</Text> : null}
      {state?.lastError ? <ErrorBlock error={state.lastError} title={t('health.lastError')} /> : null}
      <Table withRowBorders={false} layout="fixed">
        <Table.Tbody>
          {state ? <Row label={t('health.since')} value={date(state.since)} /> : null}
          {state ? <Row label={t('health.restarts')} value={number(state.restarts)} /> : null}
          {info ? (
            <>
              <Row label={t('health.uptime')} value={duration(info.uptimeSeconds * 1000)} />
              <Row label={t('health.running')} value={number(info.running)} />
              <Row
                label={t('health.memory')}
                value={t('health.memoryOf', { used: Math.round(info.rssMb), limit: info.memoryLimitMb })}
              />
              <Row
                label={t('health.host')}
                value={`${t(`health.host.${info.host}`)} · PID ${info.pid} · Node ${info.node}`}
              />
              <Row
                label={t('health.store')}
                value={t('health.storeOf', { path: info.storePath, version: info.storeVersion })}
              />
              <Row label={t('health.dataDir')} value={info.dataDir} />
            </>
          ) : null}
          {state?.logFile ? <Row label={t('health.log')} value={state.logFile} /> : null}
        </Table.Tbody>
      </Table>
      {health.error ? <ErrorBlock error={health.error.data} onRetry={() => void health.refetch()} /> : null}
      {restart.error ? <ErrorBlock error={restart.error.data} /> : null}
      <Group>
        <Button variant="default" loading={restart.isPending} onClick={() => restart.mutate({})}>
          {t('engine.restart')}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t('engine.restartHelp')}
      </Text>
    </Stack>
  )
}

/** Over every page while the engine does not answer: why, where to read more, what to do. */
export function EngineBanner() {
  const { t } = useText()
  const engine = useStore(engineStore)
  const restart = useCommand('engine.restart')
  if (!engine || engine.state === 'ready') return null
  const look = LOOK[engine.state]
  const Icon = look.icon
  const color = { starting: 'blue', degraded: 'yellow', stopped: 'red' }[engine.state]
  return (
    <Alert
      color={color}
      variant="light"
      radius={0}
      py="xs"
      role="status"
      icon={
        <Icon size={18} aria-hidden {...(engine.state === 'stopped' ? {} : { className: 'sage-turning' })} />
      }
      title={t(`engine.${engine.state}.title`)}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-end">
        <Stack gap={2} miw={0}>
          <Text size="sm">{engine.reason ?? t(`engine.${engine.state}.text`)}</Text>
          {engine.logFile ? (
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {t('engine.log', { file: engine.logFile })}
            </Text>
          ) : null}
        </Stack>
        {engine.state === 'starting' ? null : (
          <Button variant="default" loading={restart.isPending} onClick={() => restart.mutate({})}>
            {t('action.retry')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
