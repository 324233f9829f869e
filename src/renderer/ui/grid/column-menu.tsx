import { ActionIcon, Checkbox, Group, Menu, Text, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3, IconRowInsertBottom } from '@tabler/icons-react'
import { usePrefs, useText } from '../../app/prefs'
import type { GridLayout } from './use-layout'

/** Which columns are shown and in what order, and how tall the rows are. */
export function ColumnMenu<T>({ layout }: { layout: GridLayout<T> }) {
  const { t } = useText()
  const { density, setDensity } = usePrefs()
  return (
    <Menu position="bottom-end" closeOnItemClick={false} width={280}>
      <Menu.Target>
        <Tooltip label={t('grid.columns')}>
          <ActionIcon variant="default" size={30} aria-label={t('grid.columns')}>
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('grid.columns')}</Menu.Label>
        {layout.all.map((column) => (
          <Group key={column.id} gap={4} px="xs" py={3} wrap="nowrap" justify="space-between">
            <Checkbox
              size="xs"
              label={column.header}
              checked={!layout.hidden(column)}
              disabled={layout.shown.length === 1 && !layout.hidden(column)}
              onChange={(event) => layout.toggle(column.id, !event.currentTarget.checked)}
            />
            <Group gap={0} wrap="nowrap">
              <ActionIcon
                size="sm"
                aria-label={t('grid.moveUp', { column: column.header })}
                onClick={() => layout.move(column.id, -1)}
              >
                <IconArrowUp size={14} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                aria-label={t('grid.moveDown', { column: column.header })}
                onClick={() => layout.move(column.id, 1)}
              >
                <IconArrowDown size={14} />
              </ActionIcon>
            </Group>
          </Group>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconRowInsertBottom size={16} />}
          onClick={() => setDensity(density === 'compact' ? 'normal' : 'compact')}
        >
          {density === 'compact' ? t('grid.tallRows') : t('grid.compactRows')}
        </Menu.Item>
        <Menu.Item onClick={layout.reset}>
          <Text size="sm">{t('grid.reset')}</Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
