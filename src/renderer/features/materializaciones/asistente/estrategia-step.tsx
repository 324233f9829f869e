import { Card, Group, Radio, Stack, Text, Title } from '@mantine/core'
import type { Estrategia } from '@shared/model/materializacion'
import { useText } from '../../../app/prefs'
import { Problemas } from '../../../blocks/materializacion/problemas'
import { TablaSelect } from '../../../blocks/materializacion/tabla-select'
import { ESTRATEGIA_VALUES } from '../../../blocks/materializacion/values'
import { Empty } from '../../../ui/empty'
import { withEstrategia, withKey } from './draft'
import { EstrategiaParams } from './estrategia-params'
import { focusId, placeOf } from './faults'
import { Picture } from './picture'
import { useTabla } from './use-tabla'
import type { WizardState } from './use-wizard'

/** What a load does to the rows that are there, chosen beside a picture of it. */
export function EstrategiaStep({ wizard }: { wizard: WizardState }) {
  const { t } = useText()
  const state = useTabla(wizard, 'estrategia')
  const { tabla, index } = state
  if (!tabla) return <Empty text={t('mapeo.sinTablas')} />
  const choose = (estrategia: Estrategia) => state.set((before) => withKey(before, estrategia))
  const problems = wizard.review.problemas.filter(
    (problema) => problema.tabla === index && placeOf(problema, wizard.draft.tablas).step === 'estrategia',
  )
  const fault = state.faultAt(focusId('estrategia', index))
  return (
    <Stack gap="sm">
      <TablaSelect names={state.names} chosen={index} onChoose={state.choose} wrong={state.wrong} />
      <Group gap="md" align="flex-start" wrap="nowrap">
        <Card w={380} style={{ flexShrink: 0 }}>
          <Stack gap="md">
            <Radio.Group
              label={<Title order={2}>{t('mat.step.estrategia')}</Title>}
              value={tabla.estrategia.tipo}
              onChange={(value) => {
                const tipo = ESTRATEGIA_VALUES.find((known) => known === value)
                if (tipo) choose(withEstrategia(tabla.estrategia, tipo))
              }}
            >
              <Stack gap="xs" mt="xs">
                {ESTRATEGIA_VALUES.map((value) => (
                  <Radio
                    key={value}
                    size="sm"
                    value={value}
                    label={t(`estrategia.${value}`)}
                    description={t(`estrategia.${value}.help`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <EstrategiaParams
              id={focusId('estrategia', index)}
              columnas={tabla.columnas}
              estrategia={tabla.estrategia}
              onChange={choose}
            />
            {fault ? (
              <Text size="sm" c="var(--sage-red)" role="alert">
                {fault}
              </Text>
            ) : null}
            {problems.length > 0 ? <Problemas problemas={problems} /> : null}
          </Stack>
        </Card>
        <Picture tabla={tabla} />
      </Group>
    </Stack>
  )
}
