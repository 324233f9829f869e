import { Button, Collapse, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { IconChevronDown, IconChevronRight, IconPlugConnected } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { CampoField } from './campo-field'
import { isAsked } from './campos'
import { PasosPanel } from './pasos-panel'
import { RedFields } from './red-fields'
import { SecretoFields } from './secreto-fields'
import { campoId, type ProveedorFormState, useProveedorForm } from './use-proveedor-form'

interface ProveedorFormProps {
  tipo: TipoProveedor
  /** null makes a new one. */
  proveedor: Proveedor | null
  onSaved: (proveedor: Proveedor) => void
  /** Beside the buttons. */
  more?: ReactNode
}

/** A provider: what its kind asks for, its credential, and its test. */
export function ProveedorForm({ tipo, proveedor, onSaved, more }: ProveedorFormProps) {
  const { t } = useText()
  const form = useProveedorForm(tipo, proveedor, onSaved)
  const { campos, draft } = form
  const asked = campos.filter((campo) => isAsked(campo, draft.config))
  return (
    <form
      noValidate
      style={{ maxWidth: 640 }}
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        event.stopPropagation()
        void form.save()
      }}
    >
      <Stack gap="sm">
        <Name form={form} />
        {asked
          .filter(({ avanzado }) => !avanzado)
          .map((campo) => (
            <CampoField key={campo.nombre} form={form} campo={campo} />
          ))}
        <SecretoFields form={form} />
        <Textarea
          label={t('column.descripcion')}
          value={draft.descripcion}
          maxLength={1000}
          autosize
          minRows={1}
          onChange={(event) => form.change({ descripcion: event.currentTarget.value })}
        />
        <Advanced form={form} />
        <Faltas form={form} />
        {form.prueba ? (
          <PasosPanel prueba={form.prueba} onTrust={form.trust} busy={form.busy !== null} />
        ) : null}
        {form.error ? <ErrorBlock error={form.error.data} /> : null}
        <Group>
          <Button type="submit" loading={form.busy === 'guardar'} disabled={form.busy === 'probar'}>
            {t('action.save')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} />}
            loading={form.busy === 'probar'}
            disabled={form.busy === 'guardar'}
            onClick={() => void form.test()}
          >
            {t('destino.probar')}
          </Button>
          {more}
        </Group>
      </Stack>
    </form>
  )
}

function Name({ form }: { form: ProveedorFormState }) {
  const { t } = useText()
  return (
    <TextInput
      id={campoId('nombre')}
      label={t('column.nombre')}
      placeholder={t('proveedor.nombre.example')}
      required
      maxLength={255}
      value={form.draft.nombre}
      error={form.faltaDe('nombre') ? t('form.nameRequired') : null}
      onBlur={() => form.leave('nombre')}
      onChange={(event) => form.change({ nombre: event.currentTarget.value })}
    />
  )
}

/** For whoever needs it: folded until then, or until something in it is wrong. */
function Advanced({ form }: { form: ProveedorFormState }) {
  const { t } = useText()
  const [open, { toggle, open: unfold }] = useDisclosure(false)
  const asked = form.campos.filter((campo) => campo.avanzado && isAsked(campo, form.draft.config))
  const wrong = form.faltas.some(
    ({ nombre }) => nombre === 'proxy' || asked.some((campo) => campo.nombre === nombre),
  )
  useEffect(() => {
    if (wrong) unfold()
  }, [wrong, unfold])
  const Icon = open ? IconChevronDown : IconChevronRight
  return (
    <>
      <Group>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<Icon size={16} />}
          aria-expanded={open}
          onClick={toggle}
        >
          {t('proveedor.avanzado')}
        </Button>
      </Group>
      <Collapse expanded={open}>
        <Stack gap="sm">
          {asked.map((campo) => (
            <CampoField key={campo.nombre} form={form} campo={campo} />
          ))}
          {form.tipo.lugar === null ? <RedFields form={form} /> : null}
        </Stack>
      </Collapse>
    </>
  )
}

function Faltas({ form }: { form: ProveedorFormState }) {
  const { t } = useText()
  if (form.faltas.length < 2) return null
  const label = (name: string) =>
    name === 'nombre'
      ? t('column.nombre')
      : name === 'proxy'
        ? t('proveedor.proxy')
        : (form.campos.find((campo) => campo.nombre === name)?.etiqueta ?? name)
  return (
    <Text size="sm" c="var(--sage-red)" role="alert">
      {t('destino.faults', { list: form.faltas.map((one) => label(one.nombre)).join(', ') })}
    </Text>
  )
}
