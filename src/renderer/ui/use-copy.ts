import { useEffect, useRef, useState } from 'react'
import { call, toCallError } from '../api/client'
import { notifyError } from './notify'

const SHOWN_MS = 2000

/**
 * Copies through main: the page has no clipboard permission of its own. Says what failed, and answers whether it was copied.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await call('clipboard.write', { text })
    return true
  } catch (error) {
    notifyError(toCallError(error).data)
    return false
  }
}

/** `copied` is true for a moment after a copy, for the button to say so. */
export function useCopy() {
  const [copied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async (text: string) => {
    clearTimeout(timer.current)
    const done = await copyText(text)
    setCopied(done)
    if (done) timer.current = setTimeout(() => setCopied(false), SHOWN_MS)
  }
  return { copy, copied }
}
