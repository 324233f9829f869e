import { Group, Stack, Text, UnstyledButton } from '@mantine/core'
import type { ProblemaMaterializacion } from '@shared/model/materializacion'
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react'
import { useText } from '../../app/prefs'

interface ProblemasProps {
  problemas: readonly ProblemaMaterializacion[]
  /** Goes to where the problem is; without it they are only read. */
  onGo?: (problema: ProblemaMaterializacion) => void
}

/** Every problem with what to do; a click goes to its place. */
export function Problemas({ problemas, onGo }: ProblemasProps) {
  const { t } = useText()
  return (
    <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('mat.problems')}>
      {problemas.map((problema) => (
        <li key={`${problema.tabla}:${problema.columna}:${problema.codigo}:${problema.mensaje}`}>
          {onGo ? (
            <UnstyledButton py={2} onClick={() => onGo(problema)}>
              <Line problema={problema} />
            </UnstyledButton>
          ) : (
            <Line problema={problema} />
          )}
        </li>
      ))}
    </Stack>
  )
}

function Line({ problema }: { problema: ProblemaMaterializacion }) {
  const { t } = useText()
  const error = problema.severidad === 'error'
  const Icon = error ? IconCircleX : IconAlertTriangle
  return (
    <Group component="span" gap={6} wrap="nowrap" align="flex-start">
      <Icon
        size={15}
        aria-label={t(error ? 'severity.error' : 'severity.warning')}
        color={error ? 'var(--sage-red)' : 'var(--sage-yellow)'}
        style={{ flexShrink: 0, marginTop: 2 }}
      />
      <Text size="sm" component="span" style={{ overflowWrap: 'anywhere' }}>
        {problema.mensaje}
        {problema.sugerencia ? <Text component="span" c="dimmed">{` ${problema.sugerencia}`}</Text> : null}
      </Text>
    </Group>
  )
}
