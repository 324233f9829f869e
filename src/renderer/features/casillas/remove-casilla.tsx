import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import { useState } from 'react'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText, type Text as Words } from '../../app/prefs'
import { notifyError } from '../../ui/notify'
import { keepSettings } from './settings-draft'

/** Asks before a casilla is removed. */
export const openRemoveCasilla = (t: Words['t'], casilla: Casilla) =>
  modals.open({
    title: t('casilla.removeTitle', { name: casilla.nombre }),
    children: <RemoveCasilla casilla={casilla} />,
  })

/** Confirmed by writing the name: what is lost does not come back. */
function RemoveCasilla({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const remove = useCommand('casillas.remove', ['casillas.list', 'executions.list', 'recepcion.estado'])
  const submit = () =>
    remove.mutate(
      { id: casilla.id },
      {
        onSuccess: () => {
          localStorage.removeItem(`sage.draft.${casilla.id}`)
          keepSettings(casilla.id, null)
          modals.closeAll()
          navigate('/casillas')
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
        if (typed === casilla.nombre) submit()
      }}
    >
      <Text size="sm">{t('casilla.removeLoses')}</Text>
      <TextInput
        data-autofocus
        label={t('casilla.removeConfirm', { name: casilla.nombre })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button color="red" type="submit" disabled={typed !== casilla.nombre} loading={remove.isPending}>
          {t('action.remove')}
        </Button>
      </Group>
    </Stack>
  )
}
