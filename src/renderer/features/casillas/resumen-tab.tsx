import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import { ProcessPanel } from '../../blocks/process-panel'
import { useReceptionActions } from '../../blocks/use-reception'
import { Fact } from '../../ui/fact'
import { formatLate } from '../../ui/format'
import { PunctualityBadge, ReceptionBadge } from '../../ui/reception-badge'
import { ExecutionBadge } from '../../ui/state-badge'
import { CatalogsTable } from './catalogs-table'
import { estadoValue, faseValue } from './last-execution'
import { type NextStep, nextSteps } from './next-steps'
import { usePlace } from './place'

const RateChart = lazy(() => import('./rate-chart'))

interface ResumenTabProps {
  casilla: Casilla
  recepcion: CasillaRecepcion | undefined
}

/** How a casilla is doing and what to do about it; a file can be sent from here too. */
export function ResumenTab({ casilla, recepcion }: ResumenTabProps) {
  return (
    <div style={{ overflow: 'auto', flex: 1, paddingBottom: 120 }}>
      <Stack gap="md">
        <Facts casilla={casilla} recepcion={recepcion} />
        <Next casilla={casilla} recepcion={recepcion} />
        <ProcessPanel casilla={casilla} sampleFirst={casilla.ultimaEjecucion === null} compact />
        {casilla.recientes.length > 0 ? (
          <Suspense fallback={<Card h={260} />}>
            <RateChart recientes={casilla.recientes} />
          </Suspense>
        ) : null}
        <CatalogsTable casilla={casilla} />
      </Stack>
    </div>
  )
}

function Facts({ casilla, recepcion }: ResumenTabProps) {
  const { t, date, number } = useText()
  const place = usePlace(casilla)
  const last = casilla.ultimaEjecucion
  const fase = faseValue(last?.fase)
  const { proximaEsperada, estado } = casilla.puntualidad
  return (
    <Card padding="sm">
      <SimpleGrid cols={3} spacing="lg" verticalSpacing="sm">
        <Fact label={t('resumen.state')}>
          {recepcion ? <ReceptionBadge estado={recepcion.estado} /> : null}
        </Fact>
        <Fact label={t('resumen.last')}>
          {last && fase ? (
            <Group gap="sm" wrap="nowrap" miw={0}>
              <Anchor component={Link} href={`/ejecuciones/${last.id}`} c="inherit" underline="hover">
                <ExecutionBadge fase={fase} estado={estadoValue(last.estado)} />
              </Anchor>
              <Text size="sm" c="dimmed" className="sage-numbers sage-cut">
                {last.terminadaEn ? date(last.terminadaEn) : ''}
              </Text>
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              {t('casilla.never')}
            </Text>
          )}
        </Fact>
        <Fact label={t('resumen.next')}>
          <Group gap="sm" wrap="nowrap">
            {proximaEsperada ? (
              <Text size="sm" className="sage-numbers" title={casilla.zonaHoraria}>
                {date(proximaEsperada)}
              </Text>
            ) : null}
            <PunctualityBadge estado={estado} />
          </Group>
        </Fact>
        <Fact label={t('resumen.folder')}>
          <Text
            size="xs"
            ff={place ? 'monospace' : undefined}
            c={place ? undefined : 'dimmed'}
            className="sage-cut"
            title={place ?? undefined}
            lh="22px"
          >
            {place ?? t('recepcion.sin_carpeta')}
          </Text>
        </Fact>
        <Fact label={t('resumen.lastFile')}>
          {recepcion?.ultimoArchivoEn ? (
            <Text size="sm" className="sage-numbers">
              {date(recepcion.ultimoArchivoEn)}
            </Text>
          ) : (
            <Text size="sm" c="dimmed">
              {t('resumen.none')}
            </Text>
          )}
        </Fact>
        <Fact label={t('resumen.queue')}>
          <Anchor
            component={Link}
            href={`/casillas/${casilla.id}/recepcion`}
            size="sm"
            className="sage-numbers"
          >
            {t('recepcion.counts', {
              waiting: number(recepcion?.enCola ?? 0),
              running: number(recepcion?.enCurso ?? 0),
              quarantine: number(recepcion?.cuarentena ?? 0),
            })}
          </Anchor>
        </Fact>
      </SimpleGrid>
    </Card>
  )
}

const TONE = {
  error: { color: 'var(--sage-red)', icon: IconCircleX },
  warning: { color: 'var(--sage-yellow)', icon: IconAlertTriangle },
  info: { color: 'var(--sage-blue)', icon: IconInfoCircle },
  ok: { color: 'var(--sage-teal)', icon: IconCircleCheck },
} as const

function Next({ casilla, recepcion }: ResumenTabProps) {
  const { t } = useText()
  return (
    <Card padding="sm" component="section" aria-label={t('next.title')}>
      <Title order={2} mb={6}>
        {t('next.title')}
      </Title>
      <Stack gap={6}>
        {nextSteps(casilla, recepcion).map((step) => (
          <Step key={step.kind} step={step} casilla={casilla} recepcion={recepcion} />
        ))}
      </Stack>
    </Card>
  )
}

function Step({ step, casilla, recepcion }: ResumenTabProps & { step: NextStep }) {
  const { t, date, lang } = useText()
  const { busy, togglePause } = useReceptionActions(casilla)
  const { color, icon: Icon } = TONE[step.tone]
  const { minutosTarde } = casilla.puntualidad
  const text = t(`next.${step.kind}`, {
    n: step.kind === 'pausada' ? (recepcion?.enCola ?? 0) : (recepcion?.cuarentena ?? 0),
    date: step.kind === 'pausada' ? date(casilla.pausadaEn ?? '') : '',
    late: formatLate(lang, minutosTarde),
    reason: recepcion?.motivo ?? '',
  })
  const href = hrefOf(step, casilla)
  return (
    <Group wrap="nowrap" gap="sm" mih={30}>
      <Icon size={18} color={color} aria-hidden style={{ flexShrink: 0 }} />
      <Text size="sm" style={{ flex: 1 }}>
        {text}
      </Text>
      {step.kind === 'pausada' ? (
        <Button variant="default" loading={busy} onClick={() => togglePause()}>
          {t('next.pausada.do')}
        </Button>
      ) : href ? (
        <Button variant="default" component={Link} href={href.path}>
          {t(href.key)}
        </Button>
      ) : null}
    </Group>
  )
}

function hrefOf({ kind }: NextStep, casilla: Casilla) {
  const home = `/casillas/${casilla.id}`
  const last = `/ejecuciones/${casilla.ultimaEjecucion?.id ?? ''}`
  switch (kind) {
    case 'inactiva':
    case 'sin_acceso':
    case 'sin_carpeta':
      return { path: `${home}/configuracion`, key: `next.${kind}.do` } as const
    case 'cuarentena':
      return { path: `${home}/recepcion?situacion=cuarentena`, key: 'next.cuarentena.do' } as const
    case 'atrasado':
      return { path: `${home}/recepcion`, key: 'next.atrasado.do' } as const
    case 'rechazado':
      return { path: `${last}/hallazgos`, key: 'next.rechazado.do' } as const
    case 'interrumpida':
      return { path: last, key: 'next.interrumpida.do' } as const
    default:
      return null
  }
}
