import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Router, useLocation } from 'wouter'
import { listen } from '../api/events'
import { queryClient } from '../api/hooks'
import { theme } from '../theme/theme'
import { ErrorBlock } from '../ui/error-block'
import { ErrorBoundary } from './error-boundary'
import { Frame } from './frame'
import { useHashPath, useHashSearch } from './hash-location'
import { PrefsProvider, useText } from './prefs'
import { Screens } from './screens'

function Listening() {
  useEffect(() => listen(queryClient), [])
  return null
}

function NoBridge() {
  const { t } = useText()
  return (
    <ErrorBlock
      error={{ code: 'NO_BRIDGE', kind: 'config', message: t('app.noBridge'), retryable: false }}
      onRetry={() => window.location.reload()}
    />
  )
}

function Shell() {
  const [path] = useLocation()
  const { t } = useText()
  return (
    <ModalsProvider labels={{ confirm: t('action.confirm'), cancel: t('action.cancel') }}>
      <Listening />
      <Frame>
        <ErrorBoundary resetKey={path}>
          <Screens />
        </ErrorBoundary>
      </Frame>
    </ModalsProvider>
  )
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <PrefsProvider>
          <Notifications position="bottom-center" />
          <Router hook={useHashPath} searchHook={useHashSearch}>
            {window.sage ? <Shell /> : <NoBridge />}
          </Router>
        </PrefsProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
