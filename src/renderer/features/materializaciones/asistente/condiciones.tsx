import {
  ActionIcon,
  Button,
  Group,
  NativeSelect,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import type { Condicion } from '@shared/model/materializacion'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useText } from '../../../app/prefs'
import { OPERADOR_VALUES } from '../../../blocks/materializacion/values'

interface CondicionesProps {
  id: string
  names: string[]
  value: readonly Condicion[]
  onChange: (condiciones: Condicion[]) => void
}

/** Comparisons that all must hold for a row to be deleted. */
export function Condiciones({ id, names, value, onChange }: CondicionesProps) {
  const { t } = useText()
  const set = (at: number, part: Partial<Condicion>) =>
    onChange(value.map((one, index) => (index === at ? { ...one, ...part } : one)))
  return (
    <Stack gap="xs" id={id} tabIndex={-1}>
      {value.map((condicion, at) => (
        <Condition
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place in the list
          key={at}
          at={at}
          names={names}
          condicion={condicion}
          onChange={(part) => set(at, part)}
          {...(value.length > 1
            ? { onRemove: () => onChange(value.filter((_, index) => index !== at)) }
            : {})}
        />
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={value.length >= 20}
          onClick={() => onChange([...value, { columna: '', operador: '=', valores: [] }])}
        >
          {t('condicion.agregar')}
        </Button>
      </Group>
    </Stack>
  )
}

interface ConditionProps {
  at: number
  names: string[]
  condicion: Condicion
  onChange: (part: Partial<Condicion>) => void
  /** Absent for the only one: there has to be one. */
  onRemove?: () => void
}

function Condition({ at, names, condicion, onChange, onRemove }: ConditionProps) {
  const { t } = useText()
  return (
    <Stack gap={6}>
      {at > 0 ? (
        <Text size="xs" c="dimmed">
          {t('condicion.y')}
        </Text>
      ) : null}
      <Group gap={6} wrap="nowrap">
        <Select
          size="xs"
          style={{ flex: 1 }}
          searchable
          allowDeselect={false}
          aria-label={t('condicion.columna', { n: at + 1 })}
          placeholder={t('mapeo.columna')}
          data={names}
          value={names.includes(condicion.columna) ? condicion.columna : null}
          onChange={(columna) => onChange({ columna: columna ?? '' })}
        />
        <NativeSelect
          size="xs"
          w={130}
          aria-label={t('condicion.operador', { n: at + 1 })}
          data={OPERADOR_VALUES.map((operador) => ({
            value: operador,
            label: t(`condicion.operador.${operador}`),
          }))}
          value={condicion.operador}
          onChange={(event) => {
            const operador = OPERADOR_VALUES.find((known) => known === event.currentTarget.value)
            if (!operador) return
            const none = operador === 'es_nulo' || operador === 'no_es_nulo'
            const valores = none ? [] : operador === 'en' ? condicion.valores : condicion.valores.slice(0, 1)
            onChange({ operador, valores })
          }}
        />
        <ActionIcon aria-label={t('condicion.quitar', { n: at + 1 })} disabled={!onRemove} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      <Value
        condicion={condicion}
        label={t('condicion.valor', { n: at + 1 })}
        onChange={(valores) => onChange({ valores })}
      />
    </Stack>
  )
}

interface ValueProps {
  condicion: Condicion
  label: string
  onChange: (valores: string[]) => void
}

function Value({ condicion: { operador, valores }, label, onChange }: ValueProps) {
  const { t } = useText()
  if (operador === 'es_nulo' || operador === 'no_es_nulo') return null
  if (operador === 'en')
    return (
      <TagsInput
        size="xs"
        aria-label={label}
        placeholder={valores.length === 0 ? t('condicion.valores') : undefined}
        value={[...valores]}
        onChange={onChange}
      />
    )
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={t('column.valor')}
      maxLength={10_000}
      value={valores[0] ?? ''}
      onChange={(event) => onChange([event.currentTarget.value])}
    />
  )
}
