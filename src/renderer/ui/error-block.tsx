import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import type { AppErrorData } from '@shared/errors/app-error'
import { IconCircleX } from '@tabler/icons-react'
import { useText } from '../app/prefs'
import { useCopy } from './use-copy'

interface ErrorBlockProps {
  error: AppErrorData
  title?: string
  onRetry?: () => void
  retryLabel?: string
}

/** Cause, code, hint, and what to do: the rest of the page stays usable. */
export function ErrorBlock({ error, title, onRetry, retryLabel }: ErrorBlockProps) {
  const { t } = useText()
  const { copy, copied } = useCopy()
  const details = JSON.stringify(error, null, 2)
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconCircleX aria-hidden />}
      title={title ?? t('error.title')}
    >
      <Stack gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {error.message}
        </Text>
        {error.hint ? (
          <Text size="sm" c="dimmed">
            {error.hint}
          </Text>
        ) : null}
        <Group gap="xs">
          {onRetry ? (
            <Button variant="default" onClick={onRetry}>
              {retryLabel ?? t('action.retry')}
            </Button>
          ) : null}
          <Button
            {...(onRetry ? { variant: 'subtle', color: 'gray' } : { variant: 'default' })}
            onClick={() => void copy(details)}
          >
            {copied ? t('action.copied') : t('action.copyDetails')}
          </Button>
          <Text size="xs" c="dimmed" component="span">
            {t('error.code')} <Code>{error.code}</Code>
          </Text>
        </Group>
      </Stack>
    </Alert>
  )
}
