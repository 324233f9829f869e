import { TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'

interface SearchBoxProps {
  label: string
  width: number
  value: string | undefined
  /** Told with the latest handler that was given, so that it never sees filters that have changed since. */
  onChange: (text: string | undefined) => void
  /** Milliseconds of rest before it is told; shorter where nothing is asked of the engine. */
  delay?: number
}

/** What a list is searched by; «/» goes to it. */
export function SearchBox({ label, width, value = '', onChange, delay = 250 }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  const later = useDebouncedCallback((text: string) => {
    told.current = text
    onChange(text || undefined)
  }, delay)
  // Only what others change (filters cleared, a link, back) takes the place of what is typed; not the echo of what was told.
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    later.cancel()
    setTyped(value)
  }, [value, later])
  useHotkeys([['/', () => input.current?.focus()]])
  return (
    <TextInput
      ref={input}
      w={width}
      size="xs"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={14} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        later(event.currentTarget.value)
      }}
      // Told before the next control acts: clearing the filters clears this too, instead of being undone by it.
      onBlur={() => later.flush()}
    />
  )
}
