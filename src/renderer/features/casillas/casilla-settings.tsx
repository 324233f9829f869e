import { Button, Card, Group, Radio, Stack, Switch, Text, Textarea, TextInput, Title } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Casilla } from '@shared/model/casilla'
import { useState } from 'react'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { POLITICA_VALUES } from '../../blocks/values'
import { ErrorBlock } from '../../ui/error-block'
import { notifyDone, notifyError } from '../../ui/notify'

/** Name, description, what is accepted, whether it takes files; and the way to remove it. */
export function CasillaSettings({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const [nombre, setNombre] = useState(casilla.nombre)
  const [descripcion, setDescripcion] = useState(casilla.descripcion)
  const [politica, setPolitica] = useState(casilla.politica)
  const [activa, setActiva] = useState(casilla.activa)
  const [touched, setTouched] = useState(false)
  const update = useCommand('casillas.update', ['casillas.get', 'casillas.list'])
  const nameError = nombre.trim() === '' ? t('form.nameRequired') : null
  const dirty =
    nombre !== casilla.nombre ||
    descripcion !== casilla.descripcion ||
    politica !== casilla.politica ||
    activa !== casilla.activa

  const save = () => {
    setTouched(true)
    if (nameError) {
      document.getElementById('casilla-nombre')?.focus()
      return
    }
    update.mutate(
      { id: casilla.id, nombre: nombre.trim(), descripcion, politica, activa },
      { onSuccess: () => notifyDone(t('form.saved')) },
    )
  }
  return (
    <Stack gap="md" maw={760} style={{ overflow: 'auto', flex: 1 }} pb={120}>
      <Card
        component="form"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Stack gap="md">
          <TextInput
            id="casilla-nombre"
            label={t('column.nombre')}
            value={nombre}
            maxLength={255}
            required
            error={touched ? nameError : null}
            onBlur={() => setTouched(true)}
            onChange={(event) => setNombre(event.currentTarget.value)}
          />
          <Textarea
            label={t('column.descripcion')}
            value={descripcion}
            maxLength={255}
            autosize
            minRows={2}
            onChange={(event) => setDescripcion(event.currentTarget.value)}
          />
          <Radio.Group
            label={t('column.politica')}
            description={t('politica.help')}
            value={politica}
            onChange={(value) => {
              const known = POLITICA_VALUES.find((item) => item === value)
              if (known) setPolitica(known)
            }}
          >
            <Stack gap="xs" mt="xs">
              {POLITICA_VALUES.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`politica.${value}`)}
                  description={t(`politica.${value}.help`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Switch
            label={t('casilla.activeLabel')}
            description={t('casilla.activeHelp')}
            checked={activa}
            onChange={(event) => setActiva(event.currentTarget.checked)}
          />
          {update.error ? <ErrorBlock error={update.error.data} onRetry={save} /> : null}
          <Group>
            <Button type="submit" disabled={!dirty} loading={update.isPending}>
              {t('action.save')}
            </Button>
            {dirty ? (
              <Text size="sm" c="var(--sage-orange)">
                {t('yaml.unsaved')}
              </Text>
            ) : null}
          </Group>
        </Stack>
      </Card>
      <Card>
        <Title order={2}>{t('casilla.remove')}</Title>
        <Text size="sm" c="dimmed" my="xs">
          {t('casilla.removeHelp')}
        </Text>
        <Group>
          <Button
            variant="outline"
            color="red"
            onClick={() =>
              modals.open({
                title: t('casilla.removeTitle', { name: casilla.nombre }),
                children: <RemoveCasilla casilla={casilla} />,
              })
            }
          >
            {t('casilla.remove')}
          </Button>
        </Group>
      </Card>
    </Stack>
  )
}

/** Confirmed by writing the name: what is lost does not come back. */
function RemoveCasilla({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const remove = useCommand('casillas.remove', ['casillas.list', 'executions.list'])
  return (
    <Stack gap="sm">
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
        <Button
          color="red"
          disabled={typed !== casilla.nombre}
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(
              { id: casilla.id },
              {
                onSuccess: () => {
                  localStorage.removeItem(`sage.draft.${casilla.id}`)
                  modals.closeAll()
                  navigate('/casillas')
                },
                onError: (error) => notifyError(error.data),
              },
            )
          }
        >
          {t('action.remove')}
        </Button>
      </Group>
    </Stack>
  )
}
