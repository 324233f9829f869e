import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useText } from '../../app/prefs'
import { AuthorityField } from '../../blocks/conexion/conexion-form'
import { useFalta } from './campo-field'
import type { RedDraft } from './draft'
import { ProxyPassword } from './secreto-fields'
import { campoId, type ProveedorFormState } from './use-proveedor-form'

/** What lies between this machine and the provider, and how much of the line it may take. */
export function RedFields({ form }: { form: ProveedorFormState }) {
  const { t } = useText()
  const { red } = form.draft
  const set = (part: Partial<RedDraft>) => form.change({ red: { ...red, ...part } })
  const error = useFalta(form, 'proxy')
  return (
    <>
      <TextInput
        id={campoId('proxy')}
        label={t('proveedor.proxy')}
        placeholder="http://proxy.empresa.pe:3128"
        spellCheck={false}
        maxLength={500}
        value={red.proxy}
        error={error}
        onBlur={() => form.leave('proxy')}
        onChange={(event) => set({ proxy: event.currentTarget.value })}
      />
      {red.proxy.trim() === '' ? null : (
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            label={t('proveedor.proxyUsuario')}
            maxLength={255}
            spellCheck={false}
            value={red.proxyUsuario}
            onChange={(event) => set({ proxyUsuario: event.currentTarget.value })}
          />
          <ProxyPassword form={form} />
        </SimpleGrid>
      )}
      <AuthorityField value={red.ca} onChange={(ca) => set({ ca })} />
      <SimpleGrid cols={3} spacing="sm">
        <Select
          label={t('proveedor.tlsMinimo')}
          allowDeselect={false}
          data={['1.2', '1.3']}
          value={red.tlsMinimo}
          onChange={(value) => set({ tlsMinimo: value === '1.3' ? '1.3' : '1.2' })}
        />
        <NumberInput
          label={t('proveedor.velocidad')}
          placeholder={t('proveedor.sinLimite')}
          min={1}
          clampBehavior="strict"
          allowDecimal={false}
          hideControls
          value={red.kibPorSegundo ?? ''}
          onChange={(value) => set({ kibPorSegundo: typeof value === 'number' ? value : null })}
        />
        <NumberInput
          label={t('proveedor.concurrencia')}
          min={1}
          max={32}
          clampBehavior="strict"
          allowDecimal={false}
          value={red.concurrencia ?? ''}
          onChange={(value) => set({ concurrencia: typeof value === 'number' ? value : null })}
        />
      </SimpleGrid>
    </>
  )
}
