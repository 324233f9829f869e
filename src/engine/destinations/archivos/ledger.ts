import { existsSync } from 'node:fs'
import { lstat, readlink, rename, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { type Conteos, conteosSchema, tipoColumnaSchema } from '@shared/model/materializacion'
import Database from 'better-sqlite3'
import { z } from 'zod'

export const entrySchema = z.object({
  ejecucion: z.string(),
  materializacion: z.string(),
  carga: z.string(),
  en: z.string(),
  conteos: conteosSchema,
  /** Of what the load left: names and types that a text does not say of itself. */
  columnas: z.array(z.object({ nombre: z.string(), tipo: tipoColumnaSchema })),
  formato: z.string(),
  /** Bytes that no line of the text passes; 0 for what is not a text. */
  lineaMayor: z.number(),
})
export type LedgerEntry = z.infer<typeof entrySchema>

/** What only adds to a table leaves in it the columns that it does not have itself. */
export function withFormer(entry: LedgerEntry, before: LedgerEntry | null): LedgerEntry {
  const told = new Set(entry.columnas.map(({ nombre }) => nombre))
  const former = before?.columnas.filter(({ nombre }) => !told.has(nombre)) ?? []
  return { ...entry, columnas: [...entry.columnas, ...former] }
}

const switchSchema = z.object({
  entry: entrySchema,
  /** What takes the place of `target` by its name. */
  from: z.string(),
  target: z.string(),
  /** Tells the new content from any other, under either name. */
  identity: z.string(),
})
export type Switch = Omit<z.infer<typeof switchSchema>, 'identity'>

const POLL_MS = 50

/**
 * What was loaded into one table of files, kept beside them. It is also its lock: a file of SQLite held exclusively, which the operating
 * system lets go however the process ends. The switch of files and the entry are two steps, so the first is announced: a ledger opened
 * after a crash finishes or forgets it.
 */
export class Ledger {
  private constructor(private readonly db: Database.Database) {}

  /** Takes the table for this load. Error TABLA_OCUPADA (transient) when another load has it for longer than `waitMs`. */
  static async open(path: string, nombre: string, waitMs: number, signal?: AbortSignal): Promise<Ledger> {
    const limit = Date.now() + waitMs
    for (;;) {
      if (signal?.aborted) throw cancelled()
      const db = tryOpen(path)
      if (db) {
        const ledger = new Ledger(db)
        try {
          await ledger.recover()
          return ledger
        } catch (error) {
          ledger.close()
          throw error
        }
      }
      if (Date.now() >= limit) {
        throw new AppError('TABLA_OCUPADA', {
          kind: 'transient',
          message: `Otra carga está escribiendo «${nombre}».`,
          hint: 'Se reintenta sola.',
        })
      }
      await delay(POLL_MS)
    }
  }

  find(ejecucion: string, materializacion: string): LedgerEntry | null {
    return this.entry(
      'WHERE ejecucion = ? AND materializacion = ? ORDER BY n DESC LIMIT 1',
      ejecucion,
      materializacion,
    )
  }

  last(): LedgerEntry | null {
    return this.entry('ORDER BY n DESC LIMIT 1')
  }

  /** Control UUIDs of what was loaded, the last one first. */
  cargas(): string[] {
    return this.db.prepare('SELECT carga FROM cargas ORDER BY n DESC').pluck().all().map(String)
  }

  /** Notes that a load is to write beside the table. */
  begin(carga: string): void {
    this.db.prepare('INSERT OR IGNORE INTO comenzadas (carga) VALUES (?)').run(carga)
  }

  /** Loads that began and are not the table's; one whose switch is announced may yet be. */
  unfinished(): string[] {
    const sql =
      'SELECT carga FROM comenzadas WHERE carga NOT IN (SELECT carga FROM cargas) AND NOT EXISTS (SELECT 1 FROM pendiente)'
    return this.db.prepare(sql).pluck().all().map(String)
  }

  /** What they wrote is gone. */
  forget(cargas: readonly string[]): void {
    const drop = this.db.prepare('DELETE FROM comenzadas WHERE carga = ?')
    for (const carga of cargas) drop.run(carga)
  }

  /** Makes the new content the table's: announced, switched, written down. `swap` puts `from` under the name of `target`. */
  async switch(change: Switch, swap: () => Promise<void>): Promise<void> {
    const told = JSON.stringify({ ...change, identity: await identityOf(change.from) })
    this.db.prepare('INSERT OR REPLACE INTO pendiente (n, cambio) VALUES (1, ?)').run(told)
    await swap()
    this.write(change.entry)
  }

  close(): void {
    this.db.close()
  }

  private entry(where: string, ...values: string[]): LedgerEntry | null {
    const row = this.db
      .prepare(`SELECT entrada FROM cargas ${where}`)
      .pluck()
      .get(...values)
    return row === undefined ? null : entrySchema.parse(JSON.parse(String(row)))
  }

  private write(entry: LedgerEntry): void {
    this.db.transaction(() => {
      this.db
        .prepare('INSERT INTO cargas (ejecucion, materializacion, carga, en, entrada) VALUES (?, ?, ?, ?, ?)')
        .run(entry.ejecucion, entry.materializacion, entry.carga, entry.en, JSON.stringify(entry))
      this.db.prepare('DELETE FROM pendiente').run()
      this.forget([entry.carga])
    })()
  }

  private async recover(): Promise<void> {
    const row = this.db.prepare('SELECT cambio FROM pendiente').pluck().get()
    if (row === undefined) return
    const { entry, from, target, identity } = switchSchema.parse(JSON.parse(String(row)))
    // Where a rename can't take the place of what is there, the old was taken away first: only the new is left to put.
    if (!existsSync(target) && (await identityOf(from)) === identity) await rename(from, target)
    if ((await identityOf(target)) === identity) {
      this.write(entry)
      return
    }
    await rm(from, { recursive: true, force: true })
    this.db.prepare('DELETE FROM pendiente').run()
  }
}

/** A rename keeps the size and the time of a file, and where a link points to. */
async function identityOf(path: string): Promise<string | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  if (!found) return null
  return found.isSymbolicLink() ? `-> ${await readlink(path)}` : `${found.size} ${found.mtimeNs}`
}

function tryOpen(path: string): Database.Database | null {
  const db = new Database(path, { timeout: 0 })
  try {
    // Kept until it is closed, not only while something is written.
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec(`BEGIN EXCLUSIVE;
      CREATE TABLE IF NOT EXISTS cargas (n INTEGER PRIMARY KEY, ejecucion TEXT NOT NULL, materializacion TEXT NOT NULL,
        carga TEXT NOT NULL, en TEXT NOT NULL, entrada TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS cargas_de ON cargas (ejecucion, materializacion);
      CREATE TABLE IF NOT EXISTS comenzadas (carga TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS pendiente (n INTEGER PRIMARY KEY, cambio TEXT NOT NULL);
      COMMIT`)
    return db
  } catch (error) {
    db.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  }
}

/** The load of files that were there before any of ours. */
export const NO_LOAD = '00000000-0000-0000-0000-000000000000'

export const NO_COUNTS: Conteos = { leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 }
