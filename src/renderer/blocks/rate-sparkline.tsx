import { Sparkline } from '@mantine/charts'
import { Text } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { useText } from '../app/prefs'
import { errorRate } from './error-rate'

/** The error rate of the last executions, small; in words for who does not see it. */
export default function RateSparkline({
  recientes,
  width,
}: {
  recientes: Casilla['recientes']
  width: number
}) {
  const { t, percent } = useText()
  const last = recientes.at(-1)
  if (!last) {
    return (
      <Text size="xs" c="dimmed" className="sage-cut">
        {t('resumen.rateNone')}
      </Text>
    )
  }
  const rates = recientes.map(errorRate)
  const failed = recientes.filter(({ estado }) => estado === 'Fallido').length
  const said = t('resumen.rateSummary', { rate: percent(errorRate(last)), failed, n: recientes.length })
  // One point draws no line.
  const data = rates.length === 1 ? [rates[0] ?? 0, rates[0] ?? 0] : rates
  return (
    <span role="img" aria-label={said} title={said} style={{ display: 'inline-flex' }}>
      <Sparkline
        w={width}
        h={22}
        data={data}
        curveType="linear"
        color={failed > 0 ? 'var(--sage-red)' : 'var(--sage-teal)'}
        fillOpacity={0.25}
        strokeWidth={1.5}
      />
    </span>
  )
}
