import { useState } from 'react'
import { type CallError, toCallError } from '../../api/client'

/** What is under way, and how the last of it failed. */
export function useWork<What extends string>() {
  const [busy, setBusy] = useState<What | null>(null)
  const [error, setError] = useState<CallError | null>(null)
  const during = async (what: What, run: () => Promise<void>) => {
    setBusy(what)
    setError(null)
    try {
      await run()
    } catch (caught) {
      setError(toCallError(caught))
    } finally {
      setBusy(null)
    }
  }
  return { busy, error, setError, during }
}
