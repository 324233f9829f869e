import { Select, Stack, Text } from '@mantine/core'
import type { SecretoInfo } from '@shared/model/secreto'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { SecretInput } from '../../ui/secret-input'
import { WRAPPER_ORDER } from './campo-field'
import { isAsked } from './campos'
import { PROXY_PASSWORD, tipoSecretoDe } from './draft'
import type { ProveedorFormState } from './use-proveedor-form'

const useSecreto = (form: ProveedorFormState): SecretoInfo | undefined =>
  useOp('secretos.list', {}).data?.items.find(({ id }) => id === form.draft.secretoId)

/** A credential that is saved already, or one of its own; each value masked, and never shown once it is saved. */
export function SecretoFields({ form }: { form: ProveedorFormState }) {
  const { t, lang } = useText()
  const { draft, tipo, saved } = form
  const secreto = useSecreto(form)
  const asked = tipo.secretos.filter((one) => isAsked(one, draft.config))
  if (asked.length === 0) return null
  const others = (secreto?.usadoPor ?? []).filter(
    (uso) => !(uso.tipo === 'proveedor' && uso.id === saved?.id),
  )
  return (
    <Stack gap="sm">
      <CredencialSelect form={form} />
      {asked.map(({ nombre, etiqueta, ayuda }) => {
        const isSaved = secreto?.valores.some((one) => one.nombre === nombre) === true
        return (
          <SecretInput
            key={nombre}
            label={etiqueta[lang]}
            inputWrapperOrder={WRAPPER_ORDER}
            description={isSaved ? t('proveedor.secreto.saved') : ayuda?.[lang]}
            value={draft.valores[nombre] ?? ''}
            onChange={(valor) => form.setValor(nombre, valor)}
          />
        )
      })}
      {others.length > 0 ? (
        <Text size="xs" c="dimmed">
          {t('proveedor.secreto.shared', { names: others.map(({ nombre }) => nombre).join(', ') })}
        </Text>
      ) : null}
    </Stack>
  )
}

/** Shown where there is something to choose. */
function CredencialSelect({ form }: { form: ProveedorFormState }) {
  const { t } = useText()
  const { draft, tipo } = form
  const own = tipoSecretoDe(tipo.tipo)
  const items = (useOp('secretos.list', {}).data?.items ?? []).filter(
    (one) => one.tipo === own || one.tipo === 'otro' || one.id === draft.secretoId,
  )
  if (items.length === 0) return null
  return (
    <Select
      label={t('proveedor.credencial')}
      allowDeselect={false}
      data={[
        { value: '', label: t('proveedor.credencial.nueva') },
        ...items.map(({ id, nombre }) => ({ value: String(id), label: nombre })),
      ]}
      value={draft.secretoId === null ? '' : String(draft.secretoId)}
      onChange={(value) => form.change({ secretoId: value ? Number(value) : null })}
    />
  )
}

export function ProxyPassword({ form }: { form: ProveedorFormState }) {
  const { t } = useText()
  const secreto = useSecreto(form)
  const isSaved = secreto?.valores.some(({ nombre }) => nombre === PROXY_PASSWORD) === true
  return (
    <SecretInput
      label={t('proveedor.proxyContrasena')}
      inputWrapperOrder={WRAPPER_ORDER}
      description={isSaved ? t('proveedor.secreto.saved') : undefined}
      value={form.draft.valores[PROXY_PASSWORD] ?? ''}
      onChange={(valor) => form.setValor(PROXY_PASSWORD, valor)}
    />
  )
}
