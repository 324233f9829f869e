import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import type { SecretoInfo } from '@shared/model/secreto'
import { type ReactNode, useState } from 'react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { notifyDone } from '../../ui/notify'
import {
  draftOf,
  type Fault,
  faultsOf,
  type SecretoDraft,
  toCambio,
  toNuevo,
  withTipo,
} from './secreto-draft'
import { ValueFields } from './value-fields'
import { TIPO_SECRETO_VALUES } from './values'

/** Tells the fields of the form apart, for what was left and what is focused. */
const idOf = (fault: Fault): string =>
  fault.field === 'valor' ? `secreto-valor-${fault.key}` : `secreto-${fault.field}`

interface SecretoFormProps {
  /** null makes a new one. */
  secreto: SecretoInfo | null
  onSaved: () => void
  /** Beside the button that saves. */
  more?: ReactNode
}

/** A secret: what is stored never comes here, only its names. */
export function SecretoForm({ secreto, onSaved, more }: SecretoFormProps) {
  const { t, lang } = useText()
  const [draft, setDraft] = useState(() => draftOf(secreto, lang))
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const stale = ['secretos.list', 'secretos.estado'] as const
  const create = useCommand('secretos.create', [...stale])
  const update = useCommand('secretos.update', [...stale])
  const { error, reset } = secreto ? update : create
  const faults = faultsOf(draft)
  const shown = (id: string) => (left.has(id) ? faults.find((fault) => idOf(fault) === id) : undefined)
  const leave = (id: string) => setLeft((before) => new Set([...before, id]))
  const set = (part: Partial<SecretoDraft>) => {
    setDraft((before) => ({ ...before, ...part }))
    // What was refused is being mended.
    if (error) reset()
  }
  const save = () => {
    setLeft(new Set(faults.map(idOf)))
    const [first] = faults
    if (first) {
      document.getElementById(idOf(first))?.focus()
      return
    }
    const onSuccess = () => {
      notifyDone(t('form.saved'))
      onSaved()
    }
    if (secreto) update.mutate({ id: secreto.id, datos: toCambio(draft) }, { onSuccess })
    else create.mutate(toNuevo(draft), { onSuccess })
  }
  const valueFault = (key: number) => {
    const fault = shown(`secreto-valor-${key}`)
    return fault?.field === 'valor' ? t(`secreto.fault.valor.${fault.what}`) : null
  }
  return (
    <form
      noValidate
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        event.stopPropagation()
        save()
      }}
    >
      <Stack gap="sm">
        <TextInput
          id="secreto-nombre"
          data-autofocus
          label={t('secreto.nombre')}
          placeholder={t('secreto.nombre.example')}
          required
          maxLength={255}
          value={draft.nombre}
          error={shown('secreto-nombre') ? t('secreto.fault.nombre') : null}
          onBlur={() => leave('secreto-nombre')}
          onChange={(event) => set({ nombre: event.currentTarget.value })}
        />
        <Select
          label={t('secreto.tipo')}
          allowDeselect={false}
          disabled={secreto !== null}
          data={TIPO_SECRETO_VALUES.map((value) => ({ value, label: t(`tipoSecreto.${value}`) }))}
          value={draft.tipo}
          onChange={(value) => {
            const known = TIPO_SECRETO_VALUES.find((item) => item === value)
            if (known) setDraft((before) => withTipo(before, known))
          }}
        />
        <Textarea
          label={t('secreto.descripcion')}
          autosize
          minRows={1}
          maxRows={4}
          maxLength={1000}
          value={draft.descripcion}
          onChange={(event) => set({ descripcion: event.currentTarget.value })}
        />
        <ValueFields
          valores={draft.valores}
          faultOf={valueFault}
          onChange={(valores) => set({ valores })}
          onLeave={(key) => leave(`secreto-valor-${key}`)}
        />
        <Reminders
          draft={draft}
          wrong={shown('secreto-vence') !== undefined}
          set={set}
          onLeave={() => leave('secreto-vence')}
        />
        {shown('secreto-valores') ? (
          <ErrorBlock
            error={{
              ...{ code: 'SECRET_EMPTY', kind: 'input', message: t('secreto.fault.valores') },
              retryable: false,
            }}
          />
        ) : null}
        {error ? <ErrorBlock error={error.data} onRetry={save} /> : null}
        <Group>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {t('action.save')}
          </Button>
          {more}
        </Group>
      </Stack>
    </form>
  )
}

interface RemindersProps {
  draft: SecretoDraft
  wrong: boolean
  set: (part: Partial<SecretoDraft>) => void
  onLeave: () => void
}

/** When it stops working, and when it should be changed. */
function Reminders({ draft, wrong, set, onLeave }: RemindersProps) {
  const { t } = useText()
  return (
    <SimpleGrid cols={3} spacing="sm">
      <TextInput
        id="secreto-vence"
        label={t('secreto.vence')}
        placeholder={t('filter.dayFormat')}
        value={draft.vence}
        error={wrong ? t('secreto.fault.vence') : null}
        onBlur={onLeave}
        onChange={(event) => set({ vence: event.currentTarget.value })}
      />
      <NumberInput
        label={t('secreto.recordar')}
        min={0}
        max={365}
        clampBehavior="strict"
        allowDecimal={false}
        value={draft.recordarDias}
        onChange={(value) => set({ recordarDias: Number(value) })}
      />
      <NumberInput
        label={t('secreto.rotarCada')}
        placeholder={t('secreto.nunca')}
        min={1}
        max={3650}
        clampBehavior="strict"
        allowDecimal={false}
        value={draft.rotarCadaDias ?? ''}
        onChange={(value) => set({ rotarCadaDias: value === '' ? null : Number(value) })}
      />
    </SimpleGrid>
  )
}
