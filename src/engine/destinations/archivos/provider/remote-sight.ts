import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cancellable } from '@engine/connectors'
import { joinPath } from '@engine/connectors/shared/paths'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { z } from 'zod'
import type { LedgerEntry } from '../ledger'
import { type Place, placeIn } from '../place'
import type { Known, Sight } from '../shelf'
import { type Commit, CommitLog, type RemoteFile } from './commits'
import { eachOf, listAll, type Objects } from './objects'
import { type RemotePlace, remotePlaceOf } from './remote-place'

export const manifestSchema = z.object({
  version: z.literal(1),
  carga: z.string(),
  /** Below the folder of the table. */
  archivos: z.array(z.string()),
})

/** A table of a provider, as it was when it was looked at. */
export class RemoteSight implements Sight {
  readonly place: Place
  readonly remote: RemotePlace
  readonly log: CommitLog
  protected head: { n: number; commit: Commit } | null = null

  constructor(
    protected readonly objects: Objects,
    carpeta: string,
    readonly tabla: TablaMaterializada,
    protected readonly options: Cancellable,
    /** Of this machine, for this load alone. */
    private readonly dir: string,
  ) {
    this.remote = remotePlaceOf(carpeta, tabla)
    this.place = placeIn(join(dir, 'destino'), tabla)
    this.log = new CommitLog(objects, this.remote.log)
  }

  async refresh(): Promise<void> {
    this.head = await this.log.last(this.options)
  }

  get last(): LedgerEntry | null {
    return this.head?.commit.entrada ?? null
  }

  /** Those of the provider, with nothing brought. */
  async remoteFiles(): Promise<RemoteFile[]> {
    const { disposicion, path, extension, manifest } = this.remote
    if (disposicion === 'archivo') {
      const found = await this.objects.stat(path, this.options)
      return found?.kind === 'file' ? [{ ruta: path, bytes: found.bytes }] : []
    }
    if (disposicion === 'cargas') {
      const entries = await listAll(this.objects.connector, path, this.options)
      return entries
        .filter((entry) => entry.kind === 'file' && entry.path.endsWith(`.${extension}`))
        .map((entry) => ({ ruta: entry.path, bytes: entry.bytes }))
        .sort((a, b) => (a.ruta < b.ruta ? -1 : 1))
    }
    if (this.head) return this.head.commit.archivos
    // Without its loads: whoever took them away left at least what readers go by.
    const told = await this.objects.read(manifest, manifestSchema, this.options)
    return (told?.archivos ?? []).map((name) => ({ ruta: joinPath(path, name), bytes: 0 }))
  }

  async files(): Promise<string[]> {
    const files = await this.remoteFiles()
    // Nothing of a workbook is read back.
    if (this.remote.extension === 'xlsx') return files.map(() => this.place.path)
    const brought = new Map<string, string>()
    await eachOf(files, async ({ ruta }) => {
      const file = await this.objects.bring(ruta, this.options)
      if (file !== null) brought.set(ruta, file)
    })
    return files.flatMap(({ ruta }) => brought.get(ruta) ?? [])
  }

  async known({ estrategia: { tipo } }: TablaMaterializada): Promise<Known | null> {
    if (!this.head || this.remote.extension === 'xlsx') return null
    const { entrada, filas, archivos } = this.head.commit
    const known: Known = { columnas: entrada.columnas, filas }
    if (tipo === 'append') return known
    if (filas === null || (tipo !== 'full' && tipo !== 'truncate_insert')) return null
    // A file that somebody put in its place is not what the load says.
    const [now] = this.remote.disposicion === 'archivo' ? await this.remoteFiles() : archivos
    return now?.bytes === archivos[0]?.bytes ? known : null
  }

  async close(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true })
  }
}
