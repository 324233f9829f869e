import { Chip, Group, Input, MultiSelect, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import type { Frecuencia } from '@shared/model/frecuencia'
import { useOp } from '../api/hooks'
import { useText } from '../app/prefs'
import { ErrorBlock } from '../ui/error-block'
import { formatInZone } from '../ui/format'
import { DIA_SEMANA_VALUES, FRECUENCIA_VALUES } from './emisor-values'
import { type FrecuenciaDraft, type FrecuenciaFault, faultOf } from './frecuencia-draft'

interface FrecuenciaEditorProps {
  draft: FrecuenciaDraft
  onChange: (draft: FrecuenciaDraft) => void
  /** What having none means here; absent where one is needed. */
  none?: { label: string; help: string }
  /** Tell what is wrong: once the person tried to save. */
  showFault: boolean
}

const MONTH_DAYS = Array.from({ length: 31 }, (_, index) => String(index + 1))

/** One of the seven frequencies, with only the fields it needs. */
export function FrecuenciaEditor({ draft, onChange, none, showFault }: FrecuenciaEditorProps) {
  const { t } = useText()
  const fault = showFault ? faultOf(draft) : null
  const errorOf = (field: FrecuenciaFault) => (fault === field ? t(`frecuencia.fault.${field}`) : null)
  const { tipo } = draft
  const expects = tipo !== 'ninguna' && tipo !== 'bajo_demanda'
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <Select
          label={t('frecuencia.tipo')}
          description={tipo === 'ninguna' ? none?.help : none ? t(`frecuencia.${tipo}.help`) : undefined}
          allowDeselect={false}
          maxDropdownHeight={320}
          style={{ flex: 1 }}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={[
            ...(none ? [{ value: 'ninguna', label: none.label }] : []),
            ...FRECUENCIA_VALUES.filter((value) => none || value !== 'bajo_demanda').map((value) => ({
              value,
              label: t(`frecuencia.${value}`),
            })),
          ]}
          value={tipo}
          onChange={(value) => {
            const known = (['ninguna', ...FRECUENCIA_VALUES] as const).find((item) => item === value)
            if (known) onChange({ ...draft, tipo: known })
          }}
        />
        {expects ? (
          <TextInput
            label={t('frecuencia.hora')}
            w={110}
            placeholder="18:00"
            maxLength={5}
            inputMode="numeric"
            value={draft.hora}
            error={errorOf('hora')}
            onChange={(event) => onChange({ ...draft, hora: event.currentTarget.value })}
          />
        ) : null}
      </Group>
      {tipo === 'semanal' ? (
        <Input.Wrapper label={t('frecuencia.diasSemana')} error={errorOf('diasSemana')} labelElement="div">
          <Chip.Group
            multiple
            value={draft.diasSemana}
            onChange={(days) =>
              onChange({ ...draft, diasSemana: DIA_SEMANA_VALUES.filter((day) => days.includes(day)) })
            }
          >
            <Group gap={6} mt={4}>
              {DIA_SEMANA_VALUES.map((day) => (
                <Chip key={day} value={day} size="xs" radius="sm">
                  {t(`dia.${day}`)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      ) : null}
      {tipo === 'mensual' ? (
        <MultiSelect
          label={t('frecuencia.diasMes')}
          description={t('frecuencia.diasMes.help')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          size="sm"
          searchable
          data={MONTH_DAYS}
          value={draft.diasMes.map(String)}
          error={errorOf('diasMes')}
          onChange={(days) => onChange({ ...draft, diasMes: days.map(Number) })}
        />
      ) : null}
      {tipo === 'hasta_dia_n' ? (
        <NumberInput
          label={t('frecuencia.limite')}
          description={t('frecuencia.diasMes.help')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          w={200}
          min={1}
          max={31}
          allowDecimal={false}
          value={draft.limite ?? ''}
          error={errorOf('limite')}
          onChange={(value) => onChange({ ...draft, limite: typeof value === 'number' ? value : null })}
        />
      ) : null}
    </Stack>
  )
}

/** The next dates of a frequency, to see what one is choosing. */
export function NextDates({ frecuencia, zona }: { frecuencia: Frecuencia; zona: string }) {
  const { t, lang } = useText()
  const next = useOp(
    'frecuencia.proximas',
    { frecuencia, zonaHoraria: zona, cuantas: 8 },
    { keep: true, refetchInterval: 60_000 },
  )
  if (next.error) return <ErrorBlock error={next.error.data} onRetry={() => void next.refetch()} />
  if (next.data?.fechas.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('frecuencia.noDates')}
      </Text>
    )
  return (
    <Stack gap={4} component="ol" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('frecuencia.next')}>
      {next.data?.fechas.map((fecha) => (
        <Text key={fecha} size="sm" component="li" className="sage-numbers">
          {formatInZone(lang, fecha, zona)}
        </Text>
      ))}
    </Stack>
  )
}
