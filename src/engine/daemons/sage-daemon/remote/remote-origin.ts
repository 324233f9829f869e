import { randomUUID } from 'node:crypto'
import { type Connector, download } from '@engine/connectors'
import { joinPath, parentOf } from '@engine/connectors/shared/paths'
import type { Log } from '@engine/logging'
import { type ArchivoRow, type CasillaRow, type Store, setReclamo } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { MetodoEnvio } from '@shared/model/emisor'
import type { OwnFolder } from '../names'
import type { Changed, Copied, Fault, FoundFile, Origin } from '../origin'
import { type Address, addressOf, below, parseAddress } from './address'
import { type Claimed, Claims } from './claims'
import { PrefixSight, remoteHuella } from './prefix-sight'
import type { ProviderPool } from './provider-pool'
import { moveRemote } from './take-away'

/** In a tag, what an original was taken for: a casilla that tags leaves it where it is. */
export const TAG = 'sage-estado'

/** Faults of the file itself, or of the way it is written; those of the place are waited for. */
const OF_THE_FILE = new Set(['REMOTE_CORRUPT', 'REMOTE_NOT_A_FILE', 'REMOTE_PATH_INVALID', 'REMOTE_CHANGED'])
/** Of a place that a person must mend: not asked every few seconds. */
const MEND_MS = 60_000

interface RemoteOriginDeps {
  store: Store
  log: Log
  pool: ProviderPool
  times: { reachMs: number; claimMs: number }
}

/** The prefixes of providers. Others may watch them too, so a file is claimed there before it is read. */
export class RemoteOrigin implements Origin {
  private readonly claims: Claims
  private readonly renewing: NodeJS.Timeout

  constructor(private readonly deps: RemoteOriginDeps) {
    this.claims = new Claims(deps.times.claimMs)
    this.renewing = setInterval(() => void this.renew(), deps.times.claimMs / 3)
    this.renewing.unref()
  }

  close(): void {
    clearInterval(this.renewing)
  }

  sight({ proveedor_id, prefijo, vigilancia }: CasillaRow): PrefixSight {
    const { pool, times } = this.deps
    const proveedorId = proveedor_id ?? 0
    return new PrefixSight({
      ...{ proveedorId, prefijo: prefijo ?? '', vigilancia, reachMs: times.reachMs },
      open: () => pool.get(proveedorId),
    })
  }

  async metodo({ proveedor_id }: CasillaRow): Promise<MetodoEnvio> {
    const { kind } = await this.deps.pool.get(proveedor_id ?? 0)
    return kind === 'sftp' ? 'sftp' : 'bucket'
  }

  /** Who sends makes them: an object store has none, and a server may not let us. */
  makeSubfolders(): Promise<void> {
    return Promise.resolve()
  }

  async stillThere(path: string): Promise<boolean> {
    const address = addressIn(path)
    const connector = await this.deps.pool.get(address.proveedorId)
    return (await this.standing(connector, address.path)) !== null
  }

  async hold(row: ArchivoRow, casilla: CasillaRow | null): Promise<Fault | null> {
    const file = await this.claimed(row, casilla)
    if (!(await this.claims.take(file))) {
      const ms = casilla?.vigilancia.sondeoMs ?? this.deps.times.reachMs
      return { as: 'waits', motivo: 'Otra instancia de SAGE lo está recibiendo.', ms }
    }
    const taken = await this.tagged(row, casilla, file.connector)
    if (taken === null) return null
    const motivo = `Otra instancia de SAGE ya lo recibió: tiene la etiqueta «${TAG}: ${taken}».`
    return { as: 'gone', motivo, rutaFinal: row.ruta }
  }

  async release(row: ArchivoRow, casilla: CasillaRow | null): Promise<void> {
    if (row.reclamo_remoto === null) return
    await this.claimed(row, casilla)
      .then((file) => this.claims.release(file))
      .catch((error: unknown) =>
        this.deps.log.warn('intake.claim', 'No se pudo soltar el reclamo de un archivo', {
          archivoId: row.id,
          error,
        }),
      )
  }

  async fetch(
    row: ArchivoRow,
    _casilla: CasillaRow | null,
    target: string,
    signal: AbortSignal,
  ): Promise<Copied | Changed> {
    const { proveedorId, path } = addressIn(row.ruta)
    const connector = await this.deps.pool.get(proveedorId)
    const before = await connector.stat(path, { signal })
    if (remoteHuella(before) !== row.huella) return { changed: foundRemote(before) }
    const { bytes, sha256, etag } = await download(connector, path, target, { signal })
    const got = { bytes, etag }
    if (remoteHuella(got) === row.huella) return { bytes, sha256 }
    return { changed: foundRemote({ ...got, modified: null }) }
  }

  faultOf(_row: ArchivoRow, error: unknown): Promise<Fault> {
    return Promise.resolve(faultOf(error))
  }

  async takeAway(
    row: ArchivoRow,
    casilla: CasillaRow | null,
    folder: OwnFolder,
    stamped: string,
  ): Promise<string> {
    const { proveedorId, path } = addressIn(row.ruta)
    const connector = await this.deps.pool.get(proveedorId)
    if (casilla?.al_terminar === 'etiquetar' && connector.setTags) {
      const now = await this.standing(connector, path)
      if (now === null || remoteHuella(now) !== row.huella) return ''
      const tags = (await connector.getTags?.(path)) ?? {}
      await connector.setTags(path, { ...tags, [TAG]: folder })
      return row.ruta
    }
    const moved = await moveRemote({
      ...{ connector, path, huella: row.huella, bytes: row.bytes, sha256: row.sha256, stamped },
      folder: joinPath(folderOf(row, casilla), folder),
    })
    return moved === '' ? '' : addressOf({ proveedorId, path: moved })
  }

  async lookAgain(row: ArchivoRow): Promise<(FoundFile & { ruta: string }) | null> {
    const ruta = row.ruta_final || row.ruta
    const { proveedorId, path } = addressIn(ruta)
    const connector = await this.deps.pool.get(proveedorId)
    const there = await this.standing(connector, path)
    return there ? { ruta, ...foundRemote(there) } : null
  }

  private standing(connector: Connector, path: string) {
    return connector.stat(path).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'REMOTE_NOT_FOUND') return null
      throw error
    })
  }

  private async tagged(
    row: ArchivoRow,
    casilla: CasillaRow | null,
    connector: Connector,
  ): Promise<string | null> {
    if (casilla?.al_terminar !== 'etiquetar') return null
    const tags = await connector.getTags?.(addressIn(row.ruta).path)
    return tags?.[TAG] ?? null
  }

  /** Its token is in the store before it is at the provider: whoever dies in between knows its own claim again. */
  private async claimed(row: ArchivoRow, casilla: CasillaRow | null): Promise<Claimed> {
    const { proveedorId, path } = addressIn(row.ruta)
    const folder = folderOf(row, casilla)
    const token = row.reclamo_remoto ?? randomUUID()
    if (row.reclamo_remoto === null) await this.deps.store.write((tx) => setReclamo(tx, row.id, token))
    const connector = await this.deps.pool.get(proveedorId)
    return { connector, folder, relative: below(folder, path) ?? path, token }
  }

  private async renew(): Promise<void> {
    for (const { relative } of await this.claims.renew()) {
      const text = 'Otra instancia tomó un archivo que esta tardó demasiado en renovar'
      this.deps.log.warn('intake.claim', text, { archivo: relative })
    }
  }
}

function addressIn(ruta: string): Address {
  const address = parseAddress(ruta)
  if (address) return address
  throw new AppError('NOT_REMOTE', { kind: 'bug', message: `«${ruta}» no es de un proveedor.` })
}

/** The casilla's prefix when the file was found below it; the file's own folder when the casilla's has changed since. */
function folderOf(row: ArchivoRow, casilla: CasillaRow | null): string {
  const { proveedorId, path } = addressIn(row.ruta)
  const prefijo = casilla?.proveedor_id === proveedorId ? casilla.prefijo : null
  return prefijo !== null && below(prefijo, path) !== null ? prefijo : parentOf(path)
}

const foundRemote = (entry: { bytes: number; etag: string | null; modified: string | null }): FoundFile => ({
  bytes: entry.bytes,
  huella: remoteHuella(entry),
  modificadoEn: entry.modified ?? new Date().toISOString(),
})

function faultOf(error: unknown): Fault {
  const failure = AppError.from(error)
  if (failure.code === 'REMOTE_NOT_FOUND')
    return {
      as: 'gone',
      motivo: 'Ya no estaba en el proveedor cuando le tocó: otra instancia lo recibió, o alguien lo retiró.',
    }
  const ofThePlace = /^(REMOTE|HOST_KEY|PROVIDER|PROVEEDOR|SECRETO|VAULT|KEYCHAIN)_/.test(failure.code)
  if (!ofThePlace || OF_THE_FILE.has(failure.code)) return { as: 'failed', error: failure.toData() }
  return { as: 'waits', motivo: failure.message, ...(failure.retryable ? {} : { ms: MEND_MS }) }
}
