import { Card, Group, Stack, Text, Title } from '@mantine/core'
import type { Outline } from '@shared/contract'
import { useText } from '../../../app/prefs'
import { faultOf, frecuenciaOf, frecuenciaText } from '../../../blocks/frecuencia-draft'
import { remotoOf, usePlace } from '../place'
import type { ExpectedDraft } from './frequency-step'
import type { NameDraft } from './name-step'

interface SummaryStepProps {
  name: NameDraft
  expected: ExpectedDraft
  outline: Outline | null
  yamlName: string
}

/** What will be created, in a page, before it is. */
export function SummaryStep({ name, expected, outline, yamlName }: SummaryStepProps) {
  const { t, ...text } = useText()
  const place = usePlace({ carpeta: name.carpeta?.path ?? null, origenRemoto: remotoOf(name.remoto) })
  const frecuencia = faultOf(expected.frecuencia) === null ? frecuenciaOf(expected.frecuencia) : null
  const rows: [string, string][] = [
    [t('column.nombre'), name.nombre.trim()],
    [t('origen.title'), place ?? t('nueva.onlyByHand')],
    ['YAML', yamlName],
    [
      t('frecuencia.title'),
      frecuencia ? frecuenciaText({ t, ...text }, frecuencia) : t('frecuencia.ninguna'),
    ],
    [t('frecuencia.zona'), expected.zona],
    [t('nueva.senders'), t('nueva.senderCount', { n: expected.emisores.length })],
  ]
  return (
    <Stack gap="md" maw={860}>
      <Card>
        <Title order={2} mb="sm">
          {t('nueva.summary')}
        </Title>
        <Stack gap={6}>
          {rows.map(([label, value]) => (
            <Group key={label} wrap="nowrap" gap="md">
              <Text size="sm" c="dimmed" w={180} style={{ flexShrink: 0 }}>
                {label}
              </Text>
              <Text size="sm" className="sage-cut" title={value}>
                {value}
              </Text>
            </Group>
          ))}
        </Stack>
      </Card>
      {outline ? (
        <Card>
          <Title order={2} mb="sm">
            {t('casilla.catalogs')}
          </Title>
          <Stack gap={6}>
            {outline.catalogs.map((catalog) => (
              <Group key={catalog.id} wrap="nowrap" gap="md">
                <Text size="sm" ff="monospace" w={260} className="sage-cut" title={catalog.filename}>
                  {catalog.filename}
                </Text>
                <Text size="sm" c="dimmed" className="sage-numbers">
                  {t('nueva.catalogFacts', {
                    type: catalog.type,
                    fields: catalog.fields.length,
                    rules: catalog.fields.reduce((sum, field) => sum + field.rules, 0),
                  })}
                </Text>
              </Group>
            ))}
          </Stack>
        </Card>
      ) : null}
    </Stack>
  )
}
