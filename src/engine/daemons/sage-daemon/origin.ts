import type { ArchivoRow, CasillaRow } from '@engine/store'
import type { AppErrorData } from '@shared/errors/app-error'
import type { MetodoEnvio } from '@shared/model/emisor'
import type { OwnFolder } from './names'

/** A file as it lies where a casilla receives. */
export interface SeenFile {
  /** Tells it from every other, whatever its casilla: an absolute path, or the address of a provider's object. */
  path: string
  /** From the casilla's folder, with `/`. */
  relative: string
  name: string
  bytes: number
  /** Changes with the content: size, and time of change, inode or ETag. */
  huella: string
  modifiedMs: number
  /** When it came to be here as it is, by the clock of its place; a file moved in keeps its time of change. */
  arrivedMs: number
  /** Given out in order on most disks: tells apart what arrived within one tick of the clock. */
  inode: bigint
  /** Its place among what was told of, which is exact where the clock is not; null for what was there before. */
  turn: number | null
}

/** What a watching is told between two looks. */
export interface Told {
  /** Something changed at a path. `inOrder`: told one by one, as it happened. */
  changed(path: string, inOrder: boolean): void
  /** What was told is not all: everything is to be looked at. */
  lookAgain(): void
}

/** The eyes of a watching: all it needs to know of a place. */
export interface Sight {
  /** In words, for the log. */
  readonly lugar: string
  /** The clock that dates its files is ours. */
  readonly trustTimes: boolean
  /** Begins to tell of changes, where the place can; called before every look at everything. */
  listen(told: Told): Promise<void>
  /** Every file of the casilla's, in no order. */
  lookAround(): Promise<SeenFile[]>
  /** One file as it is now, null when it is not there or none of the casilla's; absent where that costs as much as a look at everything. */
  lookAt?(path: string): Promise<SeenFile | null>
  /** How long until everything is looked at again. */
  restMs(): number
  /** Why the place can't be looked at, and when to try again; null when the error is not of the place. */
  away(error: unknown): { reason: string; restMs: number } | null
  close(): Promise<void>
}

export interface Copied {
  bytes: number
  sha256: string
}

export interface FoundFile {
  bytes: number
  huella: string
  modificadoEn: string
}

/** What was found instead of the file that was seen. */
export interface Changed {
  changed: FoundFile
}

/** What stops a file: it is its sender's to mend, it is gone, it waits with no try spent, or it failed and is tried again. */
export type Fault =
  | { as: 'refused'; motivo: string }
  /** `rutaFinal` where it lies, judged by another: seen again there it is not received. */
  | { as: 'gone'; motivo: string; rutaFinal?: string }
  | { as: 'waits'; motivo: string; ms?: number }
  | { as: 'failed'; error: AppErrorData }

/** Where files come from: the folders of this machine, or the providers. What the daemon does with them is the same for both. */
export interface Origin {
  /** What a casilla is watched with. */
  sight(casilla: CasillaRow): Sight
  /** How its files arrive. */
  metodo(casilla: CasillaRow): Promise<MetodoEnvio>
  /** Makes the sub-folders of senders, where folders exist by themselves. */
  makeSubfolders(casilla: CasillaRow, subfolders: readonly string[]): Promise<void>
  /** Whether a file that was seen still lies there. */
  stillThere(path: string): Promise<boolean>
  /** Keeps others from taking the file, until it is let go of; null when it is ours. */
  hold(row: ArchivoRow, casilla: CasillaRow | null): Promise<Fault | null>
  /** Lets go of a file that ended and left its place. Never throws. */
  release(row: ArchivoRow, casilla: CasillaRow | null): Promise<void>
  /** Copies a file to this machine, hashed on the way: what was seen (`huella`), or it says what there is now. The target is a try's own. */
  fetch(
    row: ArchivoRow,
    casilla: CasillaRow | null,
    target: string,
    signal: AbortSignal,
  ): Promise<Copied | Changed>
  /** What an error of `hold` or `fetch` means for its file. */
  faultOf(row: ArchivoRow, error: unknown): Promise<Fault>
  /**
   * Takes an original to one of the casilla's own folders and gives where it is; '' when it is no longer there, or another file has its
   * place. To be repeated as often as needed: a move that a crash cut is found or ended.
   */
  takeAway(row: ArchivoRow, casilla: CasillaRow | null, folder: OwnFolder, stamped: string): Promise<string>
  /** An original where it lies now; null when it is not there. */
  lookAgain(row: ArchivoRow): Promise<(FoundFile & { ruta: string }) | null>
}
