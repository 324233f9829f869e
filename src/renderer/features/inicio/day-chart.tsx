import { BarChart } from '@mantine/charts'
import { Card, Text, Title } from '@mantine/core'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { formatFilters } from '../../blocks/execution-filters'
import { ESTADO_VALUES } from '../../blocks/values'
import { estadoColor, estadoKey } from '../../ui/state-badge'
import type { DayCount } from './by-day'

const dayOf = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null || !('day' in value)) return null
  return typeof value.day === 'string' ? value.day : null
}

/** How each day's executions ended; a click on a day lists them. */
export default function DayChart({ counts }: { counts: DayCount[] }) {
  const { t } = useText()
  const openDay = (item: unknown) => {
    const payload = typeof item === 'object' && item !== null && 'payload' in item ? item.payload : item
    const day = dayOf(payload)
    if (day) navigate(`/ejecuciones${formatFilters({ desde: day, hasta: day })}`)
  }
  return (
    <Card>
      <Title order={2}>{t('chart.days')}</Title>
      <Text size="xs" c="dimmed" mb="sm">
        {t('chart.daysHelp')}
      </Text>
      <BarChart
        h={200}
        data={counts}
        dataKey="label"
        type="stacked"
        withLegend
        tickLine="none"
        gridAxis="x"
        yAxisLabel={t('nav.ejecuciones')}
        yAxisProps={{ allowDecimals: false, width: 36 }}
        series={ESTADO_VALUES.map((estado) => ({
          name: estado,
          label: t(estadoKey(estado)),
          color: estadoColor(estado),
        }))}
        barProps={{ onClick: openDay, cursor: 'pointer', maxBarSize: 36 }}
        tooltipAnimationDuration={0}
      />
      <table className="sage-sr-only">
        <caption>{t('chart.days')}</caption>
        <tbody>
          {counts.map((count) => (
            <tr key={count.day}>
              <th scope="row">{count.day}</th>
              {ESTADO_VALUES.map((estado) => (
                <td key={estado}>{`${t(estadoKey(estado))}: ${count[estado]}`}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
