import { useCallback, useState } from 'react'

/** A YAML somebody began to change: what they wrote and the version they began from. */
export interface Draft {
  text: string
  base: number
}

const keyOf = (id: number) => `sage.draft.${id}`

/** Draft of a casilla as it was kept, or null when there is none or it cannot be read. */
export function readDraft(raw: string | null): Draft | null {
  if (raw === null) return null
  try {
    const value: unknown = JSON.parse(raw)
    if (typeof value !== 'object' || value === null || !('text' in value) || !('base' in value)) return null
    const { text, base } = value
    return typeof text === 'string' && typeof base === 'number' ? { text, base } : null
  } catch {
    return null
  }
}

/** Changes that were not saved stay on this machine: leaving the page, or a crash, does not lose them. */
export function useDraft(id: number) {
  const [draft, setDraft] = useState<Draft | null>(() => readDraft(localStorage.getItem(keyOf(id))))
  const keep = useCallback(
    (text: string, base: number) => {
      setDraft({ text, base })
      try {
        localStorage.setItem(keyOf(id), JSON.stringify({ text, base }))
      } catch {
        // Past the browser's room the draft lives as long as the page does.
      }
    },
    [id],
  )
  const drop = useCallback(() => {
    setDraft(null)
    localStorage.removeItem(keyOf(id))
  }, [id])
  return { text: draft?.text ?? null, base: draft?.base ?? null, keep, drop }
}

export type DraftState = ReturnType<typeof useDraft>
