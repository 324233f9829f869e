import { Box, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

interface PageProps {
  title: string
  /** One sentence that says what the page is for. */
  purpose?: ReactNode
  /** Beside the title: the state of what is shown. */
  beside?: ReactNode
  /** At most one primary button. */
  action?: ReactNode
  /** `fill`: the content takes the height that is left and scrolls inside itself. */
  fill?: boolean
  children: ReactNode
}

export function Page({ title, purpose, beside, action, fill, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · SAGE Desktop`
  }, [title])
  return (
    <Box
      style={{ height: '100%', display: 'flex', flexDirection: 'column', overflow: fill ? 'hidden' : 'auto' }}
      px="lg"
      py="md"
    >
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="lg" mb="md">
        <Stack gap={2} miw={0}>
          <Group gap="md" wrap="nowrap" miw={0}>
            <Title order={1} className="sage-cut" title={title}>
              {title}
            </Title>
            {beside}
          </Group>
          {purpose ? (
            <Text size="sm" c="dimmed" component="div">
              {purpose}
            </Text>
          ) : null}
        </Stack>
        {action ? (
          <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
            {action}
          </Group>
        ) : null}
      </Group>
      {fill ? (
        <Box style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}>{children}</Box>
      ) : (
        children
      )}
    </Box>
  )
}
