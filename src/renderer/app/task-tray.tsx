import { ActionIcon, Anchor, Badge, Collapse, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Ejecucion } from '@shared/model/execution'
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { cargaTaskStore } from '../api/cargas'
import { announce, dismissTask, taskStore } from '../api/events'
import { useStore } from '../api/store'
import { transferenciaStore } from '../api/transferencias'
import { ExecutionProgress } from '../blocks/execution-progress'
import { ExecutionBadge, estadoKey, faseKey } from '../ui/state-badge'
import { useText } from './prefs'
import { cargaRuns, TrayCarga, useAnnouncedLoads } from './tray-carga'
import { TrayTransferencia, transferenciaRuns, useAnnouncedTransfers } from './tray-transferencia'

const runs = (row: Ejecucion) => row.fase === 'en_curso' || row.fase === 'en_espera'

/** Says aloud each execution that ends, once. */
function useAnnouncedEnds(tasks: readonly Ejecucion[]) {
  const { t } = useText()
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const task of tasks) {
      if (runs(task)) running.current.add(task.id)
      else if (running.current.delete(task.id)) {
        const key = task.fase === 'terminada' && task.estado ? estadoKey(task.estado) : faseKey(task.fase)
        announce(t('execution.finished', { file: task.archivo, estado: t(key) }))
      }
    }
  }, [tasks, t])
}

/** What runs, and what just ended, whatever page is open. */
export function TaskTray() {
  const { t } = useText()
  const all = useStore(taskStore)
  const cargas = useStore(cargaTaskStore)
  useAnnouncedEnds(all)
  useAnnouncedLoads(cargas)
  const files = useStore(transferenciaStore)
  useAnnouncedTransfers(files)
  // The page of an execution already shows what the tray would say of it.
  const [path] = useLocation()
  const own = path.startsWith('/ejecuciones/') ? path.split('/')[2] : undefined
  const seen = all.find((task) => task.id === own && !runs(task))?.id
  useEffect(() => {
    if (seen) dismissTask(seen)
  }, [seen])
  const tasks = all.filter((task) => task.id !== own)
  const [open, { toggle }] = useDisclosure(true)
  if (tasks.length + cargas.length + files.length === 0) return null
  const running =
    tasks.filter(runs).length + cargas.filter(cargaRuns).length + files.filter(transferenciaRuns).length
  return (
    <Paper
      component="section"
      aria-label={t('tray.title')}
      shadow="md"
      style={{ position: 'fixed', right: 16, bottom: 16, width: 360, zIndex: 150 }}
    >
      <UnstyledButton onClick={toggle} aria-expanded={open} px="sm" py={6} w="100%">
        <Group justify="space-between">
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {t('tray.title')}
            </Text>
            {running > 0 ? (
              <Badge size="sm" variant="light" color="blue">
                {t('tray.running', { n: running })}
              </Badge>
            ) : null}
          </Group>
          {open ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>
        <Stack gap="sm" px="sm" pb="sm" mah={320} style={{ overflowY: 'auto' }}>
          {tasks.map((task) => (
            <Stack key={task.id} gap={4} pt="xs" style={{ borderTop: '1px solid var(--sage-line)' }}>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" className="sage-cut" title={task.archivo}>
                  {task.archivo}
                </Text>
                {runs(task) ? null : (
                  <ActionIcon
                    size="sm"
                    aria-label={t('tray.dismiss', { file: task.archivo })}
                    onClick={() => dismissTask(task.id)}
                  >
                    <IconX size={14} />
                  </ActionIcon>
                )}
              </Group>
              {runs(task) ? (
                <ExecutionProgress ejecucion={task} />
              ) : (
                <Group justify="space-between" wrap="nowrap">
                  <ExecutionBadge fase={task.fase} estado={task.estado} />
                  <Anchor component={Link} href={`/ejecuciones/${task.id}`} size="sm">
                    {t('tray.seeResult')}
                  </Anchor>
                </Group>
              )}
            </Stack>
          ))}
          {cargas.map((carga) => (
            <TrayCarga key={carga.id} carga={carga} />
          ))}
          {files.map((row) => (
            <TrayTransferencia key={row.id} row={row} />
          ))}
        </Stack>
      </Collapse>
    </Paper>
  )
}
