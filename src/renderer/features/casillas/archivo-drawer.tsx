import { Anchor, Button, Drawer, Group, Stack, Table, Text, Timeline } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import type { ArchivoRecibido } from '@shared/model/recepcion'
import { IconCheck, IconMinus, IconPointFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { useReceptionActions } from '../../blocks/use-reception'
import { metodoKey } from '../../blocks/values'
import { CopyText } from '../../ui/copy-text'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { SituacionBadge, situacionOf } from '../../ui/reception-badge'
import { type PathStep, pathOf } from './archivo-path'
import { useReason } from './use-reason'

interface ArchivoDrawerProps {
  casilla: Casilla
  id: number | undefined
  onClose: () => void
  /** Leads to another file: the one this repeats. */
  onShow: (id: number) => void
}

/** One received file: where it is on its way, why, and what can be done about it. */
export function ArchivoDrawer({ casilla, id, onClose, onShow }: ArchivoDrawerProps) {
  const { t } = useText()
  const found = useOp(
    'recepcion.archivos',
    { archivoId: id ?? 1, limit: 1 },
    { enabled: id !== undefined, keep: true },
  )
  const row = id === undefined ? undefined : found.data?.items.find((item) => item.id === id)
  return (
    <Drawer opened={id !== undefined} onClose={onClose} title={row?.nombre ?? t('archivos.title')} size={480}>
      {found.error ? <ErrorBlock error={found.error.data} onRetry={() => void found.refetch()} /> : null}
      {row ? (
        <Detail casilla={casilla} row={row} onShow={onShow} />
      ) : found.isFetching ? (
        <RowsSkeleton />
      ) : found.error ? null : (
        <Text size="sm">{t('archivo.gone')}</Text>
      )}
    </Drawer>
  )
}

function Detail({
  casilla,
  row,
  onShow,
}: {
  casilla: Casilla
  row: ArchivoRecibido
  onShow: (id: number) => void
}) {
  const { t } = useText()
  const { retry, retrying, processNow, hurrying } = useReceptionActions(casilla)
  const reason = useReason()(row)
  const waits = row.desenlace === null && (row.estado === 'detectado' || row.proximoIntento !== null)
  return (
    <Stack gap="md">
      <SituacionBadge situacion={situacionOf(row)} size="lg" />
      {reason ? (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
      ) : null}
      <Group gap="xs">
        {row.executionId && row.desenlace !== 'duplicado' ? (
          <Button variant="default" component={Link} href={`/ejecuciones/${row.executionId}`}>
            {t('archivo.seeExecution')}
          </Button>
        ) : null}
        {row.estado === 'cuarentena' ? (
          <Button loading={retrying} onClick={() => retry([row.id])}>
            {t('action.retry')}
          </Button>
        ) : null}
        {waits ? (
          <Button variant="default" loading={hurrying} onClick={() => processNow(row.id)}>
            {t('archivo.ahora')}
          </Button>
        ) : null}
      </Group>
      <Way row={row} />
      {row.duplicadoDe === null ? null : <Previous id={row.duplicadoDe} onShow={onShow} />}
      <Facts row={row} />
    </Stack>
  )
}

const COLOR: Record<PathStep['mark'], string> = {
  done: 'teal',
  now: 'blue',
  ahead: 'gray',
  skipped: 'gray',
}

function Way({ row }: { row: ArchivoRecibido }) {
  const { t, date } = useText()
  const steps = pathOf(row)
  const at = steps.reduce((last, { mark }, index) => (mark === 'done' || mark === 'now' ? index : last), 0)
  const bullet = ({ mark }: PathStep) =>
    mark === 'done' ? <IconCheck size={12} /> : mark === 'skipped' ? <IconMinus size={12} /> : null
  return (
    <section aria-label={t('archivo.path')}>
      <Timeline active={at} bulletSize={20} lineWidth={2}>
        {steps.map((step) => (
          <Timeline.Item
            key={step.estado}
            color={COLOR[step.mark]}
            bullet={step.mark === 'now' ? <IconPointFilled size={14} /> : bullet(step)}
            title={
              <Text
                size="sm"
                fw={step.mark === 'now' ? 600 : 400}
                c={step.mark === 'ahead' || step.mark === 'skipped' ? 'dimmed' : undefined}
                td={step.mark === 'skipped' ? 'line-through' : undefined}
              >
                {t(`archivo.path.${step.estado}`)}
              </Text>
            }
            {...(step.mark === 'now' ? { 'aria-current': 'step' as const } : {})}
          >
            <Text size="xs" c="dimmed" className="sage-numbers">
              {step.estado === 'detectado'
                ? date(row.detectadoEn)
                : step.mark === 'now' && row.terminadoEn
                  ? date(row.terminadoEn)
                  : ''}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  )
}

/** The file that came first with the same content. */
function Previous({ id, onShow }: { id: number; onShow: (id: number) => void }) {
  const { t, date } = useText()
  const found = useOp('recepcion.archivos', { archivoId: id, limit: 1 })
  const row = found.data?.items[0]
  return (
    <section aria-label={t('archivo.anterior')}>
      <Text size="sm" fw={600} mb={4}>
        {t('archivo.anterior')}
      </Text>
      {row ? (
        <Stack gap={4} p="xs" style={{ border: '1px solid var(--sage-line)', borderRadius: 4 }}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" className="sage-cut" title={row.nombre}>
              {row.nombre}
            </Text>
            <span style={{ flexShrink: 0 }}>
              <SituacionBadge situacion={situacionOf(row)} />
            </span>
          </Group>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="xs" c="dimmed" className="sage-numbers">
              {date(row.detectadoEn)}
            </Text>
            <Anchor component="button" type="button" size="sm" onClick={() => onShow(row.id)}>
              {t('archivo.seePrevious')}
            </Anchor>
          </Group>
        </Stack>
      ) : found.data ? (
        <Text size="sm" c="dimmed">
          {t('archivo.anteriorGone')}
        </Text>
      ) : null}
    </section>
  )
}

function Facts({ row }: { row: ArchivoRecibido }) {
  const { t, date, bytes, number } = useText()
  const metodo = metodoKey(row.metodo)
  const facts: [string, ReactNode][] = [
    [t('column.tamano'), bytes(row.bytes)],
    [t('column.detectado'), date(row.detectadoEn)],
    ...(row.terminadoEn ? [[t('column.terminado'), date(row.terminadoEn)] as [string, ReactNode]] : []),
    ...(row.proximoIntento
      ? [[t('column.proximoIntento'), date(row.proximoIntento)] as [string, ReactNode]]
      : []),
    [t('column.intentos'), number(row.intentos)],
    [t('column.metodo'), metodo ? t(metodo) : row.metodo],
    ...(row.emisorNombre ? [[t('column.emisor'), row.emisorNombre] as [string, ReactNode]] : []),
    ...(row.sha256
      ? [
          [
            'SHA-256',
            <CopyText
              key="sha"
              value={row.sha256}
              shown={row.sha256.slice(0, 16)}
              label={t('verdict.copySha')}
            />,
          ] as [string, ReactNode],
        ]
      : []),
  ]
  return (
    <Table withRowBorders={false} layout="fixed" horizontalSpacing={0}>
      <Table.Tbody className="sage-numbers">
        {facts.map(([label, value]) => (
          <Table.Tr key={label}>
            <Table.Td w={150} c="dimmed">
              {label}
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
