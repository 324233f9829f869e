import type { Connector, Entry } from '@engine/connectors'
import { hashOf } from '@engine/connectors/shared/hash-of'
import { joinPath } from '@engine/connectors/shared/paths'
import { AppError } from '@shared/errors/app-error'
import { namesFor } from '../moved-name'
import { remoteHuella } from './prefix-sight'

export interface RemoteMove {
  connector: Connector
  path: string
  /** As it was seen, and as it was judged; no sum when it ended before it was read. */
  huella: string
  bytes: number
  sha256: string | null
  folder: string
  /** The name it takes there, unless another file has it. */
  stamped: string
}

const hasCode = (error: unknown, code: string): boolean => error instanceof AppError && error.code === code

const standing = (connector: Connector, path: string): Promise<Entry | null> =>
  connector.stat(path).catch((error: unknown) => {
    if (hasCode(error, 'REMOTE_NOT_FOUND')) return null
    throw error
  })

/**
 * Moves an original to `folder` under its stamped name and gives where it is; '' when it is no longer there, or another file has its place.
 * A move that is a copy and a removal may have died between the two: then both stand, and what is left is the removal.
 * @throws what the connector throws
 */
export async function moveRemote(move: RemoteMove): Promise<string> {
  const { connector, path, huella, folder, stamped } = move
  const now = await standing(connector, path)
  if (now === null) return findMoved(move)
  // Replaced by another while this one was judged: that one has a row of its own.
  if (remoteHuella(now) !== huella) return ''
  for (const name of namesFor(stamped)) {
    const target = joinPath(folder, name)
    try {
      await connector.move(path, target, { ifAbsent: true })
      return await keepOrBringBack(move, target)
    } catch (error) {
      if (!hasCode(error, 'REMOTE_EXISTS')) throw error
    }
    if (!connector.capabilities.atomicMove && (await isOriginal(move, await standing(connector, target)))) {
      await connector.remove(path)
      return target
    }
  }
  return ''
}

/** What was moved is what was judged; something else that took its place in that instant goes back to it. */
async function keepOrBringBack(move: RemoteMove, target: string): Promise<string> {
  const { connector, path } = move
  const moved = await standing(connector, target)
  if (moved === null || (await isOriginal(move, moved))) return target
  await connector.move(target, path, { ifAbsent: true })
  return ''
}

async function findMoved(move: RemoteMove): Promise<string> {
  for (const name of namesFor(move.stamped)) {
    const target = joinPath(move.folder, name)
    const there = await standing(move.connector, target)
    if (there === null) return ''
    if (await isOriginal(move, there)) return target
  }
  return ''
}

/** By its mark where a move keeps it; else by its content. */
async function isOriginal(
  { connector, huella, bytes, sha256 }: RemoteMove,
  entry: Entry | null,
): Promise<boolean> {
  if (entry === null || entry.bytes !== bytes) return false
  if (remoteHuella(entry) === huella) return true
  if (connector.capabilities.atomicMove) return false
  if (sha256 === null) return true
  return (await hashOf((await connector.read(entry.path)).stream)) === sha256
}
