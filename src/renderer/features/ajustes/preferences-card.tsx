import { Card, Stack, Switch, Title } from '@mantine/core'
import { useCommand, useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { notifyError } from '../../ui/notify'

const SWITCHES = [
  ['iniciarConSesion', 'preferences.startWithSession'],
  ['cerrarEnBandeja', 'preferences.closeToTray'],
  ['notificarRechazos', 'preferences.notices'],
] as const

/** How the program lives on this machine: saved as it is switched. */
export function PreferencesCard() {
  const { t } = useText()
  const preferences = useOp('app.preferences.get', {})
  const set = useCommand('app.preferences.set', ['app.preferences.get'])
  return (
    <Card>
      <Title order={2} mb="sm">
        {t('preferences.title')}
      </Title>
      {preferences.error ? (
        <ErrorBlock error={preferences.error.data} onRetry={() => void preferences.refetch()} />
      ) : null}
      {preferences.isPending ? <RowsSkeleton rows={3} /> : null}
      <Stack gap="md">
        {preferences.data
          ? SWITCHES.map(([key, text]) => (
              <Switch
                key={key}
                label={t(text)}
                description={t(`${text}Help`)}
                // What was asked for is shown until main has answered.
                checked={(set.isPending ? set.variables[key] : set.data?.[key]) ?? preferences.data[key]}
                disabled={set.isPending}
                onChange={(event) =>
                  set.mutate(
                    { [key]: event.currentTarget.checked },
                    { onError: (error) => notifyError(error.data) },
                  )
                }
              />
            ))
          : null}
      </Stack>
    </Card>
  )
}
