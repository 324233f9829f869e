import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { AppError } from '@shared/errors/app-error'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { filesError } from './errors'
import { filesOf } from './inspect'
import { Ledger, type LedgerEntry, NO_LOAD, withFormer } from './ledger'
import { ownName, type Place, placeOf, requireNames } from './place'
import type { Change, Shelf, ShelfOptions, Shelves, Sight } from './shelf'
import { dropOldVersions, dropOldWholes, dropVersion, keepOld, swap } from './write'

/** Tables in a folder of this machine, or one that the system shows as such. */
export const folderShelves = (carpeta: string): Shelves => ({
  nombre: carpeta,
  keyOf(tabla) {
    requireNames(tabla)
    return ownName(tabla)
  },
  open: (tabla, options) => FolderShelf.open(carpeta, tabla, options),
  look: (tabla) => look(carpeta, tabla),
  bytesToLook: () => Promise.resolve(0),
  explain: (error) => filesError(error, carpeta),
})

class FolderShelf implements Shelf {
  private constructor(
    readonly place: Place,
    private readonly ledger: Ledger,
  ) {}

  static async open(carpeta: string, tabla: TablaMaterializada, { waitMs, signal, carga }: ShelfOptions) {
    const place = await placeOf(carpeta, tabla)
    const shelf = new FolderShelf(place, await Ledger.open(place.ledger, place.nombre, waitMs, signal))
    try {
      await shelf.sweep()
      // A version has its own folder beside the others; any other load writes in the working one.
      if (place.disposicion === 'particiones') shelf.ledger.begin(carga)
      return shelf
    } catch (error) {
      shelf.ledger.close()
      throw error
    }
  }

  get last(): LedgerEntry | null {
    return this.ledger.last()
  }

  files = (): Promise<string[]> => filesOf(this.place)
  known = (): Promise<null> => Promise.resolve(null)
  find = (ejecucion: string, materializacion: string): Promise<LedgerEntry | null> =>
    Promise.resolve(this.ledger.find(ejecucion, materializacion))
  /** It is where it has to be: beside the table. */
  stage = (): Promise<void> => Promise.resolve()

  async switch({ written, entry, tabla }: Change, step: (what: string) => Promise<void>): Promise<void> {
    const { place, ledger } = this
    const { estrategia } = tabla
    const most = estrategia.tipo === 'full' ? estrategia.conservar : 0
    const before = this.last?.carga ?? NO_LOAD
    const told = estrategia.tipo === 'append' ? withFormer(entry, this.last) : entry
    await step('anunciar el cambio')
    if (most > 0 && place.disposicion === 'archivo') await keepOld(place, before)
    await ledger.switch({ entry: told, from: written.from, target: written.target }, async () => {
      await step('cambiar los archivos')
      await swap(written)
      await step('anotar la carga')
    })
    // The load is done: it does not fail by what is old, which the next one finds.
    await this.dropOld(estrategia.tipo === 'full', most).catch(() => undefined)
  }

  private async dropOld(wholes: boolean, most: number): Promise<void> {
    const { place, ledger } = this
    const [, ...before] = [...ledger.cargas(), NO_LOAD]
    if (wholes && place.disposicion === 'archivo') await dropOldWholes(place, before, most)
    // The one before the last is for whoever is reading it.
    if (place.disposicion === 'particiones') await dropOldVersions(place, before, Math.max(1, most))
  }

  /** Takes away what loads wrote and did not end. */
  private async sweep(): Promise<void> {
    const { place, ledger } = this
    await rm(place.work, { recursive: true, force: true })
    if (place.disposicion !== 'particiones') return
    const left = ledger.unfinished()
    for (const carga of left) await dropVersion(place, carga)
    ledger.forget(left)
  }

  async close(): Promise<void> {
    try {
      // As far as the disk lets it: the next load finds the rest.
      await this.sweep().catch(() => undefined)
    } finally {
      this.ledger.close()
    }
  }
}

async function look(carpeta: string, tabla: TablaMaterializada): Promise<Sight> {
  const place = await placeOf(carpeta, tabla, false)
  return {
    place,
    last: await lastEntry(place),
    files: () => filesOf(place),
    known: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  }
}

/** What the ledger says, where there is one and no load has it. */
async function lastEntry({ ledger: path, nombre }: Place): Promise<LedgerEntry | null> {
  if (!existsSync(path)) return null
  const ledger = await Ledger.open(path, nombre, 0).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'TABLA_OCUPADA') return null
    throw error
  })
  try {
    return ledger?.last() ?? null
  } finally {
    ledger?.close()
  }
}
