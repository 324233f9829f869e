import { randomUUID } from 'node:crypto'
import type { Cancellable } from '@engine/connectors'
import { joinPath, nameOf } from '@engine/connectors/shared/paths'
import { z } from 'zod'
import { entrySchema, type LedgerEntry } from '../ledger'
import { listAll, type Objects } from './objects'

const fileSchema = z.object({
  /** Below the folder of the destination. */
  ruta: z.string(),
  bytes: z.number(),
})
export type RemoteFile = z.infer<typeof fileSchema>

const commitSchema = z.object({
  version: z.literal(1),
  entrada: entrySchema,
  /** What takes the place of `hasta` by a move; null where files are named by their load and only have to be told. */
  desde: z.string().nullable(),
  hasta: z.string(),
  /** Files of the table from here on: all of them, but for one file for each load, of which only its own. */
  archivos: z.array(fileSchema),
  /** Rows of the table from here on, where they are known. */
  filas: z.number().nullable(),
  /** The process that wrote it: it ends what it began, others leave it time to. */
  motor: z.string(),
})
export type Commit = z.infer<typeof commitSchema>

/** This process, in what it writes down. */
export const MOTOR = randomUUID()

/** In the order of their names. */
export const numbered = (n: number): string => String(n).padStart(12, '0')
const NUMBERED = /^(\d{12})\.json$/
const TRIES = 100

/**
 * The loads of one table at a provider, one object each, numbered. The next number is written only if it is absent, so of two loads that began
 * from the same one exactly one is written down: that is when a load is done, and what is left of it can be ended by anyone. The idea is that of
 * Delta Lake's log (Armbrust et al., VLDB 2020, «Delta Lake: High-Performance ACID Table Storage over Cloud Object Stores»).
 */
export class CommitLog {
  constructor(
    private readonly objects: Objects,
    /** Of this table. */
    private readonly folder: string,
  ) {}

  private pathOf = (n: number): string => joinPath(this.folder, `${numbered(n)}.json`)
  private doneOf = (ejecucion: string, materializacion: string): string =>
    joinPath(this.folder, 'hechas', `${ejecucion}-${materializacion}.json`)

  /** Numbers that are there, in order. */
  async numbers(options: Cancellable): Promise<number[]> {
    const entries = await listAll(this.objects.connector, this.folder, options)
    return entries
      .map(({ path }) => NUMBERED.exec(nameOf(path))?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => a - b)
  }

  read = (n: number, options: Cancellable): Promise<Commit | null> =>
    this.objects.read(this.pathOf(n), commitSchema, options)

  /** The last load that was written down. */
  async last(options: Cancellable): Promise<{ n: number; commit: Commit } | null> {
    // Between the list and the read it may have been taken away as one of the old: then there is a newer one.
    for (let turn = 1; turn <= TRIES; turn++) {
      const n = (await this.numbers(options)).at(-1)
      if (n === undefined) return null
      const commit = await this.read(n, options)
      if (commit !== null) return { n, commit }
    }
    return null
  }

  /** False when another load took the number. */
  add = (n: number, commit: Commit, options: Cancellable): Promise<boolean> =>
    this.objects.write(this.pathOf(n), commit, { ...options, ifAbsent: true })

  drop = (n: number, options: Cancellable): Promise<void> =>
    this.objects.connector.remove(this.pathOf(n), options)

  /** Beside the numbered ones, which do not stay: what was loaded is known for good. */
  markDone = (entrada: LedgerEntry, options: Cancellable): Promise<boolean> =>
    this.objects.write(this.doneOf(entrada.ejecucion, entrada.materializacion), entrada, options)

  findDone = (
    ejecucion: string,
    materializacion: string,
    options: Cancellable,
  ): Promise<LedgerEntry | null> =>
    this.objects.read(this.doneOf(ejecucion, materializacion), entrySchema, options)
}
