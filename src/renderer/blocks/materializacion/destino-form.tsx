import { Group, NumberInput, PasswordInput, Radio, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import type { Destino } from '@shared/model/destino'
import type { ReactNode } from 'react'
import { useText } from '../../app/prefs'
import { AuthorityField, ConexionForm, DescriptionField } from '../conexion/conexion-form'
import { ProveedorCarpeta } from '../conexion/proveedor-carpeta'
import { PruebaPanel } from '../conexion/prueba-panel'
import { CAMPOS, type CampoDestino, isServer, PUERTOS } from './destino-draft'
import { LugarField } from './lugar-field'
import { campoId, type DestinoFormState, useDestinoForm } from './use-destino-form'
import { TIPO_DESTINO_VALUES } from './values'

interface DestinoFormProps {
  /** null makes a new one. */
  destino: Destino | null
  onSaved: (destino: Destino) => void
  /** Beside the buttons. */
  more?: ReactNode
}

/** A destination's kind, what that kind asks for, and its test. */
export function DestinoForm({ destino, onSaved, more }: DestinoFormProps) {
  const { t } = useText()
  const form = useDestinoForm(destino, onSaved)
  const { draft, change } = form
  return (
    <ConexionForm
      form={form}
      faults={form.faults.map((campo) => t(`destino.${campo}`))}
      prueba={form.prueba ? <PruebaPanel prueba={form.prueba} /> : null}
      more={more}
    >
      <KindAndName form={form} />
      <KindFields form={form} saved={destino} />
      <DescriptionField value={draft.descripcion} onChange={(descripcion) => change({ descripcion })} />
    </ConexionForm>
  )
}

function KindAndName({ form }: { form: DestinoFormState }) {
  const { t } = useText()
  const { draft, change } = form
  return (
    <>
      <Select
        label={t('destino.tipo')}
        description={t(`tipoDestino.${draft.tipo}.help`)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        allowDeselect={false}
        maxDropdownHeight={320}
        data={TIPO_DESTINO_VALUES.map((value) => ({ value, label: t(`tipoDestino.${value}`) }))}
        value={draft.tipo}
        onChange={(value) => {
          const tipo = TIPO_DESTINO_VALUES.find((known) => known === value)
          if (tipo) change({ tipo, lugar: null })
        }}
      />
      <TextInput
        id={campoId('nombre')}
        label={t('column.nombre')}
        placeholder={t('destino.nombre.example')}
        required
        maxLength={255}
        value={draft.nombre}
        error={form.isWrong('nombre') ? t('form.nameRequired') : null}
        onBlur={() => form.leave('nombre')}
        onChange={(event) => change({ nombre: event.currentTarget.value })}
      />
    </>
  )
}

function KindFields({ form, saved }: { form: DestinoFormState; saved: Destino | null }) {
  const { t } = useText()
  const { tipo, proveedorId, carpeta } = form.draft
  if (isServer(tipo)) return <ServerFields form={form} />
  if (tipo !== 'proveedor') return <LugarField form={form} saved={saved} />
  return (
    <ProveedorCarpeta
      id={campoId('proveedorId')}
      proveedorId={proveedorId}
      carpeta={carpeta}
      help={t('destino.carpeta.help')}
      placeholder="lago/ventas"
      error={form.isWrong('proveedorId') ? t('origen.falta') : null}
      onProveedor={(id) => form.change({ proveedorId: id })}
      onCarpeta={(value) => form.change({ carpeta: value })}
    />
  )
}

type TextCampo = 'servidor' | 'base' | 'esquema' | 'usuario'

function ServerFields({ form }: { form: DestinoFormState }) {
  const { draft } = form
  const asked: readonly CampoDestino[] = CAMPOS[draft.tipo]
  return (
    <>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <div style={{ flex: 1 }}>
          <TextField form={form} campo="servidor" required />
        </div>
        <PortField form={form} />
      </Group>
      <SimpleGrid cols={asked.includes('esquema') ? 2 : 1} spacing="sm">
        <TextField form={form} campo="base" required />
        {asked.includes('esquema') ? <TextField form={form} campo="esquema" /> : null}
      </SimpleGrid>
      <SimpleGrid cols={2} spacing="sm">
        <TextField form={form} campo="usuario" required />
        <PasswordField form={form} />
      </SimpleGrid>
      <TlsFields form={form} />
    </>
  )
}

function TextField({
  form,
  campo,
  required = false,
}: {
  form: DestinoFormState
  campo: TextCampo
  required?: boolean
}) {
  const { t } = useText()
  const { draft } = form
  return (
    <TextInput
      id={campoId(campo)}
      label={t(`destino.${campo}`)}
      placeholder={t(`destino.${campo}.example`)}
      required={required}
      maxLength={255}
      spellCheck={false}
      value={draft[campo]}
      error={form.isWrong(campo) ? t(`destino.fault.${campo}`) : null}
      onBlur={() => form.leave(campo)}
      onChange={(event) => form.change({ [campo]: event.currentTarget.value })}
    />
  )
}

function PortField({ form }: { form: DestinoFormState }) {
  const { t } = useText()
  const { tipo, puerto } = form.draft
  return (
    <NumberInput
      id={campoId('puerto')}
      label={t('destino.puerto')}
      w={104}
      min={1}
      max={65_535}
      clampBehavior="none"
      allowDecimal={false}
      hideControls
      placeholder={isServer(tipo) ? String(PUERTOS[tipo]) : undefined}
      value={puerto ?? ''}
      error={form.isWrong('puerto') ? t('destino.fault.puerto') : null}
      onBlur={() => form.leave('puerto')}
      onChange={(value) => form.change({ puerto: typeof value === 'number' ? value : null })}
    />
  )
}

/** It goes into the vault of secrets and is never shown again. */
function PasswordField({ form }: { form: DestinoFormState }) {
  const { t } = useText()
  const { value, isSaved, set } = form.password
  return (
    <PasswordInput
      id={campoId('contrasena')}
      size="sm"
      label={t('destino.contrasena')}
      placeholder={isSaved ? t('destino.contrasena.saved') : undefined}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t('destino.contrasena.ver') }}
      maxLength={65_536}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

function TlsFields({ form }: { form: DestinoFormState }) {
  const { t } = useText()
  const { tls, ca } = form.draft
  return (
    <>
      <Radio.Group
        label={t('destino.tls')}
        value={tls}
        onChange={(value) => form.change({ tls: value === 'no' ? 'no' : 'verificar' })}
      >
        <Stack gap={6} mt={6}>
          {(['verificar', 'no'] as const).map((value) => (
            <Radio
              key={value}
              size="sm"
              value={value}
              label={t(`destino.tls.${value}`)}
              description={t(`destino.tls.${value}.help`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {tls === 'verificar' ? (
        <AuthorityField value={ca} onChange={(value) => form.change({ ca: value })} />
      ) : null}
    </>
  )
}
