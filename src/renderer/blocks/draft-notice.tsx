import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { useEffect } from 'react'
import { Link } from 'wouter'
import type { Drafts, Kept } from '../api/drafts'
import { useStore } from '../api/store'
import { useText } from '../app/prefs'

interface DraftNoticeProps<T> {
  drafts: Drafts<T>
  /** What is saved: a draft of what is gone goes too. */
  saved: readonly { id: number }[] | undefined
  text: (kept: Kept<T>) => string
}

/** What was begun and not saved: nobody has to remember it. */
export function DraftNotice<T>({ drafts, saved, text }: DraftNoticeProps<T>) {
  const { t, date } = useText()
  const kept = useStore(drafts)
  useEffect(() => {
    if (!saved) return
    for (const [path, { of }] of kept)
      if (of !== null && saved.every(({ id }) => id !== of.id)) drafts.drop(path)
  }, [kept, saved, drafts])
  const begun = [...kept].filter(([, { changed }]) => changed)
  if (begun.length === 0) return null
  return (
    <Alert color="orange" variant="light" py="xs" mb="sm" style={{ flexShrink: 0 }}>
      {begun.map(([path, one]) => (
        <Group key={path} gap="sm" wrap="nowrap">
          <Text size="sm" className="sage-cut" title={text(one)}>
            {text(one)}
          </Text>
          <Text size="xs" c="dimmed" className="sage-numbers" style={{ flexShrink: 0 }}>
            {date(one.at)}
          </Text>
          <Anchor component={Link} size="sm" href={path}>
            {t('draft.continue')}
          </Anchor>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            style={{ flexShrink: 0 }}
            onClick={() => drafts.drop(path)}
          >
            {t('draft.drop')}
          </Button>
        </Group>
      ))}
    </Alert>
  )
}
