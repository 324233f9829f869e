import { Select } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'

interface NamedSelectProps {
  label: string
  placeholder?: string
  width: number
  items: readonly { id: number; nombre: string }[]
  value: number | undefined
  onChange: (id: number | undefined) => void
  clearable?: boolean
  id?: string
  error?: string | null
}

/** One of many by name. Ten thousand of them would be ten thousand elements: the first hundred that match are drawn. */
export function NamedSelect(props: NamedSelectProps) {
  const { label, placeholder, width, items, value, onChange, clearable = false, id, error } = props
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      w={width}
      error={error}
      size="xs"
      searchable
      limit={100}
      clearable={clearable}
      allowDeselect={clearable}
      aria-label={label}
      placeholder={placeholder}
      data={items.map((item) => ({ value: String(item.id), label: item.nombre }))}
      value={value === undefined ? null : String(value)}
      onChange={(next) => onChange(next === null ? undefined : Number(next))}
    />
  )
}

interface CasillaSelectProps extends Omit<NamedSelectProps, 'items'> {
  casillas: readonly Casilla[]
}

/** A casilla by name. */
export const CasillaSelect = ({ casillas, ...rest }: CasillaSelectProps) => (
  <NamedSelect items={casillas} {...rest} />
)
