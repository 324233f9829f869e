import {
  Card,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { useEffect } from 'react'
import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { faultOf, frecuenciaOf } from '../../../blocks/frecuencia-draft'
import { FrecuenciaEditor, NextDates } from '../../../blocks/frecuencia-editor'
import { focusId } from './faults'
import type { WizardState } from './use-wizard'

const NAME_LENGTH = 255
const CUANDO = ['cada_ejecucion', 'programada', 'manual'] as const

interface StepProps {
  wizard: WizardState
}

/** What it is called, and when it loads. */
export function CuandoStep({ wizard }: StepProps) {
  return (
    <SimpleGrid cols={2} spacing="md" maw={1100} style={{ alignItems: 'start' }}>
      <Card>
        <Name wizard={wizard} />
      </Card>
      <Card>
        <When wizard={wizard} />
      </Card>
    </SimpleGrid>
  )
}

/** What is told beside a field of this step. */
function useErrorAt({ shown }: WizardState) {
  const { t } = useText()
  return (what: string) => {
    const found = shown.find(({ focus }) => focus === focusId(what))
    return found ? t(found.key) : null
  }
}

function Name({ wizard }: StepProps) {
  const { t } = useText()
  const { draft, change, fill } = wizard
  const errorAt = useErrorAt(wizard)
  const casilla = useOp('casillas.get', { id: draft.casillaId ?? 1 }, { enabled: draft.casillaId !== null })
  const destinos = useOp('destinos.list', {})
  const destino = destinos.data?.items.find(({ id }) => id === draft.destinoId)
  const example =
    casilla.data && destino
      ? t('mat.nombre.example', { casilla: casilla.data.nombre, destino: destino.nombre })
      : ''
  // A name to go on with; whoever empties the field sees it no more than as an example.
  useEffect(() => {
    if (example !== '')
      fill((before) => (before.nombre === '' ? { nombre: example.slice(0, NAME_LENGTH) } : {}))
  }, [example, fill])
  return (
    <Stack gap="md">
      <Title order={2}>{t('column.nombre')}</Title>
      <TextInput
        id={focusId('nombre')}
        label={t('column.nombre')}
        placeholder={example}
        required
        maxLength={NAME_LENGTH}
        value={draft.nombre}
        error={errorAt('nombre')}
        onChange={(event) => change({ nombre: event.currentTarget.value })}
      />
      <Textarea
        label={t('column.descripcion')}
        value={draft.descripcion}
        maxLength={1000}
        autosize
        minRows={2}
        onChange={(event) => change({ descripcion: event.currentTarget.value })}
      />
      <Switch
        label={t('mat.activeLabel')}
        description={t('mat.activeHelp')}
        checked={draft.activa}
        onChange={(event) => change({ activa: event.currentTarget.checked })}
      />
    </Stack>
  )
}

function When({ wizard }: StepProps) {
  const { t } = useText()
  const { draft, change } = wizard
  const errorAt = useErrorAt(wizard)
  return (
    <Stack gap="md">
      <Radio.Group
        label={<Title order={2}>{t('mat.when')}</Title>}
        value={draft.cuando}
        onChange={(value) => {
          const cuando = CUANDO.find((known) => known === value)
          if (cuando) change({ cuando })
        }}
      >
        <Stack gap="xs" mt="xs" id={focusId('cuando')} tabIndex={-1}>
          {CUANDO.map((value) => (
            <Radio
              key={value}
              size="sm"
              value={value}
              label={t(`cuando.${value}`)}
              description={t(`cuando.${value}.help`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {draft.cuando === 'programada' ? <Dates wizard={wizard} /> : null}
      {errorAt('cuando') ? (
        <Text size="sm" c="var(--sage-red)">
          {errorAt('cuando')}
        </Text>
      ) : null}
      <NumberInput
        id={focusId('intentos')}
        w={260}
        label={t('mat.attempts')}
        description={t('mat.attempts.help')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        min={1}
        max={20}
        clampBehavior="none"
        allowDecimal={false}
        value={draft.maxIntentos ?? ''}
        error={errorAt('intentos')}
        onChange={(value) => change({ maxIntentos: typeof value === 'number' ? value : null })}
      />
    </Stack>
  )
}

function Dates({ wizard }: StepProps) {
  const { t } = useText()
  const { draft, change, shown } = wizard
  const casilla = useOp('casillas.get', { id: draft.casillaId ?? 1 }, { enabled: draft.casillaId !== null })
  const zona = casilla.data?.zonaHoraria
  const frecuencia = faultOf(draft.frecuencia) === null ? frecuenciaOf(draft.frecuencia) : null
  return (
    <>
      <FrecuenciaEditor
        draft={draft.frecuencia}
        onChange={(next) => change({ frecuencia: next })}
        showFault={shown.length > 0}
      />
      {frecuencia && zona ? (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t('mat.nextDates', { zone: zona })}
          </Text>
          <NextDates frecuencia={frecuencia} zona={zona} />
        </div>
      ) : null}
    </>
  )
}
