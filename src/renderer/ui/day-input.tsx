import { TextInput, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useText } from '../app/prefs'
import { parseDay, showDay } from './day'

interface DayInputProps {
  label: string
  value: string | undefined
  onChange: (day: string | undefined) => void
}

/** A day in the person's own order; the browser's date field follows the machine's language instead of the console's. */
export function DayInput({ label, value, onChange }: DayInputProps) {
  const { t, lang } = useText()
  const shown = value ? showDay(lang, value) : ''
  const [typed, setTyped] = useState(shown)
  useEffect(() => setTyped(shown), [shown])
  const day = typed.trim() === '' ? undefined : parseDay(typed)
  const commit = () => {
    if (day !== null && day !== value) onChange(day)
  }
  return (
    <Tooltip label={`${label}: ${t('filter.dayFormat')}`}>
      <TextInput
        size="xs"
        w={104}
        aria-label={label}
        placeholder={label}
        value={typed}
        error={day === null}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </Tooltip>
  )
}
