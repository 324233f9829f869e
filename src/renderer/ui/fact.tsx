import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** A value under its name: what a summary is made of. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack gap={2} miw={0} component="div">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div style={{ minWidth: 0, minHeight: 22 }}>{children}</div>
    </Stack>
  )
}
