import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useText } from '../../app/prefs'
import { SecretInput } from '../../ui/secret-input'
import { newValor, type ValorDraft } from './secreto-draft'

interface ValueFieldsProps {
  valores: readonly ValorDraft[]
  faultOf: (key: number) => string | null
  onChange: (valores: readonly ValorDraft[]) => void
  onLeave: (key: number) => void
}

/** The values of a secret: those stored are told by name and fingerprint, and only written over or taken away. */
export function ValueFields({ valores, faultOf, onChange, onLeave }: ValueFieldsProps) {
  const { t } = useText()
  const change = (key: number, part: Partial<ValorDraft>) =>
    onChange(valores.map((one) => (one.key === key ? { ...one, ...part } : one)))
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="sm" fw={600} mb={4}>
        {t('secreto.valores')}
      </Text>
      {valores.map((one) =>
        one.guardado !== null && one.accion !== 'escribir' ? (
          <Stored key={one.key} valor={one} onChange={(part) => change(one.key, part)} />
        ) : (
          <Typed
            key={one.key}
            valor={one}
            fault={faultOf(one.key)}
            onChange={(part) => change(one.key, part)}
            onLeave={() => onLeave(one.key)}
            onDrop={() =>
              one.guardado === null
                ? onChange(valores.filter(({ key }) => key !== one.key))
                : change(one.key, { accion: 'conservar', valor: '' })
            }
          />
        ),
      )}
      <Group>
        <Button variant="subtle" size="xs" onClick={() => onChange([...valores, newValor('')])}>
          {t('secreto.otroValor')}
        </Button>
      </Group>
    </Stack>
  )
}

interface RowProps {
  valor: ValorDraft
  onChange: (part: Partial<ValorDraft>) => void
}

function Stored({ valor, onChange }: RowProps) {
  const { t, date } = useText()
  const removed = valor.accion === 'quitar'
  return (
    <Group justify="space-between" wrap="nowrap">
      <Stack gap={0} style={{ minWidth: 0 }}>
        <Text size="sm" ff="monospace" td={removed ? 'line-through' : 'none'} className="sage-cut">
          {valor.nombre}
        </Text>
        <Text size="xs" c="dimmed">
          {removed
            ? t('secreto.seQuitara')
            : t('secreto.guardado', {
                when: date(valor.guardado?.cambiadoEn ?? ''),
                huella: valor.guardado?.huella ?? '',
              })}
        </Text>
      </Stack>
      <Group gap="xs" wrap="nowrap">
        {removed ? (
          <Button variant="default" size="xs" onClick={() => onChange({ accion: 'conservar' })}>
            {t('secreto.conservar')}
          </Button>
        ) : (
          <>
            <Button
              variant="default"
              size="xs"
              aria-label={t('secreto.cambiarValor', { name: valor.nombre })}
              onClick={() => onChange({ accion: 'escribir' })}
            >
              {t('secreto.cambiar')}
            </Button>
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              aria-label={t('secreto.quitarValor', { name: valor.nombre })}
              onClick={() => onChange({ accion: 'quitar' })}
            >
              {t('secreto.quitar')}
            </Button>
          </>
        )}
      </Group>
    </Group>
  )
}

interface TypedProps extends RowProps {
  fault: string | null
  onLeave: () => void
  onDrop: () => void
}

function Typed({ valor, fault, onChange, onLeave, onDrop }: TypedProps) {
  const { t } = useText()
  return (
    <Stack gap={2}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <TextInput
          w={150}
          aria-label={t('secreto.valorNombre')}
          placeholder={t('secreto.valorNombre')}
          value={valor.nombre}
          disabled={valor.guardado !== null}
          maxLength={64}
          styles={{ input: { fontFamily: 'monospace' } }}
          onBlur={onLeave}
          onChange={(event) => onChange({ nombre: event.currentTarget.value })}
        />
        <div style={{ flex: 1 }}>
          <SecretInput
            id={`secreto-valor-${valor.key}`}
            aria-label={t('secreto.valorDe', { name: valor.nombre })}
            value={valor.valor}
            onBlur={onLeave}
            onChange={(text) => onChange({ valor: text })}
          />
        </div>
        <ActionIcon mt={4} aria-label={t('secreto.quitarValor', { name: valor.nombre })} onClick={onDrop}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      {fault === null ? null : (
        <Text size="xs" c="red">
          {fault}
        </Text>
      )}
    </Stack>
  )
}
