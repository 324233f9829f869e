import { type SetStateAction, useCallback, useState } from 'react'

/** A value that outlives the screen that shows it. */
export interface Kept<T> {
  current: T
  readonly initial: T
}

const all: { reset: () => void }[] = []

/** Made once, outside any component. */
export function kept<T>(initial: T): Kept<T> {
  const place = { current: initial, initial }
  all.push({
    reset: () => {
      place.current = initial
    },
  })
  return place
}

/** Back to what everything was before anything was entered. */
export function forgetKept(): void {
  for (const { reset } of all) reset()
}

/** As `useState`, over a kept value: leaving the screen to look at something else loses nothing. */
export function useKept<T>(place: Kept<T>): [T, (next: SetStateAction<T>) => void] {
  const [value, setValue] = useState(place.current)
  const change = useCallback(
    (next: SetStateAction<T>) => {
      place.current = next instanceof Function ? next(place.current) : next
      setValue(place.current)
    },
    [place],
  )
  return [value, change]
}
