import { ActionIcon, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconBan, IconCircleCheck, IconCircleX, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { announce } from '../api/events'
import { cancelTransferencia, dismissTransferencia, type Transferencia } from '../api/transferencias'
import { type Look, LookBadge } from '../ui/state-badge'
import { useText } from './prefs'

export const transferenciaRuns = ({ estado }: Transferencia) => estado === 'en_curso'

const LOOK: Record<Exclude<Transferencia['estado'], 'en_curso'>, Look> = {
  lista: { key: 'transferencia.lista', color: 'var(--sage-teal)', icon: IconCircleCheck },
  fallida: { key: 'transferencia.fallida', color: 'var(--sage-red)', icon: IconCircleX },
  cancelada: { key: 'transferencia.cancelada', color: 'var(--sage-gray)', icon: IconBan },
}

/** Says aloud each transfer that ends, once. */
export function useAnnouncedTransfers(rows: readonly Transferencia[]) {
  const { t } = useText()
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const { id, estado, archivo } of rows) {
      if (estado === 'en_curso') running.current.add(id)
      else if (running.current.delete(id)) announce(`${archivo}: ${t(LOOK[estado].key)}`)
    }
  }, [rows, t])
}

/** A file in the tray: how far it is, or where it came to lie. */
export function TrayTransferencia({ row }: { row: Transferencia }) {
  const { t } = useText()
  const { archivo, estado } = row
  return (
    <Stack gap={4} pt="xs" style={{ borderTop: '1px solid var(--sage-line)' }}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" className="sage-cut" title={archivo}>
          {archivo}
        </Text>
        {estado === 'en_curso' ? null : (
          <ActionIcon
            size="sm"
            aria-label={t('tray.dismiss', { file: archivo })}
            onClick={() => dismissTransferencia(row.id)}
          >
            <IconX size={14} />
          </ActionIcon>
        )}
      </Group>
      {estado === 'en_curso' ? <Moving row={row} /> : <Ended row={row} estado={estado} />}
    </Stack>
  )
}

function Moving({ row }: { row: Transferencia }) {
  const { t, bytes } = useText()
  const { sentido, proveedor, total } = row
  const percent = total ? Math.min(100, Math.round((row.bytes / total) * 100)) : null
  const label = t(sentido === 'subir' ? 'transferencia.subiendo' : 'transferencia.bajando', {
    name: proveedor,
  })
  return (
    <>
      <Progress value={percent ?? 100} animated={percent === null} size="md" aria-label={label} />
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c="dimmed" className="sage-numbers sage-cut" title={label}>
          {total === null
            ? bytes(row.bytes)
            : t('transferencia.de', { done: bytes(row.bytes), total: bytes(total) })}
          {` · ${label}`}
        </Text>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          style={{ flexShrink: 0 }}
          onClick={() => cancelTransferencia(row.id)}
        >
          {t('action.cancel')}
        </Button>
      </Group>
    </>
  )
}

function Ended({ row, estado }: { row: Transferencia; estado: keyof typeof LOOK }) {
  const { error, donde } = row
  const where = error === null ? donde : [error.message, error.hint].filter(Boolean).join(' ')
  return (
    <>
      <LookBadge look={LOOK[estado]} />
      {where ? (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {where}
        </Text>
      ) : null}
    </>
  )
}
