import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import type { Ejecucion } from '@shared/model/execution'
import { type LiveProgress, progressStore } from '../api/events'
import { useCommand } from '../api/hooks'
import { useStore } from '../api/store'
import { useText, type Text as Words } from '../app/prefs'

function rateText(progress: LiveProgress, { t, bytes, number }: Words): string {
  if (progress.rate === null || progress.rate <= 0) return ''
  if (progress.unit === 'bytes') return `${bytes(progress.rate)}/s`
  return t('progress.rate', {
    rate: number(Math.round(progress.rate), 0),
    unit: t(`progress.unit.${progress.unit}`),
  })
}

/** A running execution: step, share done, rate, time left, and the way to stop it. */
export function ExecutionProgress({ ejecucion }: { ejecucion: Ejecucion }) {
  const words = useText()
  const { t, duration } = words
  const progress = useStore(progressStore).get(ejecucion.id)
  const cancel = useCommand('executions.cancel')
  const percent = Math.round((progress?.fraction ?? 0) * 100)
  const label = progress ? progress.label || t(`step.${progress.step}`) : t(`fase.${ejecucion.fase}`)
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" className="sage-cut" title={label}>
          {label}
        </Text>
        <Text size="sm" className="sage-numbers">
          {percent} %
        </Text>
      </Group>
      <Progress value={percent} size="md" aria-label={t('progress.label', { file: ejecucion.archivo })} />
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c="dimmed" className="sage-numbers">
          {[
            progress ? rateText(progress, words) : '',
            progress?.leftMs != null ? t('progress.left', { time: duration(progress.leftMs) }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ executionId: ejecucion.id })}
        >
          {t('action.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}
