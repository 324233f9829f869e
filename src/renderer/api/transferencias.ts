import type { EventPayload } from '@shared/contract'
import type { AppErrorData } from '@shared/errors/app-error'
import { call, toCallError } from './client'
import { createStore } from './store'

/** A file on its way to or from a provider, as the person at this window asked for it. */
export interface Transferencia {
  id: string
  sentido: 'subir' | 'descargar'
  proveedor: string
  archivo: string
  bytes: number
  /** null until it is known. */
  total: number | null
  estado: 'en_curso' | 'lista' | 'fallida' | 'cancelada'
  /** Where it came to lie; of one that failed, why. */
  donde: string | null
  error: AppErrorData | null
}

/** Newest first: what the tray lists. */
export const transferenciaStore = createStore<readonly Transferencia[]>([])

const MOST = 20
const running = new Map<string, AbortController>()

const change = (id: string, part: Partial<Transferencia>) =>
  transferenciaStore.set((rows) => rows.map((row) => (row.id === id ? { ...row, ...part } : row)))

export const onTransferencia = ({ transferencia, bytes, total }: EventPayload<'proveedores.transferencia'>) =>
  change(transferencia, total === null ? { bytes } : { bytes, total })

export const cancelTransferencia = (id: string) => running.get(id)?.abort()

export const dismissTransferencia = (id: string) =>
  transferenciaStore.set((rows) => rows.filter((row) => row.id !== id))

type Asked = Pick<Transferencia, 'sentido' | 'proveedor' | 'archivo' | 'total'>

/** Follows a transfer to its end, which the tray shows. Gives what it left, or why it did not; null when it was cancelled. */
async function follow<T>(
  asked: Asked,
  run: (transferencia: string, signal: AbortSignal) => Promise<T>,
  dondeDe: (done: T) => string,
): Promise<{ done: T } | { error: AppErrorData } | null> {
  const id = crypto.randomUUID()
  const abort = new AbortController()
  running.set(id, abort)
  const row: Transferencia = { ...asked, id, bytes: 0, estado: 'en_curso', donde: null, error: null }
  transferenciaStore.set((rows) => [row, ...rows].slice(0, MOST))
  try {
    const done = await run(id, abort.signal)
    change(id, { estado: 'lista', donde: dondeDe(done) })
    return { done }
  } catch (caught) {
    const error = toCallError(caught).data
    if (abort.signal.aborted) {
      change(id, { estado: 'cancelada' })
      return null
    }
    // It is asked about, not told as a failure.
    if (error.code === 'REMOTE_EXISTS') dismissTransferencia(id)
    else change(id, { estado: 'fallida', error })
    return { error }
  } finally {
    running.delete(id)
  }
}

interface Proveedor {
  id: number
  nombre: string
}

export interface Subida {
  file: { token: string; name: string; bytes: number }
  carpeta: string
  reemplazar: boolean
}

/** Sends a file into a folder; REMOTE_EXISTS when one of its name is there and may not be replaced. */
export const subir = (proveedor: Proveedor, { file, carpeta, reemplazar }: Subida) =>
  follow(
    { sentido: 'subir', proveedor: proveedor.nombre, archivo: file.name, total: file.bytes },
    (transferencia, signal) =>
      call(
        'proveedores.subir',
        { id: proveedor.id, carpeta, lugar: { token: file.token }, reemplazar, transferencia },
        signal,
      ),
    ({ ruta }) => `${proveedor.nombre}: ${ruta}`,
  )

/** Brings a file into a folder of this machine. */
export const descargar = (
  proveedor: Proveedor,
  { ruta, bytes }: { ruta: string; bytes: number },
  carpeta: string,
) =>
  follow(
    {
      ...{ sentido: 'descargar', proveedor: proveedor.nombre, total: bytes },
      archivo: ruta.split('/').at(-1) ?? ruta,
    },
    (transferencia, signal) =>
      call(
        'proveedores.descargar',
        { id: proveedor.id, ruta, lugar: { token: carpeta }, transferencia },
        signal,
      ),
    ({ archivo }) => archivo,
  )
