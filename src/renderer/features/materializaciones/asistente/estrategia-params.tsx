import { MultiSelect, NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import type { Columna, Estrategia } from '@shared/model/materializacion'
import { useText } from '../../../app/prefs'
import { Condiciones } from './condiciones'

interface EstrategiaParamsProps {
  id: string
  columnas: readonly Columna[]
  estrategia: Estrategia
  onChange: (estrategia: Estrategia) => void
}

/** What the chosen strategy needs: its key, its partition, its conditions, its mark, how many loads it keeps. */
export function EstrategiaParams({ id, columnas, estrategia, onChange }: EstrategiaParamsProps) {
  const { t } = useText()
  const names = columnas.map(({ nombre }) => nombre).filter(Boolean)
  switch (estrategia.tipo) {
    case 'upsert':
      return (
        <Stack gap="sm">
          <Key
            id={id}
            names={names}
            value={estrategia.clave}
            onChange={(clave) => onChange({ ...estrategia, clave })}
          />
          <Mark names={names} estrategia={estrategia} onChange={onChange} />
        </Stack>
      )
    case 'delete_insert':
      return <DeleteParams id={id} names={names} estrategia={estrategia} onChange={onChange} />
    case 'full':
      return (
        <NumberInput
          id={id}
          label={t('estrategia.conservar')}
          description={t('estrategia.conservar.help')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={0}
          max={100}
          allowDecimal={false}
          value={estrategia.conservar}
          onChange={(value) => typeof value === 'number' && onChange({ ...estrategia, conservar: value })}
        />
      )
    default:
      return null
  }
}

interface KeyProps {
  id: string
  names: string[]
  value: string[]
  onChange: (names: string[]) => void
}

function Key({ id, names, value, onChange }: KeyProps) {
  const { t } = useText()
  return (
    <MultiSelect
      id={id}
      size="sm"
      label={t('estrategia.clave')}
      description={t('estrategia.clave.help')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      searchable
      required
      maxValues={32}
      data={names}
      value={value.filter((name) => names.includes(name))}
      onChange={onChange}
    />
  )
}

type Upsert = Extract<Estrategia, { tipo: 'upsert' }>

function Mark({
  names,
  estrategia,
  onChange,
}: {
  names: string[]
  estrategia: Upsert
  onChange: (estrategia: Estrategia) => void
}) {
  const { t } = useText()
  const { borrarSi, ...rest } = estrategia
  return (
    <>
      <Switch
        label={t('estrategia.marca')}
        description={t('estrategia.marca.help')}
        checked={borrarSi !== undefined}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? { ...rest, borrarSi: { columna: '', valor: '' } } : rest)
        }
      />
      {borrarSi ? (
        <SimpleGrid cols={2} spacing="sm">
          <Select
            label={t('mapeo.columna')}
            searchable
            allowDeselect={false}
            data={names}
            value={borrarSi.columna || null}
            onChange={(columna) => onChange({ ...rest, borrarSi: { ...borrarSi, columna: columna ?? '' } })}
          />
          <TextInput
            label={t('column.valor')}
            maxLength={1000}
            value={borrarSi.valor}
            onChange={(event) =>
              onChange({ ...rest, borrarSi: { ...borrarSi, valor: event.currentTarget.value } })
            }
          />
        </SimpleGrid>
      ) : null}
    </>
  )
}

type DeleteInsert = Extract<Estrategia, { tipo: 'delete_insert' }>
const POR = ['clave', 'particion', 'condicion'] as const satisfies readonly DeleteInsert['borrar']['por'][]

interface DeleteParamsProps {
  id: string
  names: string[]
  estrategia: DeleteInsert
  onChange: (estrategia: Estrategia) => void
}

function DeleteParams({ id, names, estrategia, onChange }: DeleteParamsProps) {
  const { t } = useText()
  const { borrar } = estrategia
  const set = (next: DeleteInsert['borrar']) => onChange({ ...estrategia, borrar: next })
  const columns = borrar.por === 'clave' ? borrar.clave : borrar.por === 'particion' ? borrar.columnas : []
  const choose = (value: string | null) => {
    const por = POR.find((known) => known === value)
    if (por === 'clave') set({ por, clave: columns })
    if (por === 'particion') set({ por, columnas: columns })
    if (por === 'condicion') set({ por, condiciones: [{ columna: '', operador: '=', valores: [] }] })
  }
  return (
    <Stack gap="sm">
      <Select
        label={t('estrategia.borrar')}
        description={t(`estrategia.borrar.${borrar.por}.help`)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        allowDeselect={false}
        data={POR.map((value) => ({ value, label: t(`estrategia.borrar.${value}`) }))}
        value={borrar.por}
        onChange={choose}
      />
      {borrar.por === 'clave' ? (
        <Key id={id} names={names} value={borrar.clave} onChange={(clave) => set({ ...borrar, clave })} />
      ) : null}
      {borrar.por === 'particion' ? (
        <MultiSelect
          id={id}
          size="sm"
          label={t('estrategia.particion')}
          searchable
          required
          maxValues={32}
          data={names}
          value={borrar.columnas.filter((name) => names.includes(name))}
          onChange={(columnas) => set({ ...borrar, columnas })}
        />
      ) : null}
      {borrar.por === 'condicion' ? (
        <Condiciones
          id={id}
          names={names}
          value={borrar.condiciones}
          onChange={(condiciones) => set({ ...borrar, condiciones })}
        />
      ) : null}
    </Stack>
  )
}
