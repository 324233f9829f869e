import type { SageBridge } from '@shared/contract'

declare global {
  interface Window {
    /** The only door out of the window; the preload puts it there. Missing in a plain browser. */
    readonly sage?: SageBridge
  }
}
