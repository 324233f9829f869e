import { Alert, Anchor, Button, Group, Paper, Stack, Stepper, Text } from '@mantine/core'
import { useEffect } from 'react'
import type { Origin } from '../../../api/drafts'
import { navigate } from '../../../app/hash-location'
import { useText } from '../../../app/prefs'
import { DraftResumed } from '../../../blocks/draft-resumed'
import { Problemas } from '../../../blocks/materializacion/problemas'
import { problemasDe } from '../../../blocks/materializacion/problemas-de'
import { ErrorBlock } from '../../../ui/error-block'
import { Page } from '../../../ui/page'
import { CuandoStep } from './cuando-step'
import { DestinoStep } from './destino-step'
import type { MatDraft } from './draft'
import { EstrategiaStep } from './estrategia-step'
import { STEPS } from './faults'
import { FuenteStep } from './fuente-step'
import { MapeoStep } from './mapeo-step'
import { PreviaStep } from './previa-step'
import { useWizard, type WizardState } from './use-wizard'

const LAST = STEPS.length - 1

interface WizardProps {
  /** What it begins with. */
  saved: MatDraft
  /** What is saved that it changes; null for a new one. */
  of: Origin | null
  /** Name of what is changed; null for a new one. */
  title: string | null
}

/** A materialization in six steps; what was written waits while the person looks elsewhere, or comes back another day. */
export function Wizard({ saved, of, title }: WizardProps) {
  const { t } = useText()
  const wizard = useWizard(saved, of, (made) => navigate(`/materializaciones/${made}`))
  const { draft, go, save, saving } = wizard
  return (
    <Page
      title={title === null ? t('mat.new') : t('mat.editTitle', { name: title })}
      purpose={t('mat.newPurpose')}
      fill
      action={<Actions wizard={wizard} isNew={of === null} />}
    >
      <Stack gap="md" style={{ flex: 1, minHeight: 0 }}>
        <Stepper active={draft.step} onStepClick={go} size="xs" maw={1100} styles={{ steps: { gap: 4 } }}>
          {STEPS.map((name) => (
            <Stepper.Step key={name} label={t(`mat.step.${name}`)} />
          ))}
        </Stepper>
        <DraftResumed {...wizard} />
        {saving.error ? (
          <Stack gap="xs" style={{ flexShrink: 0 }}>
            <ErrorBlock error={saving.error.data} onRetry={save} />
            <Problemas problemas={problemasDe(saving.error.data)} onGo={wizard.showProblem} />
          </Stack>
        ) : null}
        <Body wizard={wizard} />
        <Wrong wizard={wizard} />
        {wizard.changed ? (
          <Text size="xs" c="var(--sage-orange)" style={{ flexShrink: 0 }}>
            {t('yaml.unsaved')}
          </Text>
        ) : null}
      </Stack>
    </Page>
  )
}

function Actions({ wizard, isNew }: { wizard: WizardState; isNew: boolean }) {
  const { t } = useText()
  const { draft, go, save, saving, review, changed, drop } = wizard
  return (
    <>
      {changed ? (
        <Button variant="subtle" color="gray" onClick={drop}>
          {t(isNew ? 'nueva.discard' : 'config.discard')}
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
