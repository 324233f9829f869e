import { Button, Code, Group, Stack, Text } from '@mantine/core'
import type { PruebaProveedor } from '@shared/model/proveedor'
import { IconShieldCheck } from '@tabler/icons-react'
import { useText } from '../../app/prefs'
import { PruebaPanel } from '../../blocks/conexion/prueba-panel'

interface PasosPanelProps {
  prueba: PruebaProveedor
  /** Takes the key that the server showed as its own; absent where nothing can be changed. */
  onTrust?: (huella: string) => void
  busy?: boolean
}

/** The steps of a test, and the key of a server that is met for the first time or changed. */
export function PasosPanel({ prueba, onTrust, busy = false }: PasosPanelProps) {
  const { t } = useText()
  return (
    <PruebaPanel
      prueba={prueba}
      nombre={({ paso }) => t(`pasoProveedor.${paso}`)}
      more={({ huella, codigo }) =>
        huella !== null && onTrust ? (
          <Stack gap={6} mt={6} mb={4}>
            <Text size="sm">
              {t(codigo === 'HOST_KEY_CHANGED' ? 'proveedor.huella.cambiada' : 'proveedor.huella.nueva')}
            </Text>
            <Code block data-testid="huella" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {huella}
            </Code>
            <Group>
              <Button
                variant="light"
                color={codigo === 'HOST_KEY_CHANGED' ? 'red' : undefined}
                leftSection={<IconShieldCheck size={16} />}
                loading={busy}
                onClick={() => onTrust(huella)}
              >
                {t('proveedor.confiar')}
              </Button>
            </Group>
          </Stack>
        ) : null
      }
    />
  )
}
