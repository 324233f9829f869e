import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { Link } from 'wouter'
import { useStore } from '../../api/store'
import { useText } from '../../app/prefs'
import { keepDraft, matDrafts, NUEVA } from './asistente/draft'

/** What was begun and not saved: nobody has to remember it. */
export function DraftNotice() {
  const { t } = useText()
  const drafts = useStore(matDrafts)
  if (drafts.size === 0) return null
  return (
    <Alert color="orange" variant="light" py="xs" mb="sm" style={{ flexShrink: 0 }}>
      {[...drafts].map(([id, draft]) => (
        <Group key={id} gap="sm">
          <Text size="sm">{id === NUEVA ? t('mat.draftNew') : t('mat.draftOf', { name: draft.nombre })}</Text>
          <Anchor
            component={Link}
            size="sm"
            href={id === NUEVA ? '/materializaciones/nueva' : `/materializaciones/${id}/editar`}
          >
            {t('mat.continue')}
          </Anchor>
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => keepDraft(id, null)}>
            {t('mat.drop')}
          </Button>
        </Group>
      ))}
    </Alert>
  )
}
