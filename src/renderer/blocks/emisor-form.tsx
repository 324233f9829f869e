import { Button, Group, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import type { Emisor, EmisorDatos } from '@shared/model/emisor'
import { type ReactNode, useState } from 'react'
import { useCommand } from '../api/hooks'
import { useText } from '../app/prefs'
import { ErrorBlock } from '../ui/error-block'
import { notifyDone } from '../ui/notify'
import { TIPO_EMISOR_VALUES } from './emisor-values'

const EMPTY: EmisorDatos = {
  nombre: '',
  organizacion: '',
  tipo: 'otros',
  codigoInterno: '',
  email: '',
  telefono: '',
  activo: true,
}

const datosOf = (emisor: Emisor | null): EmisorDatos => {
  if (!emisor) return EMPTY
  const { nombre, organizacion, tipo, codigoInterno, email, telefono, activo } = emisor
  return { nombre, organizacion, tipo, codigoInterno, email, telefono, activo }
}

type TextField = Exclude<keyof EmisorDatos, 'tipo' | 'activo'>

/** What each field needs, as the engine will check it. */
const VALID: Partial<Record<TextField, (value: string) => boolean>> = {
  nombre: (value) => value.trim() !== '',
  codigoInterno: (value) => /^[a-z0-9.-]*$/.test(value.trim()),
  email: (value) => value.trim() === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()),
}

const FIELDS: { name: TextField; max: number }[] = [
  { name: 'nombre', max: 255 },
  { name: 'organizacion', max: 255 },
  { name: 'codigoInterno', max: 25 },
  { name: 'email', max: 255 },
  { name: 'telefono', max: 50 },
]

interface EmisorFormProps {
  /** null makes a new one. */
  emisor: Emisor | null
  onSaved: (emisor: Emisor) => void
  /** Beside the button that saves. */
  more?: ReactNode
}

/** A sender's own data. */
export function EmisorForm({ emisor, onSaved, more }: EmisorFormProps) {
  const { t } = useText()
  const [datos, setDatos] = useState(() => datosOf(emisor))
  const [left, setLeft] = useState<ReadonlySet<TextField>>(new Set())
  const stale = ['emisores.list', 'casillas.permisos'] as const
  const create = useCommand('emisores.create', [...stale])
  const update = useCommand('emisores.update', [...stale])
  const { error, reset } = emisor ? update : create
  const set = <K extends keyof EmisorDatos>(name: K, value: EmisorDatos[K]) => {
    setDatos((before) => ({ ...before, [name]: value }))
    // What was refused is being mended.
    if (error) reset()
  }
  const isWrong = (name: TextField) => VALID[name]?.(datos[name]) === false
  const same = JSON.stringify(datos) === JSON.stringify(datosOf(emisor))

  const save = () => {
    setLeft(new Set(FIELDS.map(({ name }) => name)))
    const wrong = FIELDS.find(({ name }) => isWrong(name))
    if (wrong) {
      document.getElementById(`emisor-${wrong.name}`)?.focus()
      return
    }
    const onSuccess = (saved: Emisor) => {
      notifyDone(t('form.saved'))
      onSaved(saved)
    }
    if (emisor) update.mutate({ id: emisor.id, datos }, { onSuccess })
    else create.mutate(datos, { onSuccess })
  }
  const field = ({ name, max }: (typeof FIELDS)[number]) => (
    <TextInput
      key={name}
      id={`emisor-${name}`}
      label={t(`emisor.${name}`)}
      placeholder={t(`emisor.${name}.example`)}
      required={name === 'nombre'}
      maxLength={max}
      value={datos[name]}
      error={
        left.has(name) && isWrong(name)
          ? t(`emisor.fault.${name === 'telefono' || name === 'organizacion' ? 'nombre' : name}`)
          : null
      }
      onBlur={() => setLeft((before) => new Set([...before, name]))}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  )
  const [nombre, organizacion, ...rest] = FIELDS
  return (
    <form
      noValidate
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        // A form inside a modal is still inside the tree of the one that opened it.
        event.stopPropagation()
        save()
      }}
    >
      <Stack gap="sm">
        {nombre ? field(nombre) : null}
        {organizacion ? field(organizacion) : null}
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
          <Select
            label={t('emisor.tipo')}
            allowDeselect={false}
            data={TIPO_EMISOR_VALUES.map((value) => ({ value, label: t(`tipoEmisor.${value}`) }))}
            value={datos.tipo}
            onChange={(value) => {
              const known = TIPO_EMISOR_VALUES.find((item) => item === value)
              if (known) set('tipo', known)
            }}
          />
          {rest.map(field)}
        </SimpleGrid>
        <Switch
          label={t('emisor.activo')}
          description={t('emisor.activo.help')}
          checked={datos.activo}
          onChange={(event) => set('activo', event.currentTarget.checked)}
        />
        {error ? <ErrorBlock error={error.data} onRetry={save} /> : null}
        <Group>
          <Button
            type="submit"
            disabled={emisor !== null && same}
            loading={create.isPending || update.isPending}
          >
            {t('action.save')}
          </Button>
          {more}
        </Group>
      </Stack>
    </form>
  )
}
