import type { BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { MOST_DEEP, skipsFolder } from '../names'
import type { FoundFile, SeenFile } from '../origin'

export const relativeTo = (root: string, path: string): string => relative(root, path).split(sep).join('/')

/** Network drives make inodes up: there, size and time must do. */
export const huellaOf = (stat: BigIntStats, withInode: boolean): string =>
  `${stat.size}:${stat.mtimeNs}${withInode ? `:${stat.ino}` : ''}`

export const foundFile = (stat: BigIntStats, withInode: boolean): FoundFile => ({
  bytes: Number(stat.size),
  huella: huellaOf(stat, withInode),
  modificadoEn: new Date(Number(stat.mtimeMs)).toISOString(),
})

export function seenFile(root: string, path: string, stat: BigIntStats, withInode: boolean): SeenFile {
  const inFolder = relativeTo(root, path)
  return {
    path,
    relative: inFolder,
    name: inFolder.slice(inFolder.lastIndexOf('/') + 1),
    bytes: Number(stat.size),
    huella: huellaOf(stat, withInode),
    modifiedMs: Number(stat.mtimeMs),
    arrivedMs: Number(stat.ctimeNs) / 1e6,
    inode: stat.ino,
    turn: null,
  }
}

export interface Look {
  /** Takes the file by its name. */
  takes(name: string): boolean
  withInode: boolean
  /** Looks into sub-folders. */
  deep: boolean
  /** A symbolic link: never followed, since it may lead out of the folder. */
  onLink(path: string): void
}

/** One file as it is now; null when it is not there or is none of ours. */
export async function lookAt(root: string, path: string, look: Look): Promise<SeenFile | null> {
  const inFolder = relativeTo(root, path)
  const folder = inFolder.includes('/') ? inFolder.slice(0, inFolder.lastIndexOf('/')) : ''
  if (inFolder === '' || inFolder.startsWith('../')) return null
  if (folder !== '' && (!look.deep || skipsFolder(folder))) return null
  if (!look.takes(inFolder.slice(inFolder.lastIndexOf('/') + 1))) return null
  const stat = await lstat(path, { bigint: true }).catch(() => null)
  if (stat?.isSymbolicLink()) look.onLink(path)
  return stat?.isFile() ? seenFile(root, path, stat, look.withInode) : null
}

/**
 * Every file of ours below `root`, in no order. A sub-folder that can't be read is passed over this time.
 * @throws the file system's error when `root` itself can't be read
 */
export async function lookAround(root: string, look: Look): Promise<SeenFile[]> {
  const found: SeenFile[] = []
  const visit = async (dir: string, depth: number): Promise<void> => {
    const entries = await (depth === 0
      ? readdir(dir, { withFileTypes: true })
      : readdir(dir, { withFileTypes: true }).catch(() => []))
    for (const entry of entries) {
      const path = join(dir, entry.name)
      if (entry.isDirectory()) {
        if (look.deep && depth < MOST_DEEP && !skipsFolder(relativeTo(root, path)))
          await visit(path, depth + 1)
        continue
      }
      const seen = await lookAt(root, path, look)
      if (seen) found.push(seen)
    }
  }
  await visit(root, 0)
  return found
}
