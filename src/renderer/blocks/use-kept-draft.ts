import { useRef, useState } from 'react'
import type { Drafts, Origin } from '../api/drafts'
import { useStore } from '../api/store'

interface KeptDraftOptions<T> {
  drafts: Drafts<T>
  /** Address of the screen where it is written. */
  path: string
  /** What a person begins with. */
  first: T
  /** What is saved that it changes; null for something new. */
  of: Origin | null
  /** Whether something differs from what it began with. */
  isChanged: (draft: T, first: T) => boolean
}

/** The draft of a screen, kept on this machine until it is saved or given up. */
export function useKeptDraft<T>(options: KeptDraftOptions<T>) {
  // What is saved may be read again meanwhile: the draft goes on from what it began with.
  const [{ drafts, path, first, of, isChanged }] = useState(options)
  const kept = useStore(drafts).get(path)
  /** When what this screen began with was written; null once the person knows. */
  const [resumed, setResumed] = useState(kept?.changed ? kept.at : null)
  const keep = (next: (before: T) => T, changed: (draft: T) => boolean) => {
    const draft = next(drafts.get().get(path)?.draft ?? first)
    drafts.keep(path, { draft, changed: changed(draft), of })
  }
  const change = useRef((next: (before: T) => T) => keep(next, (draft) => isChanged(draft, first))).current
  /** What the screen fills in by itself: nobody has to save it. */
  const fill = useRef((next: (before: T) => T) =>
    keep(next, () => drafts.get().get(path)?.changed === true),
  ).current
  return {
    draft: kept?.draft ?? first,
    change,
    fill,
    changed: kept?.changed === true,
    resumed,
    /** What is saved is another thing since the draft was begun. */
    behind: kept?.changed === true && kept.of?.actualizado !== options.of?.actualizado,
    goOn: () => setResumed(null),
    drop: () => {
      setResumed(null)
      drafts.drop(path)
    },
  }
}

export type KeptDraft = Pick<ReturnType<typeof useKeptDraft>, 'resumed' | 'behind' | 'goOn' | 'drop'>
