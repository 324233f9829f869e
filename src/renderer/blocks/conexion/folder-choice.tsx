import { Button, Group, Input, Text } from '@mantine/core'
import { IconFolder } from '@tabler/icons-react'
import { call, toCallError } from '../../api/client'
import { useText } from '../../app/prefs'
import { notifyError } from '../../ui/notify'

/** A folder chosen in the system's dialog: its path to be shown, the token to be sent. null when nothing was chosen. */
export async function chooseFolder(): Promise<{ token: string; path: string } | null> {
  try {
    return (await call('dialog.chooseFolder', {})).carpeta
  } catch (caught) {
    notifyError(toCallError(caught).data)
    return null
  }
}

interface FolderChoiceProps {
  id: string
  label: string
  required?: boolean
  error?: string | null
  /** Path of the chosen one; '' without. */
  shown: string
  onChoose: (carpeta: { token: string; path: string }) => void
}

/** A folder of this machine, never written by hand. */
export function FolderChoice({ id, label, required, error, shown, onChoose }: FolderChoiceProps) {
  const { t } = useText()
  const choose = async () => {
    const carpeta = await chooseFolder()
    if (carpeta) onChoose(carpeta)
  }
  return (
    <Input.Wrapper label={label} labelElement="div" required={required} error={error}>
      <Group gap="xs" mt={4}>
        <Button
          id={id}
          variant="default"
          leftSection={<IconFolder size={16} />}
          onClick={() => void choose()}
        >
          {t(shown === '' ? 'nueva.chooseFolder' : 'nueva.otherFolder')}
        </Button>
      </Group>
      {shown === '' ? null : (
        <Text size="sm" ff="monospace" mt={6} style={{ overflowWrap: 'anywhere' }}>
          {shown}
        </Text>
      )}
    </Input.Wrapper>
  )
}
