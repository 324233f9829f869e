import { ActionIcon, Anchor, Group, Stack, Text } from '@mantine/core'
import type { Carga } from '@shared/model/materializacion'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { dismissCarga } from '../api/cargas'
import { announce } from '../api/events'
import { formatCargaFilters } from '../blocks/materializacion/carga-filters'
import { CargaProgress } from '../blocks/materializacion/carga-progress'
import { CargaBadge, cargaKey, situacionDeCarga } from '../ui/carga-badge'
import { useText } from './prefs'

export const cargaRuns = ({ estado }: Carga) => estado === 'en_proceso' || estado === 'en_espera'

/** Says aloud each load that ends, once. */
export function useAnnouncedLoads(cargas: readonly Carga[]) {
  const { t } = useText()
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const carga of cargas) {
      if (cargaRuns(carga)) running.current.add(carga.id)
      else if (running.current.delete(carga.id))
        announce(
          t('carga.finished', {
            name: carga.materializacionNombre,
            file: carga.archivo,
            estado: t(cargaKey(situacionDeCarga(carga))),
          }),
        )
    }
  }, [cargas, t])
}

/** A load in the tray: how far it is, or how it ended. */
export function TrayCarga({ carga }: { carga: Carga }) {
  const { t } = useText()
  const name = `${carga.archivo} → ${carga.destinoNombre}`
  const { materializacionId, executionId } = carga
  return (
    <Stack gap={4} pt="xs" style={{ borderTop: '1px solid var(--sage-line)' }}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" className="sage-cut" title={name}>
          {name}
        </Text>
        {cargaRuns(carga) ? null : (
          <ActionIcon
            size="sm"
            aria-label={t('tray.dismiss', { file: carga.archivo })}
            onClick={() => dismissCarga(carga.id)}
          >
            <IconX size={14} />
          </ActionIcon>
        )}
      </Group>
      {cargaRuns(carga) ? (
        <CargaProgress carga={carga} />
      ) : (
        <Group justify="space-between" wrap="nowrap">
          <CargaBadge carga={carga} />
          <Anchor
            component={Link}
            size="sm"
            href={`/materializaciones/${materializacionId}/historial${formatCargaFilters({ carga: { materializacionId, executionId } })}`}
          >
            {t('tray.seeResult')}
          </Anchor>
        </Group>
      )}
    </Stack>
  )
}
