import { stat } from 'node:fs/promises'
import { basename, isAbsolute, join, parse } from 'node:path'
import { type Connector, download, type Entry } from '@engine/connectors'
import { type Db, writeAuditoria } from '@engine/store'
import type { OperationOutput, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { EntradaProveedor, VistaPrevia } from '@shared/model/proveedor'
import { chosenPath } from './configuracion'
import { conexionOf, type Proveedores, type ProveedoresDeps, requireProveedor } from './proveedores'
import { preview } from './vista-previa'

const PROGRESS_MS = 100
/** Names tried beside one that is taken. */
const MAX_COPIES = 1_000

const toEntrada = ({ path, kind, bytes, modified, etag }: Entry): EntradaProveedor => ({
  ruta: path,
  clase: kind === 'folder' ? 'carpeta' : 'archivo',
  bytes,
  modificado: modified,
  etag,
})

const cannot = (what: string): AppError =>
  new AppError('REMOTE_UNSUPPORTED', {
    kind: 'unsupported',
    message: `Este tipo de proveedor no admite ${what}.`,
  })

/** What a person does inside a provider. Each throws PROVEEDOR_NOT_FOUND, what its credential and its connector throw, and CANCELLED. */
export class Explorador {
  constructor(
    private readonly deps: Pick<ProveedoresDeps, 'store' | 'emit'>,
    private readonly proveedores: Proveedores,
  ) {}

  private over<T>(id: number, work: (connector: Connector) => Promise<T>): Promise<T> {
    const conexion = conexionOf(requireProveedor(this.deps.store.db, id))
    return this.proveedores.conexiones.use(id, conexion, work)
  }

  private async note(accion: string, id: number, detalle: Record<string, unknown>): Promise<void> {
    await this.deps.store.write((tx: Db) => {
      const entry = { accion, objeto: 'proveedor', objetoId: String(id), detalle }
      writeAuditoria(tx, entry, new Date().toISOString())
    })
  }

  explorar(
    { id, ruta, cursor, limite }: OperationParams<'proveedores.explorar'>,
    signal: AbortSignal,
  ): Promise<OperationOutput<'proveedores.explorar'>> {
    return this.over(id, async (connector) => {
      const page = await connector.list(ruta, { cursor, limit: limite, signal })
      const puede = {
        enlace: connector.presign !== undefined,
        crearContenedor: connector.makeContainer !== undefined,
      }
      return { items: page.entries.map(toEntrada), cursor: page.cursor, puede }
    })
  }

  vistaPrevia(
    { id, ruta }: OperationParams<'proveedores.vistaPrevia'>,
    signal: AbortSignal,
  ): Promise<VistaPrevia> {
    return this.over(id, (connector) => preview(connector, ruta, signal))
  }

  /** @throws AppError REMOTE_EXISTS when it is there and may not be replaced; FILE_NOT_FOUND, FILE_CHANGED */
  async subir(
    { id, carpeta, lugar, reemplazar, transferencia }: OperationParams<'proveedores.subir'>,
    signal: AbortSignal,
  ): Promise<OperationOutput<'proveedores.subir'>> {
    const file = chosenPath(lugar)
    const total = await stat(file).then(
      ({ size }) => size,
      () => null,
    )
    const ruta = [carpeta.replace(/\/$/, ''), basename(file)].filter((part) => part !== '').join('/')
    const onProgress = this.telling(id, transferencia)
    const sent = await this.over(id, (connector) =>
      connector.write(
        ruta,
        { file },
        { signal, ifAbsent: !reemplazar, onProgress: (bytes) => onProgress(bytes, total) },
      ),
    )
    await this.note('proveedor.subido', id, { ruta, bytes: sent.bytes, sha256: sent.sha256 })
    return { ruta, bytes: sent.bytes, sha256: sent.sha256 }
  }

  async descargar(
    { id, ruta, lugar, transferencia }: OperationParams<'proveedores.descargar'>,
    signal: AbortSignal,
  ): Promise<OperationOutput<'proveedores.descargar'>> {
    const archivo = await freeName(chosenPath(lugar), basename(ruta))
    const { bytes, sha256 } = await this.over(id, (connector) =>
      download(connector, ruta, archivo, { signal, onProgress: this.telling(id, transferencia) }),
    )
    await this.note('proveedor.descargado', id, { ruta, bytes, sha256 })
    return { archivo, bytes, sha256 }
  }

  async eliminar({ id, ruta }: OperationParams<'proveedores.eliminar'>, signal: AbortSignal): Promise<void> {
    await this.over(id, (connector) => connector.remove(ruta, { signal }))
    await this.note('proveedor.archivo_eliminado', id, { ruta })
  }

  /** @throws AppError REMOTE_UNSUPPORTED */
  async enlace(
    { id, ruta, segundos }: OperationParams<'proveedores.enlace'>,
    signal: AbortSignal,
  ): Promise<OperationOutput<'proveedores.enlace'>> {
    const url = await this.over(id, async (connector) => {
      if (connector.presign === undefined) throw cannot('enlaces que vencen')
      return connector.presign(ruta, segundos, { signal })
    })
    const venceEn = new Date(Date.now() + segundos * 1000).toISOString()
    // Not the link: whoever has it reads the file.
    await this.note('proveedor.enlace', id, { ruta, venceEn })
    return { url, venceEn }
  }

  /** @throws AppError REMOTE_UNSUPPORTED, REMOTE_EXISTS */
  async crearContenedor(id: number, signal: AbortSignal): Promise<void> {
    await this.over(id, async (connector) => {
      if (connector.makeContainer === undefined) throw cannot('crear contenedores')
      await connector.makeContainer({ signal })
    })
    await this.note('proveedor.contenedor_creado', id, {})
  }

  /** Tells at most ten times a second, and the end always. */
  private telling(proveedorId: number, transferencia: string): (bytes: number, total: number | null) => void {
    let last = 0
    return (bytes, total) => {
      const now = performance.now()
      if (now - last < PROGRESS_MS && bytes !== total) return
      last = now
      this.deps.emit('proveedores.transferencia', { transferencia, proveedorId, bytes, total })
    }
  }
}

/** The name in the folder, or with a number when it is taken. @throws AppError PROVEEDOR_PLACE */
async function freeName(folder: string, name: string): Promise<string> {
  const there = await stat(folder).catch(() => null)
  if (!isAbsolute(folder) || !there?.isDirectory()) {
    throw new AppError('PROVEEDOR_PLACE', {
      kind: 'input',
      message: `No se encuentra la carpeta «${folder}».`,
      hint: 'Elegir una carpeta que exista.',
    })
  }
  // What a server allows in a name some systems do not.
  const { name: stem, ext } = parse(name.replace(/[<>:"|?*\\]/g, '_'))
  for (let n = 1; n <= MAX_COPIES; n++) {
    const path = join(folder, n === 1 ? `${stem}${ext}` : `${stem} (${n})${ext}`)
    const taken = await stat(path).catch(() => null)
    if (taken === null) return path
  }
  throw new AppError('PROVEEDOR_PLACE', {
    kind: 'conflict',
    message: `Ya hay demasiados archivos llamados «${name}» en «${folder}».`,
    hint: 'Elegir otra carpeta.',
  })
}
