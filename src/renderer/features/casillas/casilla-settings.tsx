import { Button, Card, Group, Radio, Stack, Switch, Text, Textarea, TextInput, Title } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import { useState } from 'react'
import { useCommand } from '../../api/hooks'
import { useStore } from '../../api/store'
import { useText } from '../../app/prefs'
import { POLITICA_VALUES } from '../../blocks/values'
import { ErrorBlock } from '../../ui/error-block'
import { notifyDone } from '../../ui/notify'
import { openRemoveCasilla } from './remove-casilla'
import {
  changeOf,
  isDirty,
  keepSettings,
  problemsOf,
  type SettingsProblem,
  type SettingsValues,
  settingsDrafts,
  valuesOf,
} from './settings-draft'
import { fieldId, type SettingsForm } from './settings-form'
import { WatchSettings } from './watch-settings'

/** A draft that outlives the tab, what is wrong with it, and the way to save it. */
function useSettings(casilla: Casilla) {
  const { t } = useText()
  const draft = useStore(settingsDrafts).get(casilla.id) ?? {}
  const [left, setLeft] = useState<ReadonlySet<keyof SettingsValues>>(new Set())
  const [tried, setTried] = useState(false)
  const update = useCommand('casillas.update', ['casillas.get', 'casillas.list', 'recepcion.estado'])
  const values = valuesOf(casilla, draft)
  const problems = problemsOf(values)
  const form: SettingsForm = {
    values,
    change: (change) => keepSettings(casilla.id, { ...settingsDrafts.get().get(casilla.id), ...change }),
    error: (field) => {
      const found = tried || left.has(field) ? problems.find((problem) => problem.field === field) : undefined
      return found ? t(found.key) : null
    },
    leave: (field) => setLeft((before) => new Set([...before, field])),
  }
  const save = () => {
    setTried(true)
    const [first] = problems
    if (first) {
      document.getElementById(fieldId(first.field))?.focus()
      return
    }
    update.mutate(changeOf(casilla, draft), {
      onSuccess: () => {
        keepSettings(casilla.id, null)
        setTried(false)
        notifyDone(t('form.saved'))
      },
    })
  }
  const discard = () => {
    keepSettings(casilla.id, null)
    update.reset()
    setTried(false)
    setLeft(new Set())
  }
  return { form, save, discard, update, problems: tried ? problems : [], dirty: isDirty(casilla, draft) }
}

interface CasillaSettingsProps {
  casilla: Casilla
  recepcion: CasillaRecepcion | undefined
}

/** What a casilla is called, what it accepts, the folder it watches and how; and the way to remove it. */
export function CasillaSettings({ casilla, recepcion }: CasillaSettingsProps) {
  const { t } = useText()
  const { form, save, discard, update, problems, dirty } = useSettings(casilla)
  return (
    <form
      noValidate
      style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="md" style={{ overflow: 'auto', flex: 1 }} pb="md">
        <General form={form} />
        <WatchSettings casilla={casilla} recepcion={recepcion} form={form} />
        <Card maw={900}>
          <Title order={2}>{t('casilla.remove')}</Title>
          <Text size="sm" c="dimmed" my="xs">
            {t('casilla.removeHelp')}
          </Text>
          <Group>
            <Button variant="outline" color="red" onClick={() => openRemoveCasilla(t, casilla)}>
              {t('casilla.remove')}
            </Button>
          </Group>
        </Card>
      </Stack>
      <Stack gap="xs" py="sm" maw={900} style={{ borderTop: '1px solid var(--sage-line)', flexShrink: 0 }}>
        {update.error ? <ErrorBlock error={update.error.data} /> : null}
        {problems.length > 0 ? <Problems problems={problems} /> : null}
        <Group gap="sm">
          <Button type="submit" disabled={!dirty} loading={update.isPending}>
            {t('action.save')}
          </Button>
          {dirty ? (
            <>
              <Button variant="subtle" color="gray" onClick={discard}>
                {t('config.discard')}
              </Button>
              <Text size="sm" c="var(--sage-orange)">
                {t('config.unsaved')}
              </Text>
            </>
          ) : null}
        </Group>
      </Stack>
    </form>
  )
}

function Problems({ problems }: { problems: SettingsProblem[] }) {
  const { t } = useText()
  return (
    <div role="alert">
      <Text size="sm" c="var(--sage-red)">
        {t('config.list')}
      </Text>
      {problems.map(({ field, label, key }) => (
        <Text key={field} size="sm" c="var(--sage-red)">
          {`${t(label)}: ${t(key)}`}
        </Text>
      ))}
    </div>
  )
}

function General({ form: { values, change, error, leave } }: { form: SettingsForm }) {
  const { t } = useText()
  return (
    <Card maw={900}>
      <Title order={2} mb="sm">
        {t('config.general')}
      </Title>
      <Stack gap="md">
        <TextInput
          id={fieldId('nombre')}
          label={t('column.nombre')}
          value={values.nombre}
          maxLength={255}
          required
          error={error('nombre')}
          onBlur={() => leave('nombre')}
          onChange={(event) => change({ nombre: event.currentTarget.value })}
        />
        <Textarea
          label={t('column.descripcion')}
          value={values.descripcion}
          maxLength={255}
          autosize
          minRows={2}
          onChange={(event) => change({ descripcion: event.currentTarget.value })}
        />
        <Radio.Group
          label={t('column.politica')}
          description={t('politica.help')}
          value={values.politica}
          onChange={(value) => {
            const known = POLITICA_VALUES.find((item) => item === value)
            if (known) change({ politica: known })
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
          checked={values.activa}
          onChange={(event) => change({ activa: event.currentTarget.checked })}
        />
      </Stack>
    </Card>
  )
}
