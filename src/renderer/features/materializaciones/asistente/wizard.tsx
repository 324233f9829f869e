import { Alert, Anchor, Button, Group, Paper, Stack, Stepper, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useStore } from '../../../api/store'
import { navigate } from '../../../app/hash-location'
import { useText } from '../../../app/prefs'
import { Problemas } from '../../../blocks/materializacion/problemas'
import { problemasDe } from '../../../blocks/materializacion/problemas-de'
import { ErrorBlock } from '../../../ui/error-block'
import { Page } from '../../../ui/page'
import { CuandoStep } from './cuando-step'
import { DestinoStep } from './destino-step'
import { isChanged, keepDraft, type MatDraft, matDrafts, NUEVA } from './draft'
import { EstrategiaStep } from './estrategia-step'
import { STEPS } from './faults'
import { FuenteStep } from './fuente-step'
import { MapeoStep } from './mapeo-step'
import { PreviaStep } from './previa-step'
import { useWizard, type WizardState } from './use-wizard'

const LAST = STEPS.length - 1

interface WizardProps {
  id: number
  saved: MatDraft
  /** Name of what is changed; null for a new one. */
  title: string | null
}

/** A materialization in six steps; what was written waits while the person looks elsewhere. */
export function Wizard({ id, saved, title }: WizardProps) {
  const { t } = useText()
  const wizard = useWizard(id, saved, (made) => navigate(`/materializaciones/${made}`))
  const { draft, go, save, saving, review } = wizard
  const kept = useStore(matDrafts).get(id)
  const changed = kept !== undefined && isChanged(kept, saved)
  const discard = () => keepDraft(id, null)
  return (
    <Page
      title={title === null ? t('mat.new') : t('mat.editTitle', { name: title })}
      purpose={t('mat.newPurpose')}
      fill
      action={
        <>
          {changed ? (
            <Button variant="subtle" color="gray" onClick={discard}>
              {t(id === NUEVA ? 'nueva.discard' : 'config.discard')}
            </Button>
          ) : null}
          {draft.step > 0 ? (
            <Button variant="default" onClick={() => go(draft.step - 1)}>
              {t('nueva.back')}
            </Button>
          ) : null}
          {draft.step < LAST ? (
            <Button loading={draft.step === 1 && wizard.proposal.waiting} onClick={() => go(draft.step + 1)}>
              {t('nueva.next')}
            </Button>
          ) : (
            <Button loading={saving.isPending || review.pending} onClick={save}>
              {t('action.save')}
            </Button>
          )}
        </>
      }
    >
      <Stack gap="md" style={{ flex: 1, minHeight: 0 }}>
        <Stepper active={draft.step} onStepClick={go} size="xs" maw={1100} styles={{ steps: { gap: 4 } }}>
          {STEPS.map((name) => (
            <Stepper.Step key={name} label={t(`mat.step.${name}`)} />
          ))}
        </Stepper>
        {saving.error ? (
          <Stack gap="xs" style={{ flexShrink: 0 }}>
            <ErrorBlock error={saving.error.data} onRetry={save} />
            <Problemas problemas={problemasDe(saving.error.data)} onGo={wizard.showProblem} />
          </Stack>
        ) : null}
        <Body wizard={wizard} />
        <Wrong wizard={wizard} />
        {changed ? (
          <Text size="xs" c="var(--sage-orange)" style={{ flexShrink: 0 }}>
            {t('mat.unsaved')}
          </Text>
        ) : null}
      </Stack>
    </Page>
  )
}

/** The step, with the focus where something leads to. */
function Body({ wizard }: { wizard: WizardState }) {
  const { place, draft } = wizard
  useEffect(() => {
    if (place) document.getElementById(place.focus)?.focus()
  }, [place])
  const name = STEPS[draft.step] ?? 'fuente'
  if (name === 'mapeo') return <MapeoStep wizard={wizard} />
  if (name === 'previa') return <PreviaStep wizard={wizard} />
  return (
    <div style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
      {name === 'fuente' ? <FuenteStep wizard={wizard} /> : null}
      {name === 'destino' ? <DestinoStep wizard={wizard} /> : null}
      {name === 'estrategia' ? <EstrategiaStep wizard={wizard} /> : null}
      {name === 'cuando' ? <CuandoStep wizard={wizard} /> : null}
    </div>
  )
}

/** Everything that is wrong, each a click away from where it is mended. */
function Wrong({ wizard }: { wizard: WizardState }) {
  const { t } = useText()
  const { shown, showFault, showProblem, review, draft } = wizard
  if (shown.length > 0)
    return (
      <Alert color="red" variant="light" py="xs" role="alert" style={{ flexShrink: 0 }}>
        <Stack gap={2} mah={110} style={{ overflow: 'auto' }}>
          <Text size="sm" fw={600}>
            {t('mat.faults')}
          </Text>
          {shown.map((fault) => (
            <Anchor
              key={`${fault.focus}:${fault.key}`}
              component="button"
              type="button"
              size="sm"
              ta="left"
              c="inherit"
              onClick={() => showFault(fault)}
            >
              {[t(`mat.step.${fault.step}`), draft.tablas[fault.tabla ?? -1]?.tabla, t(fault.key)]
                .filter(Boolean)
                .join(' · ')}
            </Anchor>
          ))}
        </Stack>
      </Alert>
    )
  if (draft.step < 2) return null
  if (review.error) return <ErrorBlock error={review.error.data} />
  if (review.problemas.length === 0) return null
  const errors = review.problemas.filter(({ severidad }) => severidad === 'error').length
  return (
    <Paper p="xs" role="status" aria-label={t('mat.problems')} style={{ flexShrink: 0 }}>
      <Group gap="xs" mb={4}>
        <Text size="sm" fw={600} className="sage-numbers">
          {t('yaml.summary', { errors, warnings: review.problemas.length - errors })}
        </Text>
      </Group>
      <div style={{ maxHeight: 96, overflow: 'auto' }}>
        <Problemas problemas={review.problemas} onGo={showProblem} />
      </div>
    </Paper>
  )
}
