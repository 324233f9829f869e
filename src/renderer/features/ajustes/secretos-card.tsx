import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { useOp } from '../../api/hooks'
import { useText } from '../../app/prefs'

/** The way to the credentials, and whether they can be used. */
export function SecretosCard() {
  const { t } = useText()
  const { data } = useOp('secretos.estado', {})
  return (
    <Card>
      <Group justify="space-between" wrap="nowrap">
        <Stack gap={2}>
          <Title order={2}>{t('secretos.title')}</Title>
          <Text size="sm" c="dimmed">
            {data === undefined
              ? t('secretos.purpose')
              : data.situacion === 'lista'
                ? t('secretos.count', { n: data.secretos })
                : t(`secretos.${data.situacion}`)}
          </Text>
        </Stack>
        <Button component={Link} href="/ajustes/secretos" variant="default">
          {t('secretos.abrir')}
        </Button>
      </Group>
    </Card>
  )
}
