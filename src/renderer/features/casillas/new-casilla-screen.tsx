import { Button, SegmentedControl, Stack, Stepper } from '@mantine/core'
import { useState } from 'react'
import { useOp } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { draftOf, faultOf, frecuenciaOf } from '../../blocks/frecuencia-draft'
import { useYamlCheck } from '../../blocks/use-yaml-check'
import { ErrorBlock } from '../../ui/error-block'
import { Page } from '../../ui/page'
import { type ExpectedDraft, FrequencyStep } from './nueva/frequency-step'
import { forgetKept, kept, useKept } from './nueva/kept'
import { type NameDraft, NameStep } from './nueva/name-step'
import { nameFaults } from './nueva/sample-draft'
import { SamplePanel } from './nueva/sample-panel'
import { SummaryStep } from './nueva/summary-step'
import { useCreate } from './nueva/use-create'
import { useSample } from './nueva/use-sample'
import { YamlTextPanel } from './nueva/yaml-text-panel'
import { remotoOf } from './place'

const STEPS = ['nueva.step.name', 'nueva.step.yaml', 'nueva.step.expected', 'nueva.step.summary'] as const
const LAST = STEPS.length - 1

const KEPT = {
  step: kept(0),
  mode: kept<'muestra' | 'texto'>('muestra'),
  text: kept(''),
  yamlName: kept('sage.yaml'),
  who: kept<NameDraft>({ nombre: '', descripcion: '', carpeta: null, remoto: null }),
  expected: kept<ExpectedDraft>({
    frecuencia: draftOf(null),
    zona: Intl.DateTimeFormat().resolvedOptions().timeZone,
    emisores: [],
  }),
}

/** The YAML of the new casilla: written from a sample, or a text of the person's. */
function useDraftYaml(nombre: string) {
  const work = useSample()
  const [mode, setMode] = useKept(KEPT.mode)
  const [text, setText] = useKept(KEPT.text)
  const [name, setName] = useKept(KEPT.yamlName)
  const corrected = work.sample?.esquema
  // It is called as the casilla is: what the file was called matters less.
  const esquema = corrected && { ...corrected, nombre: nombre.trim() || corrected.nombre }
  const sound = esquema?.catalogos.every(
    ({ columnas, archivo }) => archivo.trim() !== '' && nameFaults(columnas).size === 0,
  )
  const written = useOp(
    'muestras.yaml',
    { esquema: esquema ?? { nombre: '-', empaquetado: 'SIMPLE', catalogos: [] } },
    { enabled: esquema !== undefined && sound === true, keep: true },
  )
  const fresh = written.data !== undefined && !written.isPlaceholderData && sound === true
  const fromSample = work.sample ? (written.data?.yaml ?? '') : ''
  const yaml = mode === 'muestra' ? fromSample : text
  const checked = useYamlCheck(yaml === '' ? undefined : yaml)
  const valid = yaml !== '' && checked.current && checked.check?.valid === true && (mode === 'texto' || fresh)
  // A moment after the last key, and while the sample is read again.
  const pending =
    yaml !== '' && checked.error === null && (!checked.current || (mode === 'muestra' && written.isFetching))
  const checking = pending || work.reading.busy
  const editText = () => {
    setText(fromSample)
    setName('esquema.yaml')
    setMode('texto')
  }
  const yamlName = mode === 'muestra' ? 'esquema.yaml' : name
  return {
    work,
    mode,
    setMode,
    text,
    setText,
    name,
    setName,
    yaml,
    yamlName,
    checked,
    valid,
    checking,
    written,
    editText,
  }
}

/** A casilla in four steps. What was entered waits while the person looks elsewhere, until it is created or discarded. */
export default function NewCasillaScreen() {
  const [turn, setTurn] = useState(0)
  const discard = () => {
    forgetKept()
    setTurn(turn + 1)
  }
  return <Wizard key={turn} onDiscard={discard} />
}

/** What it is called, the YAML that judges its files, when they are expected, and a last look. */
function Wizard({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useText()
  const [step, setStep] = useKept(KEPT.step)
  const [tried, setTried] = useState(false)
  const [who, setWho] = useKept(KEPT.who)
  const [expected, setExpected] = useKept(KEPT.expected)
  const yaml = useDraftYaml(who.nombre)
  const creation = useCreate((casilla) => {
    forgetKept()
    navigate(`/casillas/${casilla.id}`)
  })
  const remoto = remotoOf(who.remoto)
  const named = who.nombre.trim() !== ''
  const sound = [
    named && (who.remoto === null || remoto !== null),
    yaml.valid,
    faultOf(expected.frecuencia) === null,
    true,
  ]
  const open = sound.findIndex((ok) => !ok)

  const begun = step > 0 || who !== KEPT.who.initial

  const go = (to: number) => {
    // Forward only past what is sound; back always, with everything kept.
    const blocked = open !== -1 && to > open
    setTried(blocked)
    setStep(blocked ? open : to)
    if (blocked && open === 0) document.getElementById(named ? 'nueva-proveedor' : 'nueva-nombre')?.focus()
  }
  const create = () =>
    void creation.create(
      {
        nombre: who.nombre.trim(),
        descripcion: who.descripcion,
        nombreYaml: yaml.yamlName,
        yaml: yaml.yaml,
        zonaHoraria: expected.zona,
        frecuencia: frecuenciaOf(expected.frecuencia),
        ...(who.carpeta ? { carpeta: { token: who.carpeta.token } } : {}),
        ...(remoto ? { origenRemoto: remoto } : {}),
      },
      expected.emisores,
    )
  return (
    <Page
      title={t('casilla.new')}
      purpose={t('casilla.newPurpose')}
      fill
      action={
        <>
          {begun ? (
            <Button variant="subtle" color="gray" onClick={onDiscard}>
              {t('nueva.discard')}
            </Button>
          ) : null}
          {step > 0 ? (
            <Button variant="default" onClick={() => go(step - 1)}>
              {t('nueva.back')}
            </Button>
          ) : null}
          {step < LAST ? (
            <Button loading={step === 1 && yaml.checking} onClick={() => go(step + 1)}>
              {t('nueva.next')}
            </Button>
          ) : (
            <Button loading={creation.busy} onClick={create}>
              {t('casilla.create')}
            </Button>
          )}
        </>
      }
    >
      <Stack gap="md" style={{ flex: 1, minHeight: 0 }}>
        <Stepper active={step} onStepClick={go} size="xs" maw={860}>
          {STEPS.map((key) => (
            <Stepper.Step key={key} label={t(key)} />
          ))}
        </Stepper>
        {creation.error ? <ErrorBlock error={creation.error} onRetry={create} /> : null}
        {step === 1 ? (
          <YamlStep yaml={yaml} tried={tried} />
        ) : (
          <div style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
            {step === 0 ? (
              <NameStep draft={who} onChange={setWho} tried={tried} onNext={() => go(1)} />
            ) : null}
            {step === 2 ? <FrequencyStep draft={expected} onChange={setExpected} tried={tried} /> : null}
            {step === LAST ? (
              <SummaryStep
                name={who}
                expected={expected}
                outline={yaml.checked.outline}
                yamlName={yaml.yamlName}
              />
            ) : null}
          </div>
        )}
      </Stack>
    </Page>
  )
}

function YamlStep({ yaml, tried }: { yaml: ReturnType<typeof useDraftYaml>; tried: boolean }) {
  const { t } = useText()
  const { mode, written, checked } = yaml
  const refused = mode === 'muestra' && checked.current && checked.check?.valid === false
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
      <SegmentedControl
        size="xs"
        aria-label={t('nueva.source')}
        style={{ alignSelf: 'flex-start', flexShrink: 0 }}
        value={mode}
        onChange={(value) => yaml.setMode(value === 'texto' ? 'texto' : 'muestra')}
        data={[
          { value: 'muestra', label: t('nueva.fromSample') },
          { value: 'texto', label: t('nueva.fromYaml') },
        ]}
      />
      {written.error ? (
        <ErrorBlock error={written.error.data} onRetry={() => void written.refetch()} />
      ) : null}
      {refused ? (
        <ErrorBlock
          title={t('muestra.refused')}
          error={{
            code: 'YAML_INVALID',
            kind: 'input',
            message: checked.check?.diagnostics[0]?.message ?? '',
            retryable: false,
          }}
        />
      ) : null}
      {tried && !yaml.valid ? (
        <Stack role="alert" gap={0} c="var(--sage-red)" fz="sm">
          {t(yaml.yaml === '' ? 'nueva.yamlMissing' : 'nueva.yamlInvalid')}
        </Stack>
      ) : null}
      {mode === 'muestra' ? (
        <SamplePanel work={yaml.work} yaml={yaml.yaml} yamlReady={yaml.valid} onEditText={yaml.editText} />
      ) : (
        <YamlTextPanel
          name={yaml.name}
          onName={yaml.setName}
          text={yaml.text}
          onText={yaml.setText}
          checked={checked}
          tried={tried}
        />
      )}
    </Stack>
  )
}
