/** The part of the browser's storage that is used. */
export type LocalStore = Pick<Storage, 'getItem' | 'setItem'>

/** Writes a text on this machine; past the browser's room it lives as long as the page does. */
export function keepLocal(key: string, value: string, storage: LocalStore = localStorage): void {
  try {
    storage.setItem(key, value)
  } catch {
    // Full: nothing that the person can mend here.
  }
}

/** What a text that was kept says; undefined where it can't be read. */
export function parseLocal(raw: string | null): unknown {
  if (raw === null) return undefined
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}
