import { Button, Collapse, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { useText } from '../../app/prefs'
import { ConexionForm, DescriptionField } from '../../blocks/conexion/conexion-form'
import { DraftResumed } from '../../blocks/draft-resumed'
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
  const labelOf = (name: string) => {
    if (name === 'nombre') return t('column.nombre')
    if (name === 'proxy') return t('proveedor.proxy')
    return campos.find((campo) => campo.nombre === name)?.etiqueta ?? name
  }
  return (
    <ConexionForm
      form={form}
      faults={form.faltas.map(({ nombre }) => labelOf(nombre))}
      prueba={
        form.prueba ? (
          <PasosPanel prueba={form.prueba} onTrust={form.trust} busy={form.busy !== null} />
        ) : null
      }
      maxWidth={640}
      more={
        <>
          {form.dirty ? (
            <Button variant="subtle" color="gray" onClick={form.drop}>
              {t('config.discard')}
            </Button>
          ) : null}
          {more}
          {form.dirty ? (
            <Text size="sm" c="var(--sage-orange)">
              {t(form.typed ? 'draft.unsavedSecret' : 'yaml.unsaved')}
            </Text>
          ) : null}
        </>
      }
    >
      <DraftResumed {...form} />
      <Name form={form} />
      {asked
        .filter(({ avanzado }) => !avanzado)
        .map((campo) => (
          <CampoField key={campo.nombre} form={form} campo={campo} />
        ))}
      <SecretoFields form={form} />
      <DescriptionField value={draft.descripcion} onChange={(descripcion) => form.change({ descripcion })} />
      <Advanced form={form} />
    </ConexionForm>
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
