import {
  Button,
  Card,
  Group,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  Title,
} from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import { IconFolder } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyError } from '../../ui/notify'
import { ReceptionBadge } from '../../ui/reception-badge'
import { PauseButton } from './pause-button'
import { NEW_REMOTO, receives } from './place'
import { RemoteFields } from './remote-fields'
import { fieldId, type SettingsForm } from './settings-form'

interface WatchSettingsProps {
  casilla: Casilla
  recepcion: CasillaRecepcion | undefined
  form: SettingsForm
}

/** The folder a casilla watches, how, and what it does with what it finds there. */
export function WatchSettings({ casilla, recepcion, form }: WatchSettingsProps) {
  const { t } = useText()
  const watches = form.values.carpeta !== null || form.values.origenRemoto !== null
  return (
    <Card maw={900}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('config.intake')}</Title>
        <State casilla={casilla} recepcion={recepcion} />
      </Group>
      <Stack gap="md">
        <Origin form={form} />
        {watches ? (
          <>
            <HowWatched form={form} />
            <Names form={form} />
            <Duplicates form={form} />
          </>
        ) : null}
        <Numbers form={form} watches={watches} />
      </Stack>
    </Card>
  )
}

/** Pausing takes effect at once: it is not part of what is saved. */
function State({ casilla, recepcion }: Omit<WatchSettingsProps, 'form'>) {
  return (
    <Group gap="sm">
      {recepcion ? <ReceptionBadge estado={recepcion.estado} /> : null}
      {receives(casilla) && casilla.activa ? <PauseButton casilla={casilla} /> : null}
    </Group>
  )
}

/** A folder of this machine or a provider: one of them. */
function Origin({ form }: { form: SettingsForm }) {
  const { t } = useText()
  const { values, change, error } = form
  const remoto = values.origenRemoto
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('origen.title')}
        style={{ alignSelf: 'flex-start' }}
        value={remoto === null ? 'carpeta' : 'proveedor'}
        data={[
          { value: 'carpeta', label: t('origen.carpeta') },
          { value: 'proveedor', label: t('origen.proveedor') },
        ]}
        onChange={(value) =>
          change(value === 'proveedor' ? { carpeta: null, origenRemoto: NEW_REMOTO } : { origenRemoto: null })
        }
      />
      {remoto === null ? (
        <Folder form={form} />
      ) : (
        <RemoteFields
          id={fieldId('origenRemoto')}
          value={remoto}
          error={error('origenRemoto')}
          onChange={(origenRemoto) => change({ origenRemoto })}
        />
      )}
    </Stack>
  )
}

function Folder({ form: { values, change } }: { form: SettingsForm }) {
  const { t } = useText()
  const choose = useCommand('dialog.chooseFolder')
  const ask = () =>
    choose.mutate(
      {},
      {
        onSuccess: ({ carpeta }) => carpeta && change({ carpeta }),
        onError: (error) => notifyError(error.data),
      },
    )
  return (
    <Stack gap={4} component="section" aria-label={t('config.folder')}>
      <Text size="sm" fw={600}>
        {t('config.folder')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('config.folderHelp')}
      </Text>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <IconFolder size={18} aria-hidden style={{ flexShrink: 0 }} color="var(--mantine-color-dimmed)" />
        <Text
          size="sm"
          ff={values.carpeta ? 'monospace' : undefined}
          c={values.carpeta ? undefined : 'dimmed'}
          className="sage-cut"
          title={values.carpeta ?? undefined}
          data-testid="carpeta"
        >
          {values.carpeta ?? t('config.folderNone')}
        </Text>
        <Group gap="xs" wrap="nowrap" ml="auto" style={{ flexShrink: 0 }}>
          <Button variant="default" loading={choose.isPending} onClick={ask}>
            {t(values.carpeta ? 'config.folderChange' : 'casilla.chooseFolder')}
          </Button>
          {values.carpeta ? (
            <Button variant="subtle" color="gray" onClick={() => change({ carpeta: null })}>
              {t('config.folderStop')}
            </Button>
          ) : null}
        </Group>
      </Group>
    </Stack>
  )
}

const seconds = (ms: number | null) => (ms === null ? '' : ms / 1000)
const written = (value: number | string, unit = 1) =>
  typeof value === 'number' ? Math.round(value * unit) : null

function HowWatched({ form: { values, change, error, leave } }: { form: SettingsForm }) {
  const { t } = useText()
  const remote = values.origenRemoto !== null
  return (
    <>
      {remote ? null : (
        <Radio.Group
          label={t('config.watch')}
          value={values.sondeo ? 'poll' : 'auto'}
          onChange={(value) => change({ sondeo: value === 'poll' })}
        >
          <Stack gap="xs" mt="xs">
            {(['auto', 'poll'] as const).map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`config.watch.${value}`)}
                description={t(`config.watch.${value}Help`)}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <SimpleGrid cols={2} spacing="md">
        <NumberInput
          id={fieldId('asentamientoMs')}
          label={t('config.settle')}
          description={t('config.settleHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          suffix={t('config.seconds')}
          thousandSeparator=","
          decimalScale={1}
          step={1}
          min={0}
          value={seconds(values.asentamientoMs)}
          error={error('asentamientoMs')}
          onBlur={() => leave('asentamientoMs')}
          onChange={(value) => change({ asentamientoMs: written(value, 1000) })}
        />
        {values.sondeo || remote ? (
          <NumberInput
            id={fieldId('sondeoMs')}
            label={t('config.every')}
            suffix={t('config.seconds')}
            thousandSeparator=","
            decimalScale={1}
            step={5}
            min={0}
            value={seconds(values.sondeoMs)}
            error={error('sondeoMs')}
            onBlur={() => leave('sondeoMs')}
            onChange={(value) => change({ sondeoMs: written(value, 1000) })}
          />
        ) : null}
      </SimpleGrid>
    </>
  )
}

function Names({ form: { values, change, error, leave } }: { form: SettingsForm }) {
  const { t } = useText()
  return (
    <>
      <SimpleGrid cols={2} spacing="md">
        <TagsInput
          id={fieldId('patrones')}
          label={t('config.patterns')}
          description={t('config.patternsHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={values.patrones.length === 0 ? t('config.patternsPlaceholder') : ''}
          acceptValueOnBlur
          splitChars={[',', ';']}
          value={values.patrones}
          error={error('patrones')}
          onBlur={() => leave('patrones')}
          onChange={(patrones) => change({ patrones })}
        />
        <TagsInput
          id={fieldId('ignorar')}
          label={t('config.ignore')}
          description={t('config.ignoreHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={values.ignorar.length === 0 ? t('config.ignorePlaceholder') : ''}
          acceptValueOnBlur
          splitChars={[',', ';']}
          value={values.ignorar}
          error={error('ignorar')}
          onBlur={() => leave('ignorar')}
          onChange={(ignorar) => change({ ignorar })}
        />
      </SimpleGrid>
      <Switch
        label={t('config.subfolders')}
        description={t('config.subfoldersHelp')}
        checked={values.subcarpetas}
        onChange={(event) => change({ subcarpetas: event.currentTarget.checked })}
      />
    </>
  )
}

function Duplicates({ form: { values, change } }: { form: SettingsForm }) {
  const { t } = useText()
  return (
    <Radio.Group
      label={t('config.duplicates')}
      value={values.duplicados}
      onChange={(value) => change({ duplicados: value === 'procesar' ? 'procesar' : 'omitir' })}
    >
      <Stack gap="xs" mt="xs">
        {(['omitir', 'procesar'] as const).map((value) => (
          <Radio
            key={value}
            value={value}
            label={t(`config.duplicates.${value}`)}
            description={t(`config.duplicates.${value}Help`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}

function Numbers({
  form: { values, change, error, leave },
  watches,
}: {
  form: SettingsForm
  watches: boolean
}) {
  const { t } = useText()
  const zones = useMemo(
    () => [...new Set([...Intl.supportedValuesOf('timeZone'), values.zonaHoraria])].filter(Boolean).sort(),
    [values.zonaHoraria],
  )
  return (
    <SimpleGrid cols={2} spacing="md">
      {watches ? (
        <NumberInput
          id={fieldId('maxIntentos')}
          label={t('config.attempts')}
          description={t('config.attemptsHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          allowDecimal={false}
          value={values.maxIntentos ?? ''}
          error={error('maxIntentos')}
          onBlur={() => leave('maxIntentos')}
          onChange={(value) => change({ maxIntentos: written(value) })}
        />
      ) : null}
      <NumberInput
        id={fieldId('prioridad')}
        label={t('config.priority')}
        description={t('config.priorityHelp')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        allowDecimal={false}
        value={values.prioridad ?? ''}
        error={error('prioridad')}
        onBlur={() => leave('prioridad')}
        onChange={(value) => change({ prioridad: written(value) })}
      />
      <Select
        id={fieldId('zonaHoraria')}
        label={t('config.zone')}
        description={t('config.zoneHelp')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        searchable
        limit={100}
        allowDeselect={false}
        data={zones}
        value={values.zonaHoraria}
        error={error('zonaHoraria')}
        onChange={(zone) => zone && change({ zonaHoraria: zone })}
      />
    </SimpleGrid>
  )
}
