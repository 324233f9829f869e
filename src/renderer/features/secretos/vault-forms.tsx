import { Button, Group, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { type ReactNode, useState } from 'react'
import { useCommand } from '../../api/hooks'
import { useText, type Text as Words } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { notifyDone } from '../../ui/notify'
import { SecretInput } from '../../ui/secret-input'
import { FRASE_MIN } from './values'

interface PhraseFormProps {
  text?: string
  submit: string
  fields: ReactNode
  ready: boolean
  pending: boolean
  error: ReactNode
  onSubmit: () => void
}

function PhraseForm({ text, submit, fields, ready, pending, error, onSubmit }: PhraseFormProps) {
  const { t } = useText()
  return (
    <form
      noValidate
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault()
        event.stopPropagation()
        if (ready) onSubmit()
      }}
    >
      <Stack gap="sm">
        {text ? <Text size="sm">{text}</Text> : null}
        {fields}
        {error}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.closeAll()}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={pending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface NewPhraseProps {
  frase: string
  again: string
  onFrase: (value: string) => void
  onAgain: (value: string) => void
}

/** A new passphrase, twice: nobody can tell it to whoever forgets it. */
function NewPhrase({ frase, again, onFrase, onAgain }: NewPhraseProps) {
  const { t } = useText()
  const short = frase !== '' && frase.length < FRASE_MIN
  return (
    <>
      <SecretInput
        autoFocus
        label={t('boveda.fraseNueva')}
        description={t('boveda.fraseAyuda', { n: FRASE_MIN })}
        error={short ? t('boveda.fraseCorta', { n: FRASE_MIN }) : null}
        value={frase}
        onChange={onFrase}
      />
      <SecretInput
        label={t('boveda.fraseOtraVez')}
        error={again !== '' && again !== frase ? t('boveda.fraseDistinta') : null}
        value={again}
        onChange={onAgain}
      />
    </>
  )
}

function CreateVault() {
  const { t } = useText()
  const [frase, setFrase] = useState('')
  const [again, setAgain] = useState('')
  const create = useCommand('secretos.crearBoveda', ['secretos.estado', 'secretos.list'])
  return (
    <PhraseForm
      text={t('boveda.crearTexto')}
      submit={t('boveda.crear')}
      fields={<NewPhrase frase={frase} again={again} onFrase={setFrase} onAgain={setAgain} />}
      ready={frase.length >= FRASE_MIN && frase === again}
      pending={create.isPending}
      error={create.error ? <ErrorBlock error={create.error.data} /> : null}
      onSubmit={() =>
        create.mutate(
          { frase },
          {
            onSuccess: () => {
              notifyDone(t('boveda.creada'))
              modals.closeAll()
            },
          },
        )
      }
    />
  )
}

function UnlockVault() {
  const { t } = useText()
  const [frase, setFrase] = useState('')
  const unlock = useCommand('secretos.desbloquear', ['secretos.estado', 'secretos.list'])
  return (
    <PhraseForm
      submit={t('boveda.desbloquear')}
      fields={<SecretInput autoFocus label={t('boveda.frase')} value={frase} onChange={setFrase} />}
      ready={frase !== ''}
      pending={unlock.isPending}
      error={unlock.error ? <ErrorBlock error={unlock.error.data} /> : null}
      onSubmit={() => unlock.mutate({ frase }, { onSuccess: () => modals.closeAll() })}
    />
  )
}

function ChangePhrase() {
  const { t } = useText()
  const [actual, setActual] = useState('')
  const [frase, setFrase] = useState('')
  const [again, setAgain] = useState('')
  const change = useCommand('secretos.cambiarFrase', ['secretos.estado'])
  return (
    <PhraseForm
      submit={t('boveda.cambiarFrase')}
      fields={
        <>
          <SecretInput label={t('boveda.fraseActual')} value={actual} onChange={setActual} />
          <NewPhrase frase={frase} again={again} onFrase={setFrase} onAgain={setAgain} />
        </>
      }
      ready={actual !== '' && frase.length >= FRASE_MIN && frase === again}
      pending={change.isPending}
      error={change.error ? <ErrorBlock error={change.error.data} /> : null}
      onSubmit={() =>
        change.mutate(
          { actual, nueva: frase },
          {
            onSuccess: () => {
              notifyDone(t('boveda.fraseCambiada'))
              modals.closeAll()
            },
          },
        )
      }
    />
  )
}

export const openCreateVault = (t: Words['t']) =>
  modals.open({ title: t('boveda.crear'), children: <CreateVault /> })
export const openUnlockVault = (t: Words['t']) =>
  modals.open({ title: t('boveda.desbloquear'), children: <UnlockVault /> })
export const openChangePhrase = (t: Words['t']) =>
  modals.open({ title: t('boveda.cambiarFrase'), children: <ChangePhrase /> })
