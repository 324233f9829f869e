import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { SecretoInfo } from '@shared/model/secreto'
import { useState } from 'react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyError } from '../../ui/notify'

interface RemoveProps {
  secreto: SecretoInfo
  onRemoved: () => void
}

/** Disabled while something uses it: the engine would refuse, and the reason is at hand. */
export function RemoveButton({ secreto, onRemoved }: RemoveProps) {
  const { t } = useText()
  const used = secreto.usadoPor.length > 0
  return (
    <Button
      variant="subtle"
      color="red"
      disabled={used}
      {...(used ? { title: t('secreto.enUso') } : {})}
      onClick={() =>
        modals.open({
          title: t('secreto.removeTitle', { name: secreto.nombre }),
          children: <RemoveSecreto secreto={secreto} onRemoved={onRemoved} />,
        })
      }
    >
      {t('action.remove')}
    </Button>
  )
}

/** Confirmed by writing the name: its values are nowhere else. */
function RemoveSecreto({ secreto, onRemoved }: RemoveProps) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const remove = useCommand('secretos.remove', ['secretos.list', 'secretos.estado'])
  const submit = () =>
    remove.mutate(
      { id: secreto.id },
      {
        onSuccess: () => {
          modals.closeAll()
          onRemoved()
        },
        onError: (error) => notifyError(error.data),
      },
    )
  return (
    <Stack
      gap="sm"
      component="form"
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation()
        if (typed === secreto.nombre) submit()
      }}
    >
      <Text size="sm">{t('secreto.removeLoses')}</Text>
      <TextInput
        data-autofocus
        label={t('casilla.removeConfirm', { name: secreto.nombre })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button color="red" type="submit" disabled={typed !== secreto.nombre} loading={remove.isPending}>
          {t('action.remove')}
        </Button>
      </Group>
    </Stack>
  )
}
