import { useCallback, useState } from 'react'
import { keepLocal, parseLocal } from '../../api/local'
import { record } from '../../api/shape'

/** A YAML somebody began to change: what they wrote and the version they began from. */
export interface Draft {
  text: string
  base: number
}

const keyOf = (id: number) => `sage.draft.${id}`

/** Draft of a casilla as it was kept, or null when there is none or it cannot be read. */
export function readDraft(raw: string | null): Draft | null {
  const { text, base } = record(parseLocal(raw))
  return typeof text === 'string' && typeof base === 'number' ? { text, base } : null
}

/** Changes that were not saved stay on this machine: leaving the page, or a crash, does not lose them. */
export function useDraft(id: number) {
  const [draft, setDraft] = useState<Draft | null>(() => readDraft(localStorage.getItem(keyOf(id))))
  const keep = useCallback(
    (text: string, base: number) => {
      setDraft({ text, base })
      keepLocal(keyOf(id), JSON.stringify({ text, base }))
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
