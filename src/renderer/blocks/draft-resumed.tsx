import { Alert, Button, Group, Text } from '@mantine/core'
import { useText } from '../app/prefs'
import type { KeptDraft } from './use-kept-draft'

/** Whoever comes to begin another is told that this one was left in the middle, and whoever comes late, that what is saved moved on. */
export function DraftResumed({ resumed, behind, goOn, drop }: KeptDraft) {
  const { t, date } = useText()
  if (resumed === null && !behind) return null
  return (
    <Alert color="orange" variant="light" py="xs" role="status" style={{ flexShrink: 0 }}>
      {resumed === null ? null : (
        <Group gap="sm">
          <Text size="sm" className="sage-numbers">
            {t('draft.resumed', { date: date(resumed) })}
          </Text>
          <Button variant="subtle" size="compact-xs" onClick={goOn}>
            {t('draft.continue')}
          </Button>
          <Button variant="subtle" color="gray" size="compact-xs" onClick={drop}>
            {t('draft.drop')}
          </Button>
        </Group>
      )}
      {behind ? <Text size="sm">{t('draft.behind')}</Text> : null}
    </Alert>
  )
}
