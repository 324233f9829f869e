import { Group, ScrollArea, Stack, Text, UnstyledButton } from '@mantine/core'
import type { Diagnostic } from '@shared/model/schema'
import { useText } from '../app/prefs'
import type { EditorProblem } from '../ui/editor/code-editor'
import { SeverityBadge } from '../ui/state-badge'

export const toProblems = (diagnostics: readonly Diagnostic[]): EditorProblem[] =>
  diagnostics.map(({ position, severity, message, hint }) => ({
    from: position.offset,
    to: position.endOffset,
    severity,
    message: hint ? `${message}\n${hint}` : message,
  }))

interface DiagnosticsProps {
  diagnostics: readonly Diagnostic[]
  onGo: (offset: number) => void
}

/** Every mistake of a YAML with its place; a click goes there. */
export function Diagnostics({ diagnostics, onGo }: DiagnosticsProps) {
  const { t } = useText()
  if (diagnostics.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="sm">
        {t('yaml.noProblems')}
      </Text>
    )
  }
  return (
    <ScrollArea h="100%" type="auto">
      <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {diagnostics.map((item) => (
          <li key={`${item.code}:${item.path}:${item.position.offset}:${item.message}`}>
            <UnstyledButton
              px="sm"
              py={6}
              w="100%"
              onClick={() => onGo(item.position.offset)}
              style={{ borderBottom: '1px solid var(--sage-line)' }}
            >
              <Group gap="sm" wrap="nowrap" align="flex-start">
                <span style={{ width: 84, flexShrink: 0 }}>
                  <SeverityBadge severity={item.severity} />
                </span>
                <Text size="sm" c="dimmed" className="sage-numbers" w={64} style={{ flexShrink: 0 }}>
                  {item.position.line}:{item.position.column}
                </Text>
                <Stack gap={0} miw={0}>
                  <Text size="sm">{item.message}</Text>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {item.path}
                    {item.hint ? ` · ${item.hint}` : ''}
                  </Text>
                </Stack>
              </Group>
            </UnstyledButton>
          </li>
        ))}
      </Stack>
    </ScrollArea>
  )
}
