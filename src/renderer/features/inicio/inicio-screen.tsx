import {
  Anchor,
  Button,
  Card,
  Group,
  SimpleGrid,
  Stack,
  Table,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import type { Casilla } from '@shared/model/casilla'
import type { Ejecucion } from '@shared/model/execution'
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { CasillaSelect } from '../../blocks/casilla-select'
import { ProcessPanel } from '../../blocks/process-panel'
import { ESTADO_VALUES } from '../../blocks/values'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { Page } from '../../ui/page'
import { EstadoBadge, ExecutionBadge } from '../../ui/state-badge'
import { countByDay, firstDay } from './by-day'

const DayChart = lazy(() => import('./day-chart'))
const DAYS = 14

/** First time: the sample, ready. Afterwards: where to drop the next file, and how the last ones ended. */
export function InicioScreen() {
  const { t } = useText()
  const casillas = useOp('casillas.list', {})
  const last = useOp('executions.list', { limit: 8 })
  const error = casillas.error ?? last.error
  if (error) {
    return (
      <Page title={t('nav.inicio')} purpose={t('home.purpose')}>
        <ErrorBlock
          error={error.data}
          onRetry={() => {
            void casillas.refetch()
            void last.refetch()
          }}
        />
      </Page>
    )
  }
  if (!casillas.data || !last.data) {
    return (
      <Page title={t('nav.inicio')} purpose={t('home.purpose')}>
        <RowsSkeleton />
      </Page>
    )
  }
  const items = casillas.data.items
  const first = last.data.total === 0
  return (
    <Page title={t('nav.inicio')} purpose={first ? t('home.purposeFirst') : t('home.purpose')}>
      <Stack gap="md" pb={120}>
        {items.length === 0 ? (
          <Empty
            text={t('casillas.empty')}
            action={
              <Button component={Link} href="/casillas/nueva">
                {t('casilla.create')}
              </Button>
            }
          />
        ) : (
          <Process casillas={items} first={first} />
        )}
        {first ? null : <Afterwards last={last.data.items} />}
      </Stack>
    </Page>
  )
}

function Process({ casillas, first }: { casillas: Casilla[]; first: boolean }) {
  const { t } = useText()
  const [kept, setKept] = useLocalStorage<number | null>({ key: 'sage.home.casilla', defaultValue: null })
  const sample = casillas.find((casilla) => casilla.muestra !== null && casilla.activa)
  const chosen =
    casillas.find((casilla) => casilla.id === kept) ?? (first ? sample : undefined) ?? casillas[0]
  if (!chosen) return null
  return (
    <Card>
      <Group justify="space-between" mb="sm" wrap="nowrap" align="flex-start">
        <Stack gap={2} miw={0}>
          <Group gap="sm" wrap="nowrap">
            <Title order={2} className="sage-cut">
              <Anchor component={Link} href={`/casillas/${chosen.id}`} inherit c="inherit">
                {chosen.nombre}
              </Anchor>
            </Title>
            {first && chosen.muestra !== null ? (
              <Text size="sm" c="var(--sage-teal)" fw={500}>
                {t('home.ready')}
              </Text>
            ) : null}
          </Group>
          <Text size="sm" c="dimmed" lineClamp={2}>
            {first && chosen.muestra !== null ? t('home.sampleHelp') : chosen.descripcion}
          </Text>
        </Stack>
        {casillas.length > 1 ? (
          <CasillaSelect
            width={240}
            label={t('home.chooseCasilla')}
            casillas={casillas}
            value={chosen.id}
            onChange={(id) => id !== undefined && setKept(id)}
          />
        ) : null}
      </Group>
      <ProcessPanel key={chosen.id} casilla={chosen} sampleFirst={first} compact={!first} />
    </Card>
  )
}

function Tile({ label, total, href }: { label: React.ReactNode; total: number | undefined; href: string }) {
  const { number } = useText()
  return (
    <UnstyledButton component={Link} href={href}>
      <Card padding="sm">
        {label}
        <Text fz={24} fw={600} className="sage-numbers" lh={1.3}>
          {total === undefined ? '–' : number(total)}
        </Text>
      </Card>
    </UnstyledButton>
  )
}

const useCount = (filter: { estado?: Ejecucion['estado'] & string; fase?: Ejecucion['fase'] }) =>
  useOp('executions.list', { limit: 1, ...filter }).data?.total

function Tiles() {
  const totals = {
    Éxito: useCount({ estado: 'Éxito' }),
    Parcial: useCount({ estado: 'Parcial' }),
    Fallido: useCount({ estado: 'Fallido' }),
  }
  const running = useCount({ fase: 'en_curso' })
  return (
    <SimpleGrid cols={4} spacing="md">
      {ESTADO_VALUES.map((estado) => (
        <Tile
          key={estado}
          label={<EstadoBadge estado={estado} />}
          total={totals[estado]}
          href={`/ejecuciones?estado=${encodeURIComponent(estado)}`}
        />
      ))}
      <Tile
        label={<ExecutionBadge fase="en_curso" estado={null} />}
        total={running}
        href="/ejecuciones?fase=en_curso"
      />
    </SimpleGrid>
  )
}

function Afterwards({ last }: { last: Ejecucion[] }) {
  const { t, date, number } = useText()
  const [now] = useState(() => new Date())
  const recent = useOp(
    'executions.list',
    { limit: 1000, from: firstDay(now, DAYS).toISOString() },
    { keep: true },
  )
  const counts = useMemo(() => countByDay(recent.data?.items ?? [], now, DAYS), [recent.data, now])
  return (
    <>
      <Tiles />
      <Card>
        <Group justify="space-between" mb="xs">
          <Title order={2}>{t('home.last')}</Title>
          <Anchor component={Link} href="/ejecuciones" size="sm">
            {t('home.all')}
          </Anchor>
        </Group>
        <Table highlightOnHover layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={150}>{t('column.estado')}</Table.Th>
              <Table.Th>{t('column.archivo')}</Table.Th>
              <Table.Th>{t('column.casilla')}</Table.Th>
              <Table.Th w={110} ta="right">
                {t('column.errores')}
              </Table.Th>
              <Table.Th w={110} ta="right">
                {t('column.avisos')}
              </Table.Th>
              <Table.Th w={160}>{t('column.creadaEn')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="sage-numbers">
            {last.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <ExecutionBadge fase={row.fase} estado={row.estado} />
                </Table.Td>
                <Table.Td className="sage-cut" title={row.archivo}>
                  <Anchor component={Link} href={`/ejecuciones/${row.id}`} size="sm">
                    {row.archivo}
                  </Anchor>
                </Table.Td>
                <Table.Td className="sage-cut" title={row.casillaNombre ?? ''}>
                  {row.casillaNombre}
                </Table.Td>
                <Table.Td ta="right">{number(row.errores)}</Table.Td>
                <Table.Td ta="right">{number(row.warnings)}</Table.Td>
                <Table.Td>{date(row.creadaEn)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Card>
      <Suspense fallback={<Card h={290} />}>
        <DayChart counts={counts} />
      </Suspense>
    </>
  )
}
