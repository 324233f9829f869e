import { Select } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'

interface CasillaSelectProps {
  label: string
  placeholder?: string
  width: number
  casillas: readonly Casilla[]
  value: number | undefined
  onChange: (id: number | undefined) => void
  clearable?: boolean
}

/** A casilla by name. Ten thousand of them would be ten thousand elements: the first hundred that match are drawn. */
export function CasillaSelect(props: CasillaSelectProps) {
  const { label, placeholder, width, casillas, value, onChange, clearable = false } = props
  return (
    <Select
      w={width}
      size="xs"
      searchable
      limit={100}
      clearable={clearable}
      allowDeselect={clearable}
      aria-label={label}
      placeholder={placeholder}
      data={casillas.map((item) => ({ value: String(item.id), label: item.nombre }))}
      value={value === undefined ? null : String(value)}
      onChange={(next) => onChange(next === null ? undefined : Number(next))}
    />
  )
}
