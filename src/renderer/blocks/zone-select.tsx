import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { useText } from '../app/prefs'

interface ZoneSelectProps {
  value: string
  onChange: (zone: string) => void
  /** Stays among those offered though the machine does not know it. */
  kept: string
}

/** On whose clock files are expected. */
export function ZoneSelect({ value, onChange, kept }: ZoneSelectProps) {
  const { t } = useText()
  const zones = useMemo(() => [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', kept])], [kept])
  return (
    <Select
      label={t('frecuencia.zona')}
      description={t('frecuencia.zona.help')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      searchable
      limit={100}
      allowDeselect={false}
      data={zones}
      value={value}
      onChange={(zone) => zone && onChange(zone)}
    />
  )
}
