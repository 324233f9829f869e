import { type Db, findEmisor, findPermiso } from '@engine/store'
import type { MetodoEnvio } from '@shared/model/emisor'

const METHOD_WORDS: Record<MetodoEnvio, string> = {
  local: 'carpeta vigilada',
  sftp: 'SFTP',
  bucket: 'bucket',
  email: 'correo',
  direct_upload: 'envío directo',
  api: 'API',
}

const known = (method: string): method is MetodoEnvio => Object.hasOwn(METHOD_WORDS, method)
const wordOf = (method: string): string => (known(method) ? METHOD_WORDS[method] : method)

/** Why a sender may not send to a casilla by a method, in words; null when it may. */
export function refusalOf(
  db: Db,
  { casillaId, emisorId, metodo }: { casillaId: number; emisorId: number; metodo: string },
): string | null {
  const emisor = findEmisor(db, emisorId)
  const nombre = `«${emisor?.nombre ?? emisorId}»`
  if (!emisor || emisor.eliminado_en !== null) return `El emisor ${nombre} se eliminó.`
  if (!emisor.is_active) return `El emisor ${nombre} está inactivo: activarlo para recibir lo que envía.`
  const permiso = findPermiso(db, casillaId, emisorId)
  if (!permiso) return `El emisor ${nombre} no tiene permiso para enviar a esta casilla.`
  if (permiso.metodos.some((one) => one === metodo)) return null
  const allowed = permiso.metodos.map(wordOf).join(', ')
  return `El emisor ${nombre} no puede enviar por ${wordOf(metodo)}: tiene permitido ${allowed}.`
}
