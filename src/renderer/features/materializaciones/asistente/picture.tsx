import { Card, Group, List, Stack, Text, Title } from '@mantine/core'
import type { OperationOutput } from '@shared/contract'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { CambioBadge } from '../../../ui/carga-badge'
import { ErrorBlock } from '../../../ui/error-block'
import '../../../ui/plain-table.css'
import { strategyFault } from './faults'
import './picture.css'

type Drawing = OperationOutput<'materializaciones.ilustrar'>

/** A small example of what the strategy does: the rows before, those of the load, and what is left. */
export function Picture({ tabla }: { tabla: TablaMaterializada }) {
  const { t } = useText()
  const incomplete = strategyFault(tabla.estrategia) !== null
  const columnas = tabla.columnas.map(({ nombre }) => nombre).filter(Boolean)
  const drawing = useOp(
    'materializaciones.ilustrar',
    { estrategia: tabla.estrategia, columnas },
    { enabled: !incomplete, keep: true, staleTime: Number.POSITIVE_INFINITY },
  )
  return (
    <Card style={{ flex: 1, minWidth: 0 }}>
      <Title order={2} mb={4}>
        {t('picture.title')}
      </Title>
      {incomplete ? (
        <Text size="sm" c="dimmed">
          {t('picture.incomplete')}
        </Text>
      ) : drawing.error ? (
        <ErrorBlock error={drawing.error.data} onRetry={() => void drawing.refetch()} />
      ) : drawing.data ? (
        <Drawn drawing={drawing.data} />
      ) : null}
    </Card>
  )
}

function Drawn({ drawing }: { drawing: Drawing }) {
  const { t } = useText()
  const { columnas, antes, carga, despues, eliminadas } = drawing
  return (
    <Stack gap="md">
      <List size="sm" spacing={2}>
        {drawing.pasos.map((paso) => (
          <List.Item key={paso}>{paso}</List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        {t('picture.example')}
      </Text>
      <Group gap="lg" align="flex-start">
        <Rows title={t('picture.antes')} columnas={columnas} rows={antes.map((celdas) => ({ celdas }))} />
        <Rows title={t('picture.carga')} columnas={columnas} rows={carga.map((celdas) => ({ celdas }))} />
      </Group>
      <Rows
        title={t('picture.despues')}
        columnas={columnas}
        withChange
        rows={[...despues, ...eliminadas.map((celdas) => ({ celdas, cambio: 'eliminada' as const }))]}
      />
    </Stack>
  )
}

interface RowsProps {
  title: string
  columnas: readonly string[]
  rows: readonly {
    celdas: readonly string[]
    cambio?: 'igual' | 'insertada' | 'actualizada' | 'eliminada'
  }[]
  withChange?: boolean
}

function Rows({ title, columnas, rows, withChange = false }: RowsProps) {
  const { t } = useText()
  return (
    <div className="picture-rows">
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <table className="plain-table" aria-label={title}>
        <thead>
          <tr>
            {columnas.map((name) => (
              <th key={name} scope="col" title={name}>
                {name}
              </th>
            ))}
            {withChange ? <th scope="col">{t('column.cambio')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ celdas, cambio }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a made-up row is its place in the picture
            <tr key={index} className={cambio === 'eliminada' ? 'is-gone' : undefined}>
              {columnas.map((name, column) => (
                <td key={name}>{celdas[column]}</td>
              ))}
              {withChange ? (
                <td>
                  {cambio && cambio !== 'igual' ? (
                    <CambioBadge cambio={cambio} />
                  ) : (
                    <Text size="sm" c="dimmed" span>
                      {t('cambio.igual')}
                    </Text>
                  )}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
