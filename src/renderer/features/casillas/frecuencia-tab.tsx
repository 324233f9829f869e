import { Alert, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { useState } from 'react'
import { Link } from 'wouter'
import { useCommand } from '../../api/hooks'
import { useStore } from '../../api/store'
import { useText } from '../../app/prefs'
import { faultOf, frecuenciaOf } from '../../blocks/frecuencia-draft'
import { FrecuenciaEditor, NextDates } from '../../blocks/frecuencia-editor'
import { ZoneSelect } from '../../blocks/zone-select'
import { ErrorBlock } from '../../ui/error-block'
import { formatInZone, formatLate } from '../../ui/format'
import { notifyDone } from '../../ui/notify'
import { PunctualityBadge } from '../../ui/reception-badge'
import {
  type FrecuenciaKept,
  frecuenciasKept,
  isFrecuenciaDirty,
  keepFrecuencia,
  savedFrecuencia,
} from './frecuencia-kept'

/** When a casilla expects to receive, what comes next, and how it stands. */
export function FrecuenciaTab({ casilla }: { casilla: Casilla }) {
  const { t } = useText()
  const kept = useStore(frecuenciasKept).get(casilla.id)
  const { draft, zona } = kept ?? savedFrecuencia(casilla)
  const change = (part: Partial<FrecuenciaKept>) => {
    keepFrecuencia(casilla.id, { draft, zona, ...part })
    // What was refused is being mended.
    if (update.error) update.reset()
  }
  const [tried, setTried] = useState(false)
  const update = useCommand('casillas.update', ['casillas.get', 'casillas.list', 'calendario.list'])
  const fault = faultOf(draft)
  const frecuencia = fault === null ? frecuenciaOf(draft) : null
  const dirty = isFrecuenciaDirty(casilla, kept)
  const save = () => {
    setTried(true)
    if (fault !== null) return
    update.mutate(
      { id: casilla.id, frecuencia, zonaHoraria: zona },
      {
        onSuccess: () => {
          keepFrecuencia(casilla.id, null)
          setTried(false)
          notifyDone(t('form.saved'))
        },
      },
    )
  }
  return (
    <div style={{ overflow: 'auto', flex: 1, paddingBottom: 120 }}>
      <SimpleGrid cols={2} spacing="md" maw={1080} style={{ alignItems: 'start' }}>
        <Card
          component="form"
          onSubmit={(event: React.FormEvent) => {
            event.preventDefault()
            save()
          }}
        >
          <Stack gap="md">
            <Title order={2}>{t('frecuencia.title')}</Title>
            <FrecuenciaEditor
              draft={draft}
              onChange={(next) => change({ draft: next })}
              none={{ label: t('frecuencia.ninguna'), help: t('frecuencia.noDates') }}
              showFault={tried}
            />
            <ZoneSelect kept={casilla.zonaHoraria} value={zona} onChange={(next) => change({ zona: next })} />
            {update.error ? <ErrorBlock error={update.error.data} onRetry={save} /> : null}
            <Group>
              <Button type="submit" disabled={!dirty} loading={update.isPending}>
                {t('action.save')}
              </Button>
              {dirty ? (
                <Text size="sm" c="var(--sage-orange)">
                  {t('yaml.unsaved')}
                </Text>
              ) : null}
            </Group>
          </Stack>
        </Card>
        <Stack gap="md">
          <Standing casilla={casilla} />
          <Card>
            <Title order={2} mb="xs">
              {t('frecuencia.next')}
            </Title>
            {frecuencia ? (
              <NextDates frecuencia={frecuencia} zona={zona} />
            ) : (
              <Text size="sm" c="dimmed">
                {t('frecuencia.noDates')}
              </Text>
            )}
          </Card>
        </Stack>
      </SimpleGrid>
    </div>
  )
}

/** How it stands with what is saved. */
function Standing({ casilla }: { casilla: Casilla }) {
  const { t, lang } = useText()
  const { estado, ultimoEnvio, ultimaEsperada, proximaEsperada, minutosTarde } = casilla.puntualidad
  const at = (iso: string | null) =>
    iso ? formatInZone(lang, iso, casilla.zonaHoraria) : t('frecuencia.never')
  const rows: [string, string][] = [
    [t('frecuencia.ultimoEnvio'), at(ultimoEnvio)],
    [t('frecuencia.ultimaEsperada'), at(ultimaEsperada)],
    [t('frecuencia.proximaEsperada'), at(proximaEsperada)],
  ]
  return (
    <Card>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t('frecuencia.standing')}</Title>
        <PunctualityBadge estado={estado} />
      </Group>
      <Stack gap={4}>
        {minutosTarde > 0 ? (
          <Text size="sm" c="var(--sage-orange)" fw={500}>
            {t('frecuencia.late', { late: formatLate(lang, minutosTarde) })}
          </Text>
        ) : null}
        {rows.map(([label, value]) => (
          <Group key={label} justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" className="sage-numbers">
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
      {casilla.emisores > 0 ? (
        <Alert mt="sm" variant="light" color="gray" p="xs">
          <Text size="xs">
            {t('frecuencia.bySender', { n: casilla.emisores })}{' '}
            <Link href={`/casillas/${casilla.id}/emisores`} className="sage-link">
              {t('casilla.tab.emisores')}
            </Link>
          </Text>
        </Alert>
      ) : null}
    </Card>
  )
}
