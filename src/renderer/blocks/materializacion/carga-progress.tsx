import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import type { Carga } from '@shared/model/materializacion'
import { cargaProgressStore } from '../../api/cargas'
import { useStore } from '../../api/store'
import { useText } from '../../app/prefs'
import { cargaKey, situacionDeCarga } from '../../ui/carga-badge'
import { useCargaActions } from './use-cargas'

/** A running load: step and table, share done, rows, and the way to stop it. */
export function CargaProgress({ carga }: { carga: Carga }) {
  const { t, number, bytes } = useText()
  const progress = useStore(cargaProgressStore).get(carga.id)
  const { cancel, cancelling } = useCargaActions()
  // Of the step: what the others will take is not known.
  const fraction = progress?.total ? Math.min(1, progress.hechas / progress.total) : null
  const percent = fraction === null ? null : Math.round(fraction * 100)
  const label = progress
    ? [t(`carga.paso.${progress.paso}`), progress.tabla].filter(Boolean).join(' ')
    : t(cargaKey(situacionDeCarga(carga)))
  const rows = progress
    ? progress.total === null
      ? t('carga.rows', { n: progress.hechas })
      : t('carga.rowsOf', { n: number(progress.hechas), total: progress.total })
    : ''
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" className="sage-cut" title={label}>
          {label}
        </Text>
        <Text size="sm" className="sage-numbers" style={{ flexShrink: 0 }}>
          {percent === null ? '' : `${percent} %`}
        </Text>
      </Group>
      <Progress
        value={percent ?? 100}
        animated={percent === null}
        size="md"
        aria-label={t('progress.label', { file: carga.archivo })}
      />
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c="dimmed" className="sage-numbers sage-cut">
          {[rows, progress && progress.bytes > 0 ? bytes(progress.bytes) : ''].filter(Boolean).join(' · ')}
        </Text>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          loading={cancelling}
          onClick={() => cancel(carga)}
        >
          {t('action.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}
