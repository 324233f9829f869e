import { ActionIcon, Tooltip } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import { useText } from '../app/prefs'

export function ClearFilters({ onClear }: { onClear: () => void }) {
  const { t } = useText()
  return (
    <Tooltip label={t('filter.clear')}>
      <ActionIcon size={30} onClick={onClear} aria-label={t('filter.clear')}>
        <IconFilterOff size={16} />
      </ActionIcon>
    </Tooltip>
  )
}
