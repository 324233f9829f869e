import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** Teaches with one paragraph and one button, no picture. */
export function Empty({ text, action }: { text: string; action?: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap="md" py={48} px="lg" style={{ flex: 1 }}>
      <Text size="sm" c="dimmed" ta="center" maw={520}>
        {text}
      </Text>
      {action}
    </Stack>
  )
}
