import { lstat } from 'node:fs/promises'
import { type Db, insertArchivo, listPermisos, type Store } from '@engine/store'
import type { Mover } from './mover'
import { type Place, senderOf } from './names'
import type { SeenFile } from './seen-file'

const insert = (tx: Db, casillaId: number, file: SeenFile, places: readonly Place[]): boolean =>
  insertArchivo(
    tx,
    {
      casillaId,
      emisorId: senderOf(file.relative, places),
      metodo: 'local',
      ruta: file.path,
      nombre: file.name,
      bytes: file.bytes,
      huella: file.huella,
      modificadoEn: new Date(file.modifiedMs).toISOString(),
    },
    new Date().toISOString(),
  )

/**
 * Writes down files that were seen whole, each as its sender's; gives how many are new. One that was taken away since it was seen is
 * not received again: it is only when it still lies there now (a person brought it back).
 */
export async function noteFiles(
  { store, mover }: { store: Store; mover: Pick<Mover, 'hasMoved'> },
  casillaId: number,
  files: readonly SeenFile[],
): Promise<number> {
  const places = listPermisos(store.db, casillaId)
  const doubtful: SeenFile[] = []
  // Asked inside the write: once a move is written down, the row that held the place no longer does.
  let added = await store.write(
    (tx) =>
      files.filter((file) => {
        if (!mover.hasMoved(file.path, file.huella)) return insert(tx, casillaId, file, places)
        doubtful.push(file)
        return false
      }).length,
  )
  for (const file of doubtful) {
    const there = await lstat(file.path).then(
      (found) => found.isFile(),
      () => false,
    )
    if (there && (await store.write((tx) => insert(tx, casillaId, file, places)))) added++
  }
  return added
}
