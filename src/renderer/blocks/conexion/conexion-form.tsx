import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CallError } from '../../api/client'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'

interface ConexionFormProps {
  form: {
    busy: 'probar' | 'guardar' | null
    error: CallError | null
    save: () => Promise<void>
    test: () => Promise<void>
  }
  /** Labels of the fields that are wrong, once something was tried. */
  faults: readonly string[]
  /** Steps of the last test. */
  prueba: ReactNode
  /** Beside the buttons. */
  more?: ReactNode
  maxWidth?: number
  children: ReactNode
}

/** The frame of a form of a connection: its fields, what is wrong with it, its test beside its saving. */
export function ConexionForm({ form, faults, prueba, more, maxWidth, children }: ConexionFormProps) {
  const { t } = useText()
  return (
    <form
      noValidate
      style={{ maxWidth }}
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        // A form inside a modal is still inside the tree of the one that opened it.
        event.stopPropagation()
        void form.save()
      }}
    >
      <Stack gap="sm">
        {children}
        {faults.length > 1 ? (
          <Text size="sm" c="var(--sage-red)" role="alert">
            {t('destino.faults', { list: faults.join(', ') })}
          </Text>
        ) : null}
        {prueba}
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

export function DescriptionField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useText()
  return (
    <Textarea
      label={t('column.descripcion')}
      value={value}
      maxLength={1000}
      autosize
      minRows={1}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** The certificate of a private authority. */
export function AuthorityField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useText()
  return (
    <Textarea
      label={t('destino.ca')}
      description={t('destino.ca.help')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder="-----BEGIN CERTIFICATE-----"
      autosize
      minRows={1}
      maxRows={5}
      maxLength={200_000}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
