import { BarChart } from '@mantine/charts'
import { Card, Text, Title } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { errorRate } from '../../blocks/error-rate'
import { ESTADO_VALUES } from '../../blocks/values'
import { estadoColor, estadoKey } from '../../ui/state-badge'
import { estadoValue } from './last-execution'

const idOf = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  return typeof value.id === 'string' ? value.id : null
}

/** How much of each of the last files was wrong; a click opens its execution. */
export default function RateChart({ recientes }: { recientes: Casilla['recientes'] }) {
  const { t, percent, date } = useText()
  const rates = recientes.map(errorRate)
  const top = Math.max(5, Math.ceil(Math.max(...rates) / 5) * 5)
  // A clean file is drawn as a sliver, so that it is seen that there was one; each of its own height, to tell it again.
  const drawn = rates.map((rate, index) => Math.max(rate, top * 0.02 + index * 1e-9))
  const rateOf = new Map(drawn.map((height, index) => [height, rates[index] ?? 0]))
  const data = recientes.map((item, index) => ({
    id: item.id,
    label: `${index + 1}. ${date(item.terminadaEn)}`,
    // Only its own outcome has a bar.
    [estadoValue(item.estado) ?? 'Fallido']: drawn[index],
  }))
  const open = (item: unknown) => {
    const payload = typeof item === 'object' && item !== null && 'payload' in item ? item.payload : item
    const id = idOf(payload)
    if (id) navigate(`/ejecuciones/${id}`)
  }
  return (
    <Card>
      <Title order={2}>{t('resumen.rate')}</Title>
      <Text size="xs" c="dimmed" mb="sm">
        {t('resumen.rateHelp', { n: recientes.length })}
      </Text>
      <BarChart
        h={160}
        data={data}
        dataKey="label"
        type="stacked"
        withLegend
        withXAxis={false}
        tickLine="none"
        gridAxis="x"
        yAxisProps={{ width: 44, domain: [0, top], tickCount: 6 }}
        valueFormatter={(value) => percent(rateOf.get(value) ?? value)}
        series={ESTADO_VALUES.map((estado) => ({
          name: estado,
          label: t(estadoKey(estado)),
          color: estadoColor(estado),
        }))}
        barProps={{ onClick: open, cursor: 'pointer', maxBarSize: 28 }}
        tooltipAnimationDuration={0}
      />
      <table className="sage-sr-only">
        <caption>{t('resumen.rate')}</caption>
        <tbody>
          {recientes.map((item) => (
            <tr key={item.id}>
              <th scope="row">{date(item.terminadaEn)}</th>
              <td>{t('resumen.rateOf', { file: item.archivo, rate: percent(errorRate(item)) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
