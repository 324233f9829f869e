import { Button, Flex, Group, Paper, Select, Stack, Text } from '@mantine/core'
import type { Casilla } from '@shared/model/casilla'
import { IconFileUpload, IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useOp } from '../api/hooks'
import { navigate } from '../app/hash-location'
import { useText } from '../app/prefs'
import { DropArea } from '../ui/drop-area'
import { ErrorBlock } from '../ui/error-block'
import { ExecutionBadge } from '../ui/state-badge'
import { ExecutionProgress } from './execution-progress'
import { useProcess } from './use-process'

/** One execution started here: its progress, then its verdict. Alone, it takes the person to its result. */
function Started({ id, alone }: { id: string; alone: boolean }) {
  const { t } = useText()
  const { data } = useOp('executions.get', { executionId: id }, { staleTime: 0 })
  const row = data?.ejecucion
  const ended = row !== undefined && row.fase !== 'en_curso' && row.fase !== 'en_espera'
  useEffect(() => {
    if (alone && ended) navigate(`/ejecuciones/${id}`)
  }, [alone, ended, id])
  if (!row) return null
  return (
    <Paper p="sm">
      {ended ? (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" className="sage-cut">
            {row.archivo}
          </Text>
          <ExecutionBadge fase={row.fase} estado={row.estado} />
          <Button variant="default" component={Link} href={`/ejecuciones/${id}`}>
            {t('tray.seeResult')}
          </Button>
        </Group>
      ) : (
        <Stack gap={6}>
          <Text size="sm" fw={600} className="sage-cut">
            {row.archivo}
          </Text>
          <ExecutionProgress ejecucion={row} />
        </Stack>
      )}
    </Paper>
  )
}

interface OnBehalfOfProps {
  casillaId: number
  value: number | null
  onChange: (emisorId: number | null) => void
}

/** Whose a file sent by hand is: one of those who may send so, or nobody's in particular. */
function OnBehalfOf({ casillaId, value, onChange }: OnBehalfOfProps) {
  const { t } = useText()
  const { data } = useOp('casillas.permisos', { casillaId })
  const allowed = (data?.items ?? []).filter(
    ({ emisorActivo, metodos }) => emisorActivo && metodos.includes('direct_upload'),
  )
  if (allowed.length === 0) return null
  return (
    <Select
      w={320}
      size="xs"
      searchable
      clearable
      limit={100}
      label={t('process.emisor')}
      placeholder={t('process.anyone')}
      data={allowed.map((one) => ({ value: String(one.emisorId), label: one.emisorNombre }))}
      value={value === null ? null : String(value)}
      onChange={(next) => onChange(next === null ? null : Number(next))}
    />
  )
}

interface ProcessPanelProps {
  casilla: Casilla
  /** The sample as the primary action: while nobody has processed anything. */
  sampleFirst?: boolean
  /** In one line: where other things matter as much. */
  compact?: boolean
}

/** Where a file comes in: drop it, choose it, or take the sample. */
export function ProcessPanel({ casilla, sampleFirst = false, compact = false }: ProcessPanelProps) {
  const { t } = useText()
  const [emisor, setEmisor] = useState<number | null>(null)
  const process = useProcess(casilla.id, emisor)
  const expects = casilla.catalogos.map((catalog) => catalog.archivo).join(', ')
  return (
    <Stack gap="sm">
      {casilla.emisores > 0 ? (
        <OnBehalfOf casillaId={casilla.id} value={emisor} onChange={setEmisor} />
      ) : null}
      <DropArea
        onFiles={(files) => void process.files(files)}
        label={t('process.drop')}
        disabled={!casilla.activa}
      >
        <Flex
          direction={compact ? 'row' : 'column'}
          gap="sm"
          align="center"
          justify={compact ? 'space-between' : 'center'}
        >
          <IconFileUpload size={28} stroke={1.4} aria-hidden color="var(--mantine-color-dimmed)" />
          <Stack
            gap={2}
            align={compact ? 'flex-start' : 'center'}
            miw={0}
            style={compact ? { flex: 1 } : undefined}
          >
            <Text size="sm" fw={600}>
              {casilla.activa ? t('process.drop') : t('process.inactive')}
            </Text>
            <Text
              size="xs"
              c="dimmed"
              ta={compact ? 'left' : 'center'}
              maw={640}
              lineClamp={2}
              title={expects}
            >
              {t('process.expects', { files: expects })}
            </Text>
          </Stack>
          <Group gap="xs" wrap="nowrap">
            {casilla.muestra !== null ? (
              <Button
                variant={sampleFirst ? 'filled' : 'default'}
                leftSection={<IconPlayerPlay size={16} />}
                loading={process.busy}
                disabled={!casilla.activa}
                onClick={() => void process.sample()}
              >
                {t('process.sample')}
              </Button>
            ) : null}
            <Button
              variant={sampleFirst && casilla.muestra !== null ? 'default' : 'filled'}
              disabled={!casilla.activa || process.busy}
              onClick={() => void process.choose()}
            >
              {t('process.choose')}
            </Button>
          </Group>
        </Flex>
      </DropArea>
      {process.error ? <ErrorBlock error={process.error} title={t('process.failed')} /> : null}
      {process.started.map((id) => (
        <Started key={id} id={id} alone={process.started.length === 1} />
      ))}
    </Stack>
  )
}
