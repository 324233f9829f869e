import { Box } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { toCallError } from '../api/client'
import { ErrorBlock } from '../ui/error-block'

interface State {
  error: unknown
}

/** A screen that breaks leaves the frame standing; another page or "Reintentar" brings it back. */
export class ErrorBoundary extends Component<{ resetKey: string; children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override componentDidUpdate(previous: { resetKey: string }) {
    if (previous.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null })
  }

  override render() {
    if (!this.state.error) return this.props.children
    return (
      <Box p="lg">
        <ErrorBlock
          error={toCallError(this.state.error).data}
          onRetry={() => this.setState({ error: null })}
        />
      </Box>
    )
  }
}
