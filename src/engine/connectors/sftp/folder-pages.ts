import { isTemp, joinPath } from '../shared/paths'
import { isStaleTemp } from '../shared/stale-temps'
import type { Entry, Page } from '../types'
import { entryOf } from './entry'
import { type Listed, remote } from './remote'
import type { Opened } from './session'

/** A snapshot is for going on with the pages of one listing, not for the next one. */
const KEPT_MS = 60_000

interface Snapshot {
  folder: string
  entries: Entry[]
  until: number
}

/**
 * The pages of a folder. The protocol lists it whole or not at all: what was read for the first page serves the next ones. A cursor is the last
 * name given, so that it is good without the snapshot too.
 */
export class FolderPages {
  private snapshot: Snapshot | null = null

  constructor(private readonly at: (wire: Opened, folder: string) => Promise<string>) {}

  /** After a change of ours. */
  forget(): void {
    this.snapshot = null
  }

  async page(wire: Opened, folder: string, cursor: string | null, limit: number): Promise<Page> {
    const entries = (cursor === null ? null : this.kept(folder)) ?? (await this.readAll(wire, folder))
    const from = cursor === null ? 0 : firstAfter(entries, joinPath(folder, cursor))
    const page = entries.slice(from, from + limit)
    const last = page.at(-1)
    if (last === undefined || from + limit >= entries.length) {
      this.forget()
      return { entries: page, cursor: null }
    }
    this.snapshot = { folder, entries, until: Date.now() + KEPT_MS }
    return { entries: page, cursor: folder === '' ? last.path : last.path.slice(folder.length + 1) }
  }

  private kept(folder: string): Entry[] | null {
    const { snapshot } = this
    return snapshot !== null && snapshot.folder === folder && snapshot.until > Date.now()
      ? snapshot.entries
      : null
  }

  private async readAll(wire: Opened, folder: string): Promise<Entry[]> {
    const full = await this.at(wire, folder)
    const entries: Entry[] = []
    for (const { name, attrs } of await remote.readdir(wire, full)) {
      const there = full.endsWith('/') ? full + name : `${full}/${name}`
      if (isTemp(name)) {
        if (isStaleTemp(name, attrs.mtime * 1000)) await remote.unlink(wire, there).catch(() => undefined)
        continue
      }
      const real = await followed(wire, there, { name, attrs })
      if (real?.attrs.isFile() || real?.attrs.isDirectory())
        entries.push(entryOf(joinPath(folder, name), real.attrs))
    }
    return entries.sort((a, b) => (a.path < b.path ? -1 : 1))
  }
}

/** What a link leads to; null when that is nothing. */
async function followed(wire: Opened, full: string, listed: Listed): Promise<Listed | null> {
  if (!listed.attrs.isSymbolicLink()) return listed
  try {
    return { name: listed.name, attrs: await remote.stat(wire, full) }
  } catch {
    return null
  }
}

/** Index of the first entry past a path, in a sorted list. */
function firstAfter(entries: Entry[], path: string): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.path ?? '') > path) high = middle
    else low = middle + 1
  }
  return low
}
