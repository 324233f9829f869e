import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useText } from '../app/prefs'
import { useCopy } from './use-copy'

/** A long value shown short, copied whole. */
export function CopyText({ value, shown, label }: { value: string; shown?: string; label: string }) {
  const { t } = useText()
  const { copy, copied } = useCopy()
  return (
    <Group gap={4} wrap="nowrap" component="span" style={{ display: 'inline-flex' }}>
      <Text component="span" size="sm" ff="monospace" title={value}>
        {shown ?? value}
      </Text>
      <Tooltip label={copied ? t('action.copied') : label}>
        <ActionIcon size="sm" onClick={() => void copy(value)} aria-label={label}>
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
