import { ActionIcon, Checkbox, Group, NativeSelect, NumberInput, Text, TextInput } from '@mantine/core'
import type { Columna, ProblemaMaterializacion, TipoColumna } from '@shared/model/materializacion'
import { IconArrowDown, IconArrowUp, IconKey, IconX } from '@tabler/icons-react'
import { useText } from '../../../app/prefs'
import { Problemas } from '../../../blocks/materializacion/problemas'
import { CONTROL_VALUES, FUENTE_VALUES, TIPO_COLUMNA_VALUES } from '../../../blocks/materializacion/values'
import { withTipo } from './draft'
import { focusId } from './faults'
import type { Field } from './use-fields'

interface ColumnRowProps {
  measure: (element: HTMLTableRowElement | null) => void
  tabla: number
  index: number
  last: number
  columna: Columna
  isKey: boolean
  fields: readonly Field[]
  problems: readonly ProblemaMaterializacion[]
  faultAt: (focus: string) => string | null
  onName: (nombre: string) => void
  onChange: (part: Partial<Columna>) => void
  onMove: (step: -1 | 1) => void
  onRemove: () => void
}

/** One column: its place, its name, where its values come from, its type, whether it may be empty. */
export function ColumnRow(props: ColumnRowProps) {
  const { measure, tabla, index, last, columna, fields, faultAt, onChange, onMove } = props
  const { t } = useText()
  const { nombre } = columna
  return (
    <tr ref={measure} data-index={index}>
      <td>
        <Order name={nombre} index={index} last={last} onMove={onMove} />
      </td>
      <td>
        <NameCell {...props} />
      </td>
      <td>
        <KindCell columna={columna} fields={fields} onChange={onChange} />
      </td>
      <td>
        <SourceCell
          columna={columna}
          fields={fields}
          error={faultAt(focusId('fuente', tabla, index))}
          id={focusId('fuente', tabla, index)}
          onChange={onChange}
        />
      </td>
      <td>
        <TypeCell
          name={nombre}
          tipo={columna.tipo}
          id={focusId('tipo', tabla, index)}
          error={faultAt(focusId('tipo', tabla, index))}
          onChange={(tipo) => onChange({ tipo })}
        />
      </td>
      <td className="is-center">
        <Checkbox
          mt={6}
          aria-label={t('mapeo.nulosDe', { name: nombre })}
          checked={columna.nulos}
          onChange={(event) => onChange({ nulos: event.currentTarget.checked })}
        />
      </td>
      <td>
        <ActionIcon
          mt={3}
          size="sm"
          aria-label={t('mapeo.quitar', { name: nombre })}
          onClick={props.onRemove}
        >
          <IconX size={14} />
        </ActionIcon>
      </td>
    </tr>
  )
}

type NameCellProps = Pick<
  ColumnRowProps,
  'tabla' | 'index' | 'columna' | 'isKey' | 'problems' | 'faultAt' | 'onName'
>

function NameCell({ tabla, index, columna, isKey, problems, faultAt, onName }: NameCellProps) {
  const { t } = useText()
  const id = focusId('columna', tabla, index)
  const wrong = problems.some(({ severidad }) => severidad === 'error')
  return (
    <>
      <TextInput
        id={id}
        size="xs"
        aria-label={t('mapeo.nombreDe', { n: String(index + 1) })}
        spellCheck={false}
        maxLength={255}
        value={columna.nombre}
        error={faultAt(id) ?? wrong}
        rightSection={isKey ? <IconKey size={14} aria-label={t('mat.key')} /> : null}
        onChange={(event) => onName(event.currentTarget.value)}
      />
      {problems.length > 0 ? (
        <div className="column-problems">
          <Problemas problemas={problems} />
        </div>
      ) : null}
    </>
  )
}

interface OrderProps {
  name: string
  index: number
  last: number
  onMove: (step: -1 | 1) => void
}

function Order({ name, index, last, onMove }: OrderProps) {
  const { t } = useText()
  return (
    <Group gap={2} wrap="nowrap" h={30}>
      <ActionIcon
        size="sm"
        disabled={index === 0}
        aria-label={t('mapeo.subir', { name })}
        onClick={() => onMove(-1)}
      >
        <IconArrowUp size={14} />
      </ActionIcon>
      <ActionIcon
        size="sm"
        disabled={index === last}
        aria-label={t('mapeo.bajar', { name })}
        onClick={() => onMove(1)}
      >
        <IconArrowDown size={14} />
      </ActionIcon>
      <Text size="xs" c="dimmed" className="sage-numbers" w={24} ta="right">
        {index + 1}
      </Text>
    </Group>
  )
}

interface KindCellProps {
  columna: Columna
  fields: readonly Field[]
  onChange: (part: Partial<Columna>) => void
}

function KindCell({ columna, fields, onChange }: KindCellProps) {
  const { t } = useText()
  return (
    <NativeSelect
      size="xs"
      aria-label={t('mapeo.fuenteDe', { name: columna.nombre })}
      data={FUENTE_VALUES.map((value) => ({ value, label: t(`fuente.${value}`) }))}
      value={columna.fuente.de}
      onChange={(event) => {
        const de = FUENTE_VALUES.find((value) => value === event.currentTarget.value)
        if (de === 'campo') onChange({ fuente: { de, campo: fields[0]?.name ?? '' } })
        if (de === 'constante') onChange({ fuente: { de, valor: null } })
        if (de === 'control') onChange({ fuente: { de, control: 'ejecucion' } })
      }}
    />
  )
}

interface SourceCellProps {
  columna: Columna
  fields: readonly Field[]
  id: string
  error: string | null
  onChange: (part: Partial<Columna>) => void
}

function SourceCell({ columna, fields, id, error, onChange }: SourceCellProps) {
  const { t } = useText()
  const { fuente, nombre } = columna
  const label = t('mapeo.deDe', { name: nombre })
  if (fuente.de === 'constante')
    return (
      <TextInput
        id={id}
        size="xs"
        aria-label={label}
        placeholder={t('mapeo.nulo')}
        maxLength={10_000}
        value={fuente.valor ?? ''}
        onChange={(event) =>
          onChange({ fuente: { de: 'constante', valor: event.currentTarget.value || null } })
        }
      />
    )
  if (fuente.de === 'control')
    return (
      <NativeSelect
        id={id}
        size="xs"
        aria-label={label}
        data={CONTROL_VALUES.map((value) => ({ value, label: t(`control.${value}`) }))}
        value={fuente.control}
        onChange={(event) => {
          const control = CONTROL_VALUES.find((value) => value === event.currentTarget.value)
          if (control) onChange({ fuente: { de: 'control', control } })
        }}
      />
    )
  return (
    <NativeSelect
      id={id}
      size="xs"
      aria-label={label}
      error={error}
      data={fields.map(({ name }) => name)}
      value={fuente.campo}
      onChange={(event) => onChange({ fuente: { de: 'campo', campo: event.currentTarget.value } })}
    />
  )
}

interface TypeCellProps {
  name: string
  tipo: TipoColumna
  id: string
  error: string | null
  onChange: (tipo: TipoColumna) => void
}

function TypeCell({ name, tipo, id, error, onChange }: TypeCellProps) {
  const { t } = useText()
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <NativeSelect
        id={id}
        size="xs"
        w={118}
        aria-label={t('mapeo.tipoDe', { name })}
        error={error}
        data={TIPO_COLUMNA_VALUES.map((value) => ({ value, label: t(`tipoColumna.${value}`) }))}
        value={tipo.tipo}
        onChange={(event) => {
          const next = TIPO_COLUMNA_VALUES.find((value) => value === event.currentTarget.value)
          if (next) onChange(withTipo(tipo, next))
        }}
      />
      {tipo.tipo === 'texto' ? (
        <Digits
          label={t('mapeo.largoDe', { name })}
          placeholder={t('mapeo.sinLimite')}
          width={124}
          max={1_000_000}
          value={tipo.largo ?? null}
          onChange={(largo) => onChange(largo === null ? { tipo: 'texto' } : { tipo: 'texto', largo })}
        />
      ) : null}
      {tipo.tipo === 'decimal' ? (
        <>
          <Digits
            label={t('mapeo.precisionDe', { name })}
            width={58}
            max={1000}
            value={tipo.precision}
            onChange={(precision) => onChange({ ...tipo, precision: precision ?? 0 })}
          />
          <Digits
            label={t('mapeo.escalaDe', { name })}
            width={58}
            max={1000}
            value={tipo.escala}
            onChange={(escala) => onChange({ ...tipo, escala: escala ?? 0 })}
          />
        </>
      ) : null}
      {tipo.tipo === 'fecha_hora' ? (
        <Checkbox
          mt={6}
          size="sm"
          label={t('mapeo.conZona')}
          checked={tipo.zona}
          onChange={(event) => onChange({ tipo: 'fecha_hora', zona: event.currentTarget.checked })}
        />
      ) : null}
    </Group>
  )
}

interface DigitsProps {
  label: string
  placeholder?: string
  width: number
  max: number
  value: number | null
  onChange: (value: number | null) => void
}

function Digits({ label, placeholder, width, max, value, onChange }: DigitsProps) {
  return (
    <NumberInput
      size="xs"
      w={width}
      aria-label={label}
      title={label}
      placeholder={placeholder}
      hideControls
      allowDecimal={false}
      allowNegative={false}
      max={max}
      clampBehavior="strict"
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  )
}
