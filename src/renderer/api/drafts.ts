import { keepLocal, type LocalStore, parseLocal } from './local'
import { type Is, isFlag, isNumber, isText, orNull, record, shaped } from './shape'
import { createStore, type Store } from './store'

/** Something saved that a draft changes, as it was when the draft was begun. */
export interface Origin {
  id: number
  actualizado: string
}

/** Something that a person began to write and did not save. */
export interface Kept<T> {
  draft: T
  /** It differs from what is saved: not only the place where the person is. */
  changed: boolean
  /** null: it makes something new. */
  of: Origin | null
  /** When it was changed last, ISO. */
  at: string
}

/** Drafts by the address of the screen where each is written: going on with one is going there. */
export interface Drafts<T> extends Pick<Store<ReadonlyMap<string, Kept<T>>>, 'get' | 'subscribe'> {
  keep: (path: string, kept: Omit<Kept<T>, 'at'>) => void
  drop: (path: string) => void
}

interface DraftsOptions<T> {
  /** Name of their place on this machine. */
  key: string
  /** Whether what was found there is a draft. */
  is: Is<T>
  /** What of a draft is written there: never a secret, nor what is worth nothing in another window. Default: all. */
  written?: (draft: T) => T
  storage?: LocalStore
}

/** What is not saved stays on this machine: leaving the screen, reloading the window or a crash does not lose it. */
export function createDrafts<T>({ key, is, written, storage }: DraftsOptions<T>): Drafts<T> {
  const place = () => storage ?? localStorage
  let made: Store<ReadonlyMap<string, Kept<T>>> | null = null
  // Read when somebody asks: a test of what imports this has no browser.
  const own = (): Store<ReadonlyMap<string, Kept<T>>> => {
    const store = made ?? createStore(readKept(place().getItem(key), is))
    made = store
    return store
  }
  const set = (all: ReadonlyMap<string, Kept<T>>) => {
    own().set(all)
    const entries = [...all].map(([path, one]) => [
      path,
      { ...one, draft: written ? written(one.draft) : one.draft },
    ])
    keepLocal(key, JSON.stringify(Object.fromEntries(entries)), place())
  }
  return {
    get: () => own().get(),
    subscribe: (listener) => own().subscribe(listener),
    keep: (path, { of, ...kept }) => {
      const all = own().get()
      const begun = all.get(path)
      set(new Map(all).set(path, { ...kept, of: begun ? begun.of : of, at: new Date().toISOString() }))
    },
    drop: (path) => set(new Map([...own().get()].filter(([other]) => other !== path))),
  }
}

const isOrigin = shaped<Origin>({ id: isNumber, actualizado: isText })

function readKept<T>(raw: string | null, is: Is<T>): ReadonlyMap<string, Kept<T>> {
  const isKept = shaped<Kept<T>>({ draft: is, changed: isFlag, of: orNull(isOrigin), at: isText })
  const found = new Map<string, Kept<T>>()
  for (const [path, value] of Object.entries(record(parseLocal(raw))))
    if (isKept(value)) found.set(path, value)
  return found
}
