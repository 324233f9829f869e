import { SegmentedControl, Select, Text } from '@mantine/core'
import { useText } from '../../app/prefs'

/** Tables told at once by their names; beyond that one is chosen from a list. */
const TABS = 5

interface TablaSelectProps {
  names: readonly string[]
  chosen: number
  onChoose: (index: number) => void
  /** Tables with something to mend. */
  wrong?: ReadonlySet<number>
}

/** Which of several tables is looked at; nothing where there is one. */
export function TablaSelect({ names, chosen, onChoose, wrong }: TablaSelectProps) {
  const { t } = useText()
  if (names.length < 2) return null
  const mark = (index: number) => (wrong?.has(index) ? ` · ${t('mapeo.porCorregir')}` : '')
  if (names.length > TABS)
    return (
      <Select
        w={320}
        size="xs"
        searchable
        allowDeselect={false}
        aria-label={t('column.tabla')}
        data={names.map((name, index) => ({ value: String(index), label: `${name}${mark(index)}` }))}
        value={String(chosen)}
        onChange={(value) => onChoose(Number(value ?? 0))}
      />
    )
  return (
    <SegmentedControl
      size="xs"
      style={{ alignSelf: 'flex-start', flexShrink: 0, maxWidth: '100%' }}
      aria-label={t('column.tabla')}
      data={names.map((name, index) => ({
        value: String(index),
        label: (
          <Text
            span
            size="xs"
            fw={500}
            maw={170}
            className="sage-cut"
            display="block"
            title={name}
            c={wrong?.has(index) ? 'var(--sage-red)' : undefined}
          >
            {`${name}${mark(index)}`}
          </Text>
        ),
      }))}
      value={String(chosen)}
      onChange={(value) => onChoose(Number(value))}
    />
  )
}
