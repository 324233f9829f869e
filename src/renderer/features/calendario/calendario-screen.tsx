import { ActionIcon, Button, Group, Select, Text, Title } from '@mantine/core'
import type { DiaCalendario, Espera } from '@shared/model/calendario'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useSearch } from 'wouter'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { CasillaSelect } from '../../blocks/casilla-select'
import { ESPERA, EsperaBadge, esperaOf } from '../../blocks/expected-badge'
import { showDay } from '../../ui/day'
import { ErrorBlock } from '../../ui/error-block'
import { formatLate } from '../../ui/format'
import type { GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { usePagedSource } from '../../ui/grid/source'
import { Page } from '../../ui/page'
import { EstadoBadge, estadoKey } from '../../ui/state-badge'
import { addMonths, edgesOf, monthOf, parseDayOf, parseMonth, todayOf, weeksOf } from './month'
import { hrefOf, looksOf, MonthGrid } from './month-grid'

const ESTADOS_VALUES = [
  'recibido',
  'pendiente',
  'atrasado',
  'falto',
] as const satisfies readonly Espera['estado'][]

/** Dates brought to name them in the cells: days beyond them are counted. */
const NAMED = 1_000

interface View {
  mes: string
  dia: string | null
  casilla: number | undefined
  estado: Espera['estado'] | undefined
}

function parseView(search: string, today: string): View {
  const params = new URLSearchParams(search)
  const dia = parseDayOf(params.get('dia'))
  const casilla = Number(params.get('casilla'))
  return {
    mes: parseMonth(params.get('mes')) ?? monthOf(dia ?? today),
    dia,
    casilla: Number.isInteger(casilla) && casilla > 0 ? casilla : undefined,
    estado: ESTADOS_VALUES.find((estado) => estado === params.get('estado')),
  }
}

function goTo(view: View): void {
  const params = new URLSearchParams({ mes: view.mes })
  if (view.dia) params.set('dia', view.dia)
  if (view.casilla) params.set('casilla', String(view.casilla))
  if (view.estado) params.set('estado', view.estado)
  navigate(`/calendario?${params}`, { replace: true })
}

const pick = (output: { items: Espera[]; total: number }) => output

/** What is due, received and late, month by month. */
export default function CalendarioScreen() {
  const { t } = useText()
  const today = todayOf(new Date())
  const view = parseView(useSearch(), today)
  const weeks = weeksOf(view.mes)
  const shown = { desde: weeks[0]?.[0] ?? today, hasta: weeks.at(-1)?.[6] ?? today }
  const casillas = useOp('casillas.list', {})
  const calendar = useOp(
    'calendario.list',
    { ...shown, limit: NAMED, ...(view.casilla ? { casillaId: view.casilla } : {}) },
    { keep: true, refetchInterval: 60_000 },
  )
  const dias = calendar.data?.dias ?? []
  return (
    <Page title={t('nav.calendario')} purpose={t('calendario.purpose')}>
      <Group justify="space-between" mb="xs" gap="sm">
        <MonthSteps view={view} today={today} />
        <CasillaSelect
          width={220}
          clearable
          label={t('column.casilla')}
          placeholder={t('filter.anyCasilla')}
          casillas={casillas.data?.items ?? []}
          value={view.casilla}
          onChange={(casilla) => goTo({ ...view, casilla })}
        />
      </Group>
      {calendar.data ? <Summary dias={dias.filter(({ dia }) => monthOf(dia) === view.mes)} /> : null}
      {calendar.error ? (
        <ErrorBlock error={calendar.error.data} onRetry={() => void calendar.refetch()} />
      ) : (
        <MonthGrid
          mes={view.mes}
          today={today}
          chosen={view.dia}
          dias={dias}
          items={calendar.data?.items ?? []}
          single={view.casilla !== undefined}
          onChoose={(dia) => goTo({ ...view, dia: dia === view.dia ? null : dia })}
        />
      )}
      <DueList view={view} />
    </Page>
  )
}

function MonthSteps({ view, today }: { view: View; today: string }) {
  const { t, lang } = useText()
  const step = (months: number) => goTo({ ...view, mes: addMonths(view.mes, months), dia: null })
  const month = new Intl.DateTimeFormat(lang, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${view.mes}-01T12:00:00Z`),
  )
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon aria-label={t('calendario.previous')} onClick={() => step(-1)}>
        <IconChevronLeft size={18} />
      </ActionIcon>
      <Title order={2} w={180} ta="center" aria-live="polite">
        {month.charAt(0).toUpperCase() + month.slice(1)}
      </Title>
      <ActionIcon aria-label={t('calendario.next')} onClick={() => step(1)}>
        <IconChevronRight size={18} />
      </ActionIcon>
      <Button variant="default" ml="xs" onClick={() => goTo({ ...view, mes: monthOf(today), dia: today })}>
        {t('calendario.today')}
      </Button>
    </Group>
  )
}

const ZERO: DiaCalendario = { dia: '', recibido: 0, tarde: 0, pendiente: 0, atrasado: 0, falto: 0 }

/** How the month goes, in numbers. */
function Summary({ dias }: { dias: readonly DiaCalendario[] }) {
  const { t } = useText()
  const sum = dias.reduce(
    (all, day) => ({
      dia: '',
      recibido: all.recibido + day.recibido,
      tarde: all.tarde + day.tarde,
      pendiente: all.pendiente + day.pendiente,
      atrasado: all.atrasado + day.atrasado,
      falto: all.falto + day.falto,
    }),
    ZERO,
  )
  const looks = looksOf(sum)
  return (
    <Group gap="md" mb="xs" mih={22} data-testid="calendario-resumen">
      {looks.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('calendario.nothing')}
        </Text>
      ) : null}
      {looks.map(([look, n]) => {
        const { icon: Icon, color } = ESPERA[look]
        return (
          <Group key={look} gap={4} wrap="nowrap">
            <Icon size={16} color={color} aria-hidden />
            <Text size="sm" className="sage-numbers">
              {t(`calendario.n.${look}`, { n })}
            </Text>
          </Group>
        )
      })}
    </Group>
  )
}

function useColumns(): GridColumn<Espera>[] {
  const { t, lang, date } = useText()
  return useMemo(
    () => [
      {
        id: 'dia',
        header: t('calendario.due'),
        width: 140,
        text: (row) => `${showDay(lang, row.dia)} ${row.hora}`,
      },
      {
        id: 'estado',
        header: t('column.estado'),
        width: 136,
        text: (row) => t(ESPERA[esperaOf(row)].key),
        render: (row) => <EsperaBadge espera={esperaOf(row)} />,
      },
      {
        id: 'casilla',
        header: t('column.casilla'),
        width: 150,
        grow: true,
        text: (row) => row.casillaNombre,
      },
      {
        id: 'emisor',
        header: t('permiso.emisor'),
        width: 150,
        text: (row) => row.emisorNombre ?? t('calendario.anyone'),
      },
      {
        id: 'tarde',
        header: t('calendario.late'),
        width: 96,
        align: 'right',
        text: (row) => (row.minutosTarde > 0 ? formatLate(lang, row.minutosTarde) : ''),
      },
      {
        id: 'resultado',
        header: t('calendario.result'),
        width: 104,
        text: (row) => (row.resultado ? t(estadoKey(row.resultado)) : ''),
        render: (row) => (row.resultado ? <EstadoBadge estado={row.resultado} /> : null),
      },
      {
        id: 'recibido',
        header: t('calendario.received'),
        width: 138,
        text: (row) => (row.recibidoEn ? date(row.recibidoEn) : ''),
      },
      { id: 'archivo', header: t('column.archivo'), width: 110, text: (row) => row.archivo ?? '' },
    ],
    [t, lang, date],
  )
}

/** The same dates as a list, of the day that was chosen or of the whole month: everything the keyboard needs. */
function DueList({ view }: { view: View }) {
  const { t, lang } = useText()
  const { first, last } = edgesOf(view.mes)
  const query = {
    desde: view.dia ?? first,
    hasta: view.dia ?? last,
    ...(view.casilla ? { casillaId: view.casilla } : {}),
    ...(view.estado ? { estado: view.estado } : {}),
  }
  const source = usePagedSource<'calendario.list', Espera>('calendario.list', query, pick)
  const filtered = view.dia !== null || view.casilla !== undefined || view.estado !== undefined
  return (
    <section aria-label={t('calendario.list')} style={{ marginTop: 16, paddingBottom: 96 }}>
      <Title order={2} mb="xs">
        {view.dia ? t('calendario.ofDay', { day: showDay(lang, view.dia) }) : t('calendario.ofMonth')}
      </Title>
      <div style={{ height: 340, display: 'flex' }}>
        <DataGrid
          id="calendario"
          label={t('calendario.list')}
          columns={useColumns()}
          source={source}
          onOpen={(row) => navigate(hrefOf(row))}
          resetKey={JSON.stringify(query)}
          counter={(n) => t('calendario.count', { n })}
          empty={{
            text: filtered ? t('calendario.none') : t('calendario.empty'),
            action: filtered ? undefined : (
              <Button variant="default" component={Link} href="/casillas">
                {t('calendario.toCasillas')}
              </Button>
            ),
          }}
          toolbar={
            <Group gap="xs">
              <Select
                w={150}
                size="xs"
                clearable
                aria-label={t('column.estado')}
                placeholder={t('filter.anyEstado')}
                data={ESTADOS_VALUES.map((value) => ({ value, label: t(`espera.${value}`) }))}
                value={view.estado ?? null}
                onChange={(value) =>
                  goTo({ ...view, estado: ESTADOS_VALUES.find((estado) => estado === value) })
                }
              />
              {view.dia ? (
                <Button variant="subtle" onClick={() => goTo({ ...view, dia: null })}>
                  {t('calendario.wholeMonth')}
                </Button>
              ) : null}
            </Group>
          }
        />
      </div>
    </section>
  )
}
