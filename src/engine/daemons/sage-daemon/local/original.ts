import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { copyFile, link, lstat, mkdir, open, rename, rm, unlink, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isInside } from '@engine/casillas'
import { AppError } from '@shared/errors/app-error'
import { namesFor } from '../moved-name'
import type { Changed, Copied } from '../origin'
import { errnoOf } from '../retry'
import { foundFile, huellaOf } from './seen-file'

const CHUNK = 1024 * 1024

/**
 * Copies a file out of a watched folder, hashed on the way. What is copied is what was seen (`huella`), before and after: else it says
 * what there is now. A link is never followed. The target is overwritten: it is a try's own.
 * @throws the file system's errors; AppError OUTSIDE_FOLDER when the path leads out of `root`
 */
export async function copyOriginal(
  file: { path: string; root: string; huella: string; withInode: boolean },
  target: string,
  signal: AbortSignal,
): Promise<Copied | Changed> {
  if (!isInside(file.root, dirname(file.path))) {
    throw new AppError('OUTSIDE_FOLDER', {
      kind: 'input',
      message: 'El archivo está fuera de la carpeta de la casilla, al otro lado de un enlace.',
    })
  }
  // Not followed even if a link took its place after it was seen; not waited for if it is a pipe.
  const input = await open(
    file.path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  try {
    const before = await input.stat({ bigint: true })
    if (!before.isFile() || huellaOf(before, file.withInode) !== file.huella)
      return { changed: foundFile(before, file.withInode) }
    const hash = createHash('sha256')
    let bytes = 0
    const output = await open(target, 'w')
    try {
      const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, Number(before.size))))
      for (;;) {
        signal.throwIfAborted()
        const { bytesRead } = await input.read(buffer, 0, buffer.length)
        if (bytesRead === 0) break
        const part = buffer.subarray(0, bytesRead)
        hash.update(part)
        await output.writeFile(part)
        bytes += bytesRead
      }
    } finally {
      await output.close()
    }
    const after = await input.stat({ bigint: true })
    if (huellaOf(after, file.withInode) !== file.huella || bytes !== Number(after.size))
      return { changed: foundFile(after, file.withInode) }
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await input.close()
  }
}

/** With whole numbers: those of Windows' files are past what a double holds. */
const statOf = (path: string): Promise<BigIntStats | null> => lstat(path, { bigint: true }).catch(() => null)

/** Size and time of change, which a move keeps on any disk. */
const sameContent = (stat: BigIntStats, huella: string): boolean =>
  huella.startsWith(`${huellaOf(stat, false)}:`) || huella === huellaOf(stat, false)

/**
 * Gives `path` the name `target` without ever overwriting: a link fails where a rename would replace. True when done, false when that
 * name is another file's. A former try that died between the two steps is ended.
 */
async function giveName(path: string, target: string): Promise<boolean> {
  try {
    await link(path, target)
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'EEXIST') {
      const [mine, other] = [await statOf(path), await statOf(target)]
      if (!mine || !other || mine.ino !== other.ino || mine.dev !== other.dev) return false
    } else if (code === 'EXDEV') {
      return acrossDisks(path, target)
    } else if (code === 'ENOENT') {
      throw error
    } else {
      // A disk without links (FAT, some network drives).
      if (await statOf(target)) return false
      await rename(path, target)
      return true
    }
  }
  await unlink(path)
  return true
}

async function acrossDisks(path: string, target: string): Promise<boolean> {
  if (await statOf(target)) return false
  const part = join(dirname(target), `.${process.pid}.part`)
  const { atime, mtime } = await lstat(path)
  await copyFile(path, part)
  const copy = await open(part, 'r+')
  try {
    await copy.sync()
  } finally {
    await copy.close()
  }
  await utimes(part, atime, mtime)
  await rename(part, target)
  await rm(path, { force: true })
  return true
}

export interface Move {
  path: string
  huella: string
  withInode: boolean
  /** The casilla's folder. */
  root: string
  folder: string
  /** The name it takes there, unless another file has it. */
  stamped: string
}

/**
 * Moves an original to `root/folder/` under its stamped name and gives where it is; '' when it is no longer there, or another file has
 * its place. To be repeated as often as needed: a move that a crash cut is found or ended.
 * @throws the file system's errors; AppError OUTSIDE_FOLDER when the folder is a link that leads out
 */
export async function moveOriginal(move: Move): Promise<string> {
  const folder = join(move.root, move.folder)
  // The casilla's own folder is never made: one that is away (a drive, another name) comes back with its files.
  await mkdir(folder).catch((error: unknown) => {
    if (errnoOf(error) !== 'EEXIST') throw error
  })
  if (!isInside(move.root, folder)) {
    throw new AppError('OUTSIDE_FOLDER', {
      kind: 'config',
      message: `La carpeta «${move.folder}» es un enlace que lleva fuera de la casilla.`,
      hint: 'Reemplazarlo por una carpeta.',
    })
  }
  const now = await lstat(move.path, { bigint: true }).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  })
  if (now === null) return findMoved(folder, move.stamped, move.huella)
  // Replaced by another while this one was judged: that one has a row of its own.
  if (!now.isFile() || huellaOf(now, move.withInode) !== move.huella) return ''
  for (const name of namesFor(move.stamped)) {
    const target = join(folder, name)
    if (await giveName(move.path, target)) return target
  }
  return ''
}

async function findMoved(folder: string, stamped: string, huella: string): Promise<string> {
  for (const name of namesFor(stamped)) {
    const target = join(folder, name)
    const stat = await lstat(target, { bigint: true }).catch(() => null)
    if (stat === null) return ''
    if (sameContent(stat, huella)) return target
  }
  return ''
}
