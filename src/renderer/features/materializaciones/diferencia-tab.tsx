import { Group, Select, Stack, Text } from '@mantine/core'
import type { Carga, Materializacion } from '@shared/model/materializacion'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { EnsayoView } from '../../blocks/materializacion/ensayo-view'
import { Empty } from '../../ui/empty'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'

interface DiferenciaTabProps {
  row: Materializacion
  /** null: the last that ended well. */
  cargaId: string | null
}

/** What a load changed: by default the last one, and any of the last hundred. */
export function DiferenciaTab({ row, cargaId }: DiferenciaTabProps) {
  const { t, date } = useText()
  const done = useOp('cargas.list', { materializacionId: row.id, estado: 'completado', limit: 100 })
  if (done.error) return <ErrorBlock error={done.error.data} onRetry={() => void done.refetch()} />
  if (!done.data) return <RowsSkeleton />
  const shown = cargaId ?? done.data.items[0]?.id
  if (!shown) return <Empty text={t('diferencia.empty')} />
  const name = (carga: Carga) => `${date(carga.terminadaEn ?? carga.creadaEn)} · ${carga.archivo}`
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group gap="sm" align="center">
        <Select
          w={460}
          size="xs"
          searchable
          allowDeselect={false}
          aria-label={t('diferencia.which')}
          data={done.data.items.map((carga) => ({ value: carga.id, label: name(carga) }))}
          value={shown}
          onChange={(value) => {
            if (value) navigate(`/materializaciones/${row.id}/diferencia?carga=${value}`, { replace: true })
          }}
        />
        <Text size="xs" c="dimmed">
          {t('diferencia.help')}
        </Text>
      </Group>
      <Changes key={shown} cargaId={shown} />
    </Stack>
  )
}

function Changes({ cargaId }: { cargaId: string }) {
  const changes = useOp('cargas.diferencia', { cargaId }, { staleTime: Number.POSITIVE_INFINITY })
  if (changes.error) return <ErrorBlock error={changes.error.data} onRetry={() => void changes.refetch()} />
  if (!changes.data) return <RowsSkeleton />
  return <EnsayoView tablas={changes.data.tablas} tense="hecho" />
}
