import {
  Button,
  Card,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
  Title,
  useMantineColorScheme,
} from '@mantine/core'
import { isTextKey } from '@shared/text'
import { useState } from 'react'
import { useCommand, useOp } from '../../api/hooks'
import { usePrefs, useText } from '../../app/prefs'
import { ErrorBlock } from '../../ui/error-block'
import { RowsSkeleton } from '../../ui/later'
import { notifyError } from '../../ui/notify'
import { Page } from '../../ui/page'
import { useCopy } from '../../ui/use-copy'
import { PreferencesCard } from './preferences-card'
import { SecretosCard } from './secretos-card'

/** Language, theme, the engine's settings, and what is installed. */
export default function AjustesScreen() {
  const { t } = useText()
  return (
    <Page title={t('nav.ajustes')} purpose={t('settings.purpose')}>
      <Stack gap="md" maw={820} pb={120}>
        <Appearance />
        <PreferencesCard />
        <SecretosCard />
        <EngineSettings />
        <About />
      </Stack>
    </Page>
  )
}

function Appearance() {
  const { t } = useText()
  const { lang, setLang, density, setDensity } = usePrefs()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Card>
      <Title order={2} mb="sm">
        {t('settings.appearance')}
      </Title>
      <Stack gap="sm">
        <Choice
          label={t('lang.label')}
          value={lang}
          onChange={setLang}
          values={['es', 'en']}
          name={(value) => t(`lang.${value}`)}
        />
        <Choice
          label={t('theme.label')}
          value={colorScheme}
          onChange={setColorScheme}
          values={['light', 'dark', 'auto']}
          name={(value) => t(`theme.${value}`)}
        />
        <Choice
          label={t('density.label')}
          value={density}
          onChange={setDensity}
          values={['compact', 'normal']}
          name={(value) => t(`density.${value}`)}
        />
      </Stack>
    </Card>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  value: T
  values: T[]
  name: (value: T) => string
  onChange: (value: T) => void
}

function Choice<T extends string>({ label, value, values, name, onChange }: ChoiceProps<T>) {
  return (
    <Group justify="space-between">
      <Text size="sm">{label}</Text>
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={value}
        onChange={onChange}
        data={values.map((item) => ({ value: item, label: name(item) }))}
      />
    </Group>
  )
}

function EngineSettings() {
  const { t } = useText()
  const settings = useOp('settings.get', {})
  const entries = Object.entries(settings.data?.values ?? {})
  if (settings.data && entries.length === 0) return null
  return (
    <Card>
      <Title order={2} mb="sm">
        {t('settings.engine')}
      </Title>
      {settings.error ? (
        <ErrorBlock error={settings.error.data} onRetry={() => void settings.refetch()} />
      ) : null}
      {settings.isPending ? <RowsSkeleton rows={3} /> : null}
      <Stack gap="md">
        {entries.map(([key, value]) => (
          <Setting key={key} name={key} value={value} />
        ))}
      </Stack>
    </Card>
  )
}

/** Settings whose values are a few words; the engine refuses any other. */
const OPTIONS: Record<string, string[]> = { logLevel: ['DEBUG', 'INFO', 'WARN', 'ERROR'] }

/** One setting by the kind of its value; saved when the field is left. */
function Setting({ name, value }: { name: string; value: unknown }) {
  const { t } = useText()
  const set = useCommand('settings.set', ['settings.get'])
  const [draft, setDraft] = useState(value)
  const labelKey = `setting.${name}`
  const helpKey = `setting.${name}.help`
  const label = isTextKey(labelKey) ? t(labelKey) : name
  const description = isTextKey(helpKey) ? t(helpKey) : undefined
  const save = (next: unknown) => {
    if (next === value) return
    set.mutate(
      { key: name, value: next },
      {
        onError: (error) => {
          setDraft(value)
          notifyError(error.data)
        },
      },
    )
  }
  const common = { label, ...(description ? { description } : {}) }
  if (typeof value === 'boolean') {
    return (
      <Switch
        {...common}
        checked={draft === true}
        onChange={(event) => {
          setDraft(event.currentTarget.checked)
          save(event.currentTarget.checked)
        }}
      />
    )
  }
  if (typeof value === 'number') {
    return (
      <NumberInput
        {...common}
        maw={360}
        thousandSeparator=","
        value={typeof draft === 'number' || typeof draft === 'string' ? draft : ''}
        onChange={setDraft}
        onBlur={() => (typeof draft === 'number' ? save(draft) : setDraft(value))}
      />
    )
  }
  const options = OPTIONS[name]
  if (typeof value === 'string' && options) {
    return (
      <Select
        {...common}
        maw={360}
        allowDeselect={false}
        data={options}
        value={String(draft)}
        onChange={(next) => {
          setDraft(next)
          save(next)
        }}
      />
    )
  }
  if (typeof value === 'string') {
    return (
      <TextInput
        {...common}
        maw={480}
        value={String(draft)}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => save(draft)}
      />
    )
  }
  return (
    <Stack gap={0}>
      <Text size="sm">{label}</Text>
      {description ? (
        <Text size="xs" c="dimmed">
          {description}
        </Text>
      ) : null}
      <Text size="sm" ff="monospace">
        {value === null ? t('settings.auto') : JSON.stringify(value)}
      </Text>
    </Stack>
  )
}

function About() {
  const { t } = useText()
  const { copy, copied } = useCopy()
  const info = useOp('app.info', {})
  const health = useOp('system.health', {})
  const rows: [string, string | undefined][] = [
    ['SAGE Desktop', info.data?.version],
    ['Electron', info.data?.electron],
    ['Chrome', info.data?.chrome],
    [t('about.platform'), info.data?.platform],
    [t('about.engine'), info.data ? t(`health.host.${info.data.engine}`) : undefined],
    ['Node', health.data?.node],
    [
      t('health.store'),
      health.data
        ? t('health.storeOf', { path: health.data.storePath, version: health.data.storeVersion })
        : undefined,
    ],
    [t('health.dataDir'), health.data?.dataDir],
  ]
  return (
    <Card>
      <Title order={2} mb="xs">
        {t('about.title')}
      </Title>
      {info.error ? <ErrorBlock error={info.error.data} onRetry={() => void info.refetch()} /> : null}
      <Table withRowBorders={false} layout="fixed">
        <Table.Tbody>
          {rows.map(([label, value]) =>
            value === undefined ? null : (
              <Table.Tr key={label}>
                <Table.Td w={200} c="dimmed">
                  {label}
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
      {info.data?.development ? (
        <Text size="xs" c="dimmed" mt="xs">
          {t('about.development')}
        </Text>
      ) : null}
      <Group mt="sm">
        <Button
          variant="default"
          onClick={() => void copy(rows.map(([label, value]) => `${label}: ${value ?? ''}`).join('\n'))}
        >
          {copied ? t('action.copied') : t('action.copyDetails')}
        </Button>
      </Group>
    </Card>
  )
}
