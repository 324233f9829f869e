import { Skeleton, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

/** Nothing under 150 ms: a skeleton that flashes is worse than none. */
export function Later({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), 150)
    return () => window.clearTimeout(timer)
  }, [])
  return shown ? children : null
}

/** Lines in the shape of a table that is coming. */
export function RowsSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <Later>
      <Stack gap={8} aria-hidden>
        {Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity
          <Skeleton key={index} height={24} />
        ))}
      </Stack>
    </Later>
  )
}
