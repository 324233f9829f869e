import {
  Alert,
  Anchor,
  Button,
  Card,
  Group,
  SimpleGrid,
  Stack,
  Switch,
  Table,
  Text,
  Title,
} from '@mantine/core'
import type { Carga, Materializacion } from '@shared/model/materializacion'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { changesPath, ranFor } from '../../blocks/materializacion/carga-facts'
import { CargaProgress } from '../../blocks/materializacion/carga-progress'
import { CuandoText } from '../../blocks/materializacion/cuando-text'
import { claveDe, tablaTexto } from '../../blocks/materializacion/tipo-texto'
import { canRetry, useActivate, useCargaActions } from '../../blocks/materializacion/use-cargas'
import { CargaBadge } from '../../ui/carga-badge'
import { ErrorBlock } from '../../ui/error-block'
import { Fact } from '../../ui/fact'
import { formatInZone } from '../../ui/format'

/** How a materialization is doing and what it does, at a glance. */
export function ResumenTab({ row }: { row: Materializacion }) {
  const { t } = useText()
  return (
    <Stack gap="md" style={{ overflow: 'auto', flex: 1 }} pb={120}>
      {row.automatica ? (
        <Alert variant="light" style={{ flexShrink: 0 }}>
          {t('mat.automatica')}
        </Alert>
      ) : null}
      <Facts row={row} />
      <LastLoad row={row} />
      <Tables row={row} />
    </Stack>
  )
}

function Facts({ row }: { row: Materializacion }) {
  const { t, number } = useText()
  const { toggle, busy } = useActivate()
  return (
    <Card padding="sm">
      <SimpleGrid cols={3} spacing="lg" verticalSpacing="sm">
        <Fact label={t('mat.activeLabel')}>
          <Switch
            size="xs"
            label={t(row.activa ? 'mat.on' : 'mat.off')}
            checked={row.activa}
            disabled={busy}
            onChange={() => toggle(row)}
          />
        </Fact>
        <Fact label={t('mat.when')}>
          <Text size="sm">
            <CuandoText cuando={row.config.cuando} />
          </Text>
        </Fact>
        <Fact label={t('mat.nextLoad')}>
          <NextLoad row={row} />
        </Fact>
        <Fact label={t('column.destino')}>
          <Text size="sm" className="sage-cut" title={row.destinoNombre}>
            {row.destinoNombre}
          </Text>
        </Fact>
        <Fact label={t('column.pendientes')}>
          <Text size="sm" className="sage-numbers">
            {number(row.pendientes)}
          </Text>
        </Fact>
        <Fact label={t('column.fallidas')}>
          {row.fallidas > 0 ? (
            <Anchor
              component={Link}
              size="sm"
              className="sage-numbers"
              href={`/materializaciones/${row.id}/historial?estado=error`}
            >
              {t('mat.failedCount', { n: row.fallidas })}
            </Anchor>
          ) : (
            <Text size="sm" className="sage-numbers">
              {number(0)}
            </Text>
          )}
        </Fact>
      </SimpleGrid>
    </Card>
  )
}

/** In the zone of the casilla, as its hour was written. */
function NextLoad({ row }: { row: Materializacion }) {
  const { t, lang } = useText()
  const casilla = useOp('casillas.get', { id: row.casillaId }, { enabled: row.proximaCarga !== null })
  if (row.proximaCarga === null)
    return (
      <Text size="sm" c="dimmed">
        {t('mat.noNextLoad')}
      </Text>
    )
  const zona = casilla.data?.zonaHoraria
  return (
    <Text size="sm" className="sage-numbers">
      {zona ? `${formatInZone(lang, row.proximaCarga, zona)} (${zona})` : ''}
    </Text>
  )
}

const COUNTS = ['leidas', 'insertadas', 'actualizadas', 'eliminadas'] as const

function LastLoad({ row }: { row: Materializacion }) {
  const { t, date } = useText()
  const { retry } = useCargaActions()
  const carga = row.ultimaCarga
  if (!carga)
    return (
      <Card>
        <Title order={2} mb={4}>
          {t('column.ultimaCarga')}
        </Title>
        <Text size="sm" c="dimmed">
          {t(`mat.noLoads.${row.config.cuando.tipo}`)}
        </Text>
      </Card>
    )
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="md" wrap="nowrap" miw={0}>
            <Title order={2} style={{ flexShrink: 0 }}>
              {t('column.ultimaCarga')}
            </Title>
            <CargaBadge carga={carga} />
          </Group>
          <Text size="sm" c="dimmed" className="sage-numbers">
            {date(carga.terminadaEn ?? carga.creadaEn)}
          </Text>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Anchor
            component={Link}
            href={`/ejecuciones/${carga.executionId}`}
            size="sm"
            className="sage-cut"
            title={carga.archivo}
          >
            {carga.archivo}
          </Anchor>
        </Group>
        {carga.estado === 'en_proceso' ? <CargaProgress carga={carga} /> : null}
        {carga.estado === 'completado' ? <Numbers carga={carga} /> : null}
        {carga.error ? (
          <ErrorBlock
            error={carga.error}
            title={t('carga.couldNot')}
            {...(canRetry(carga) ? { onRetry: () => retry([carga.id]) } : {})}
          />
        ) : null}
      </Stack>
    </Card>
  )
}

function Numbers({ carga }: { carga: Carga }) {
  const { t, number, duration, bytes } = useText()
  const ms = ranFor(carga)
  return (
    <Group gap="xl">
      {COUNTS.map((name) => (
        <div key={name}>
          <Text size="lg" fw={600} className="sage-numbers">
            {number(carga.totales[name])}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`column.${name}`)}
          </Text>
        </div>
      ))}
      <div>
        <Text size="lg" fw={600} className="sage-numbers">
          {ms === null ? '' : duration(ms)}
        </Text>
        <Text size="xs" c="dimmed" className="sage-numbers">
          {bytes(carga.bytes)}
        </Text>
      </div>
      <Button variant="default" component={Link} href={changesPath(carga)} ml="auto">
        {t('cargas.seeChanges')}
      </Button>
    </Group>
  )
}

function Tables({ row }: { row: Materializacion }) {
  const { t, number } = useText()
  return (
    <Card>
      <Title order={2} mb="xs">
        {t('mat.tables')}
      </Title>
      <Table layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.catalogo')}</Table.Th>
            <Table.Th>{t('column.tabla')}</Table.Th>
            <Table.Th w={180}>{t('column.estrategia')}</Table.Th>
            <Table.Th>{t('mat.key')}</Table.Th>
            <Table.Th w={96} ta="right">
              {t('column.columnas')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {row.config.tablas.map((tabla) => (
            <Table.Tr key={`${tabla.catalogo}:${tabla.tabla}`}>
              <Table.Td className="sage-cut" title={tabla.catalogo}>
                {tabla.catalogo}
              </Table.Td>
              <Table.Td className="sage-cut" title={tablaTexto(tabla)}>
                {tablaTexto(tabla)}
              </Table.Td>
              <Table.Td>{t(`estrategia.${tabla.estrategia.tipo}`)}</Table.Td>
              <Table.Td className="sage-cut" title={claveDe(tabla).join(', ')}>
                {claveDe(tabla).join(', ')}
              </Table.Td>
              <Table.Td ta="right" className="sage-numbers">
                {number(tabla.columnas.length)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
