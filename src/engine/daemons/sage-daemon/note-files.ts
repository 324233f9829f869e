import { type CasillaRow, type Db, insertArchivo, listPermisos, type Store } from '@engine/store'
import type { MetodoEnvio } from '@shared/model/emisor'
import type { Mover } from './mover'
import { type Place, senderOf } from './names'
import type { Origin, SeenFile } from './origin'

const insert = (
  tx: Db,
  casillaId: number,
  metodo: MetodoEnvio,
  file: SeenFile,
  places: readonly Place[],
): boolean =>
  insertArchivo(
    tx,
    {
      casillaId,
      emisorId: senderOf(file.relative, metodo, places),
      metodo,
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
  {
    store,
    mover,
    origin,
  }: { store: Store; mover: Pick<Mover, 'hasMoved'>; origin: Pick<Origin, 'metodo' | 'stillThere'> },
  casilla: CasillaRow,
  files: readonly SeenFile[],
): Promise<number> {
  const casillaId = casilla.id
  const metodo = await origin.metodo(casilla)
  const places = listPermisos(store.db, casillaId)
  const doubtful: SeenFile[] = []
  // Asked inside the write: once a move is written down, the row that held the place no longer does.
  let added = await store.write(
    (tx) =>
      files.filter((file) => {
        if (!mover.hasMoved(file.path, file.huella)) return insert(tx, casillaId, metodo, file, places)
        doubtful.push(file)
        return false
      }).length,
  )
  for (const file of doubtful) {
    const there = await origin.stillThere(file.path)
    if (there && (await store.write((tx) => insert(tx, casillaId, metodo, file, places)))) added++
  }
  return added
}
