import { mkdir } from 'node:fs/promises'
import { pause } from '@engine/connectors/shared/abort'
import { joinPath } from '@engine/connectors/shared/paths'
import { AppError } from '@shared/errors/app-error'
import { lockTables } from '../../shared/table-locks'
import { type LedgerEntry, NO_LOAD, withFormer } from '../ledger'
import type { Change, Shelf, ShelfOptions } from '../shelf'
import { EMPTY, type Written } from '../write'
import { clean, dropOldVersions, dropOldWholes, intentOf, sweepStaging } from './clean'
import { type Commit, MOTOR, numbered, type RemoteFile } from './commits'
import { eachOf, unlessMissing } from './objects'
import { manifestSchema, RemoteSight } from './remote-sight'

const POLL_MS = 500
/** Numbers tried, when other loads take them, by one that only adds. */
const MOST_TURNS = 50

/** A table at a provider, held by one load of this process; those of others meet it when they are written down. */
export class ProviderShelf extends RemoteSight implements Shelf {
  private staged: RemoteFile[] = []
  /** Tells what is sent of a load of partitions. */
  private intent: string | null = null
  /** The load may be written down: what it sent is the table's, or is swept once it is old. */
  private isWritten = false
  private letGo: () => void = () => undefined
  /** Files that were there with no load written down. */
  private found: RemoteFile[] = []

  /**
   * Takes the table and ends what a load left half done. One of another process gets `waitMs` to end it itself.
   * @throws AppError TABLA_OCUPADA, CANCELLED, and those of `Connector`
   */
  async take({ waitMs, signal, ejecucion }: ShelfOptions): Promise<void> {
    const { connector } = this.objects
    this.letGo = await lockTables([`${connector.place}\n${this.remote.log}`], waitMs, signal)
    await mkdir(this.place.disposicion === 'archivo' ? this.place.base : this.place.path, { recursive: true })
    const limit = Date.now() + waitMs
    for (;;) {
      await this.refresh()
      if (!this.head || !(await this.isHalfDone(this.head.commit))) break
      const { commit } = this.head
      const isOurs = commit.motor === MOTOR || commit.entrada.ejecucion === ejecucion
      if (isOurs || Date.now() >= limit) await this.finish(commit)
      else await pause(POLL_MS, signal)
    }
    if (this.head) await this.requireMark(this.head.commit.entrada)
    else this.found = await this.remoteFiles()
    await sweepStaging(this.cleaning)
  }

  async find(ejecucion: string, materializacion: string): Promise<LedgerEntry | null> {
    const { last } = this
    if (last?.ejecucion === ejecucion && last.materializacion === materializacion) return last
    return this.log.findDone(ejecucion, materializacion, this.options)
  }

  async stage({ carga, files }: Written, onSent: (bytes: number) => void): Promise<void> {
    const { path, staging, disposicion } = this.remote
    const folder = disposicion === 'particiones' ? path : staging
    const sending = files.map((file) => ({ ...file, ruta: joinPath(folder, file.name) }))
    this.staged = sending.map(({ ruta, bytes }) => ({ ruta, bytes }))
    if (disposicion === 'particiones') {
      this.intent = intentOf(this.remote, carga)
      await this.objects.write(this.intent, { archivos: this.staged.map(({ ruta }) => ruta) }, this.options)
    }
    const sent = new Map<string, number>()
    await eachOf(sending, async ({ path: file, ruta }) => {
      const onProgress = (bytes: number): void => {
        sent.set(ruta, bytes)
        onSent([...sent.values()].reduce((sum, one) => sum + one, 0))
      }
      await this.objects.connector.write(ruta, { file }, { ...this.options, onProgress })
    })
  }

  async switch(change: Change, step: (what: string) => Promise<void>): Promise<void> {
    const { estrategia } = change.tabla
    const most = estrategia.tipo === 'full' ? estrategia.conservar : 0
    await step('anunciar el cambio')
    if (most > 0 && this.remote.disposicion === 'archivo') await this.keepOld()
    const commit = await this.writeDown(change)
    await step('cambiar los archivos')
    await this.finish(commit, () => step('anotar la carga'))
    await this.dropOld(estrategia.tipo === 'full', most)
  }

  /** The load is done: it is neither cancelled nor failed by what is old, which the next one finds. */
  private async dropOld(wholes: boolean, most: number): Promise<void> {
    const cleaning = { ...this.cleaning, options: {} }
    if (wholes && this.remote.disposicion === 'archivo')
      await dropOldWholes(cleaning, most).catch(() => undefined)
    await dropOldVersions(cleaning, most).catch(() => undefined)
  }

  override async close(): Promise<void> {
    try {
      if (!this.isWritten) await this.dropStaged()
      await super.close()
    } finally {
      this.letGo()
    }
  }

  /** As far as the provider answers: what stays is swept once it is old. */
  private async dropStaged(): Promise<void> {
    const sent = this.intent === null ? this.staged : [...this.staged, { ruta: this.intent }]
    // Cancelled or not: what was cancelled is not to stay.
    await clean({ ...this.cleaning, options: {} }, sent).catch(() => undefined)
  }

  private get cleaning() {
    return { objects: this.objects, log: this.log, remote: this.remote, options: this.options }
  }

  /** Takes the next number. One that only adds rows goes after whoever was first; any other began from what is no more. */
  private async writeDown(change: Change): Promise<Commit> {
    const { ejecucion, materializacion } = change.entry
    for (let turn = 1; turn <= MOST_TURNS; turn++) {
      const commit = this.commitOf(change)
      this.isWritten = true
      if (await this.log.add((this.head?.n ?? 0) + 1, commit, this.options)) return commit
      this.isWritten = false
      await this.refresh()
      if (this.head && (await this.isHalfDone(this.head.commit))) await this.finish(this.head.commit)
      else if (this.head) await this.requireMark(this.head.commit.entrada)
      const isTwice = (await this.find(ejecucion, materializacion)) !== null
      if (change.tabla.estrategia.tipo !== 'append' || isTwice) break
    }
    throw new AppError('TABLA_OCUPADA', {
      kind: 'transient',
      message: `Otra carga escribió «${this.remote.nombre}» mientras esta se preparaba.`,
      hint: 'Se reintenta sola.',
    })
  }

  private commitOf({ entry, written, tabla }: Change): Commit {
    const { disposicion, path, manifest, extension } = this.remote
    const before = this.head?.commit
    const adds = tabla.estrategia.tipo === 'append'
    const had = before ? before.filas : this.found.length === 0 ? 0 : null
    const base = {
      version: 1 as const,
      entrada: adds ? withFormer(entry, before?.entrada ?? null) : entry,
      filas: !adds ? written.filas : had === null ? null : had + written.filas,
      motor: MOTOR,
    }
    if (disposicion === 'particiones') {
      const there = before?.archivos ?? this.found
      const kept = adds ? there.filter(({ ruta }) => !ruta.endsWith(`/${EMPTY}`)) : []
      return { ...base, desde: null, hasta: manifest, archivos: [...kept, ...this.staged] }
    }
    const [staged] = this.staged
    if (!staged) throw new RangeError('Nothing was staged')
    const hasta = disposicion === 'cargas' ? joinPath(path, `${entry.carga}.${extension}`) : path
    return { ...base, desde: staged.ruta, hasta, archivos: [{ ruta: hasta, bytes: staged.bytes }] }
  }

  private async isHalfDone({ desde, entrada }: Commit): Promise<boolean> {
    if (desde !== null) return (await this.objects.stat(desde, this.options)) !== null
    const told = await this.objects.read(this.remote.manifest, manifestSchema, this.options)
    return told?.carga !== entrada.carga
  }

  /** What follows once a load is written down; done again it changes nothing. It is not cancelled: the load is done. */
  private async finish(commit: Commit, beforeMark?: () => Promise<void>): Promise<void> {
    const { desde, hasta, entrada, archivos } = commit
    if (desde === null) {
      const below = this.remote.path.length + 1
      const names = archivos.map(({ ruta }) => ruta.slice(below))
      await this.objects.write(hasta, { version: 1, carga: entrada.carga, archivos: names }, {})
      const newest = await this.log.last({})
      if (newest && newest.commit.entrada.carga !== entrada.carga && (await this.isHalfDone(newest.commit)))
        await this.finish(newest.commit)
      await this.objects.connector.remove(intentOf(this.remote, entrada.carga))
    } else await unlessMissing(this.objects.connector.move(desde, hasta))
    await beforeMark?.()
    await this.log.markDone(entrada, {})
  }

  /** A cut may have left a load in its place and out of what is known for good. */
  private async requireMark(entrada: LedgerEntry): Promise<void> {
    const { ejecucion, materializacion } = entrada
    const done = await this.log.findDone(ejecucion, materializacion, this.options)
    if (done?.carga !== entrada.carga) await this.log.markDone(entrada, this.options)
  }

  /** The whole file that FULL replaces, under the number and the UUID of its load. */
  private async keepOld(): Promise<void> {
    const { path, kept, extension } = this.remote
    const name = `${numbered(this.head?.n ?? 0)}-${this.last?.carga ?? NO_LOAD}.${extension}`
    const target = joinPath(kept, name)
    await unlessMissing(this.objects.connector.copy(path, target, this.options))
  }
}
