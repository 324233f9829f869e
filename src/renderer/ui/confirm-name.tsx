import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { useText } from '../app/prefs'

interface ConfirmNameProps {
  name: string
  /** What is lost. */
  loses: string
  busy: boolean
  onConfirm: () => void
}

/** Inside a modal: confirmed by writing the name, since what is lost does not come back. */
export function ConfirmName({ name, loses, busy, onConfirm }: ConfirmNameProps) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  return (
    <Stack
      gap="sm"
      component="form"
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        if (typed === name) onConfirm()
      }}
    >
      <Text size="sm">{loses}</Text>
      <TextInput
        data-autofocus
        label={t('casilla.removeConfirm', { name })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button color="red" type="submit" disabled={typed !== name} loading={busy}>
          {t('action.remove')}
        </Button>
      </Group>
    </Stack>
  )
}
