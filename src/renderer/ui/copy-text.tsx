import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useText } from '../app/prefs'

/** A long value shown short, copied whole. */
export function CopyText({ value, shown, label }: { value: string; shown?: string; label: string }) {
  const { t } = useText()
  return (
    <Group gap={4} wrap="nowrap" component="span" style={{ display: 'inline-flex' }}>
      <Text component="span" size="sm" ff="monospace" title={value}>
        {shown ?? value}
      </Text>
      <CopyButton value={value} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('action.copied') : label}>
            <ActionIcon size="sm" onClick={copy} aria-label={label}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
