import type { OperationName } from '@shared/contract'
import type { EstadoSecretos, SecretoInfo } from '@shared/model/secreto'

const NAMES = [
  'Almacén de ventas de la cadena de supermercados del sur oriente, solo lectura',
  'Base de datos de facturación',
  'Bucket de entregas',
]
const TYPES = ['s3', 'base_datos', 'minio', 'sftp', 'gcs', 'azure', 'otro'] as const
const VALUES = { s3: ['accessKeyId', 'secretAccessKey', 'sessionToken'], minio: ['accessKey', 'secretKey'] }
const STATES = ['por_vencer', 'vencido', 'vigente', 'sin_plazo', 'por_rotar'] as const

function secreto(id: number): SecretoInfo {
  const tipo = TYPES[(id - 1) % TYPES.length] ?? 'otro'
  const estado = STATES[(id - 1) % STATES.length] ?? 'vigente'
  const names = tipo === 's3' || tipo === 'minio' ? VALUES[tipo] : ['password']
  return {
    id,
    nombre: id <= 3 ? (NAMES[id - 1] ?? '') : `Secreto ${id}`,
    tipo,
    descripcion: id % 2 ? 'Lo renueva el equipo de infraestructura cada trimestre' : '',
    valores: names.map((nombre) => ({ nombre, huella: '8c0f1d2e', cambiadoEn: '2026-11-24T15:00:00Z' })),
    venceEn: estado === 'sin_plazo' ? null : '2026-12-01',
    rotarCadaDias: estado === 'por_rotar' ? 90 : null,
    recordarDias: 14,
    vigencia: { estado, dias: estado === 'sin_plazo' ? null : estado === 'vencido' ? -3 : 5 },
    creadoEn: '2026-11-01T12:00:00Z',
    actualizadoEn: '2026-11-24T15:00:00Z',
    rotadoEn: '2026-11-24T15:00:00Z',
    usadoPor: id % 2 ? [{ secretoId: id, tipo: 'proveedor', id: 1, nombre: 'Entregas de sucursales' }] : [],
    legible: id % 7 !== 3,
  }
}

const STANDING: Record<string, Partial<EstadoSecretos>> = {
  vacia: { situacion: 'sin_llavero', lugar: null, claveDesde: null },
  primera: { situacion: 'por_crear', lugar: null, claveDesde: null },
  bloqueada: { situacion: 'boveda_bloqueada', lugar: 'boveda' },
  boveda: { lugar: 'boveda' },
  perdida: { situacion: 'clave_perdida' },
  tres: { ilegibles: 1 },
}

/** Credentials of the made-up engine; `?escena=bloqueada|boveda|perdida` show the key elsewhere. */
export function secretoAnswers(scene: string): Partial<Record<OperationName, (input: never) => unknown>> {
  const n = { vacia: 0, primera: 0, muchas: 10_000 }[scene] ?? 3
  const disponible = scene !== 'vacia'
  const motivo = 'Cannot autolaunch D-Bus without X11 $DISPLAY'
  const estado: EstadoSecretos = {
    ...{ situacion: 'lista', lugar: 'keytar', claveDesde: '2026-11-01T12:00:00Z', ilegibles: 0, secretos: n },
    llavero: { disponible, lugar: disponible ? 'keytar' : null, motivo: disponible ? null : motivo },
    ...STANDING[scene],
  }
  return {
    'secretos.list': () => ({ items: Array.from({ length: n }, (_, index) => secreto(index + 1)) }),
    'secretos.estado': () => estado,
    'secretos.create': () => secreto(1),
    'secretos.update': () => secreto(1),
    'secretos.remove': () => ({ ok: true }),
    'secretos.rotarClave': () => ({ lugar: 'keytar', secretos: n, ilegibles: 0 }),
  }
}
