import { Anchor, Button, Drawer, Group, Stack, Table, Text } from '@mantine/core'
import type { Carga } from '@shared/model/materializacion'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { CargaBadge } from '../../ui/carga-badge'
import { CopyText } from '../../ui/copy-text'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { changesPath, ranFor } from './carga-facts'
import type { CargaFilters } from './carga-filters'
import { CargaProgress } from './carga-progress'

import { Problemas } from './problemas'
import { problemasDe } from './problemas-de'
import { canCancel, canRetry, useCargaActions } from './use-cargas'

interface CargaDrawerProps {
  shown: CargaFilters['carga']
  onClose: () => void
}

/** One load: how it stands, why, what it wrote in each table, and what can be done about it. */
export function CargaDrawer({ shown, onClose }: CargaDrawerProps) {
  const { t } = useText()
  const found = useOp('cargas.list', { ...shown, limit: 1 }, { enabled: shown !== undefined, keep: true })
  const row = shown && found.data?.items.find(({ executionId }) => executionId === shown.executionId)
  return (
    <Drawer
      opened={shown !== undefined}
      onClose={onClose}
      title={row?.archivo ?? t('cargas.title')}
      size={520}
    >
      {found.error ? <ErrorBlock error={found.error.data} onRetry={() => void found.refetch()} /> : null}
      {row ? (
        <Detail row={row} />
      ) : found.isFetching ? (
        <RowsSkeleton />
      ) : found.error ? null : (
        <Text size="sm">{t('carga.gone')}</Text>
      )}
    </Drawer>
  )
}

function Detail({ row }: { row: Carga }) {
  const { t } = useText()
  const { retry, retrying, cancel, cancelling } = useCargaActions()
  const again = canRetry(row) ? () => retry([row.id]) : undefined
  return (
    <Stack gap="md">
      <CargaBadge carga={row} size="lg" />
      {row.repetida ? <Text size="sm">{t('carga.repetida.help')}</Text> : null}
      {row.retenidaPor ? <Text size="sm">{t('carga.retenida.help', { file: row.retenidaPor })}</Text> : null}
      {row.estado === 'en_proceso' ? <CargaProgress carga={row} /> : null}
      {row.error ? (
        <>
          <ErrorBlock error={row.error} title={t('carga.couldNot')} {...(again ? { onRetry: again } : {})} />
          <Problemas problemas={problemasDe(row.error)} />
        </>
      ) : null}
      <Group gap="xs">
        {again && !row.error ? (
          <Button loading={retrying} onClick={again}>
            {t('action.retry')}
          </Button>
        ) : null}
        {row.estado === 'completado' ? (
          <Button variant="default" component={Link} href={changesPath(row)}>
            {t('cargas.seeChanges')}
          </Button>
        ) : null}
        <Button variant="default" component={Link} href={`/ejecuciones/${row.executionId}`}>
          {t('cargas.seeExecution')}
        </Button>
        {canCancel(row) && row.estado !== 'en_proceso' ? (
          <Button variant="subtle" color="red" loading={cancelling} onClick={() => cancel(row)}>
            {t('cargas.cancel')}
          </Button>
        ) : null}
      </Group>
      {row.tablas.length > 0 ? <Tables row={row} /> : null}
      <Facts row={row} />
    </Stack>
  )
}

const COUNTS = ['insertadas', 'actualizadas', 'eliminadas'] as const

function Tables({ row }: { row: Carga }) {
  const { t, number } = useText()
  return (
    <Table layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('column.tabla')}</Table.Th>
          {COUNTS.map((name) => (
            <Table.Th key={name} w={name === 'actualizadas' ? 116 : 100} ta="right">
              {t(`column.${name}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {row.tablas.map((tabla) => (
          <Table.Tr key={tabla.tabla}>
            <Table.Td className="sage-cut" title={tabla.tabla}>
              {tabla.tabla}
            </Table.Td>
            {COUNTS.map((name) => (
              <Table.Td key={name} ta="right" className="sage-numbers">
                {number(tabla[name])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Facts({ row }: { row: Carga }) {
  const { t, date, bytes, number, duration } = useText()
  const ms = ranFor(row)
  const facts: [string, ReactNode][] = [
    [
      t('column.materializacion'),
      <Anchor key="m" component={Link} size="sm" href={`/materializaciones/${row.materializacionId}`}>
        {row.materializacionNombre}
      </Anchor>,
    ],
    [t('column.casilla'), row.casillaNombre],
    [t('column.destino'), row.destinoNombre],
    [t('column.leidas'), row.estado === 'completado' ? number(row.totales.leidas) : ''],
    [t('column.tamano'), row.estado === 'completado' ? bytes(row.bytes) : ''],
    [t('column.duracion'), ms === null ? '' : duration(ms)],
    [t('column.pedida'), date(row.creadaEn)],
    [t('column.terminada'), row.terminadaEn ? date(row.terminadaEn) : ''],
    [t('column.intentos'), number(row.intentos)],
    [t('column.proximoIntento'), row.proximoIntento ? date(row.proximoIntento) : ''],
    [t('carga.control'), <CopyText key="id" value={row.id} label={t('carga.copyControl')} />],
  ]
  return (
    <Table withRowBorders={false} layout="fixed" horizontalSpacing={0}>
      <Table.Tbody className="sage-numbers">
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
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
