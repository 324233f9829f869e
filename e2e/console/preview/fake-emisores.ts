import type { OperationInput, OperationName } from '@shared/contract'
import type { Espera } from '@shared/model/calendario'
import type { Emisor, Permiso } from '@shared/model/emisor'
import { uuid } from './fake-data'

const NAMES = ['Distribuidora Ñusta del Altiplano S.A.C.', 'Norte', 'Cadena de supermercados del sur oriente']
const TYPES = ['distribuidora', 'interno', 'cadena mt'] as const
const STATES = ['atrasado', 'al_dia', 'pendiente', 'sin_frecuencia'] as const

const emisor = (id: number): Emisor => ({
  id,
  nombre: id <= 3 ? (NAMES[id - 1] ?? '') : `Emisor ${id}`,
  organizacion: id % 2 ? 'Grupo empresarial del norte' : '',
  tipo: TYPES[(id - 1) % 3] ?? 'otros',
  codigoInterno: `e-${String(id).padStart(4, '0')}`,
  email: 'datos@norte.pe',
  telefono: '+51 1 555 0100',
  activo: id % 4 !== 3,
  casillas: [
    { id: 1, nombre: 'Distribuidora - canal tradicional' },
    { id: 2, nombre: 'Inventarios' },
  ].slice(0, id % 3),
  ultimoEnvio: id % 2 ? '2026-11-24T15:00:00Z' : null,
  creadoEn: '2026-11-01T12:00:00Z',
})

const permiso = (casillaId: number, id: number): Permiso => ({
  casillaId,
  emisorId: id,
  emisorNombre: emisor(id).nombre,
  emisorActivo: emisor(id).activo,
  organizacion: emisor(id).organizacion,
  metodos: id % 2 ? ['local', 'sftp', 'email'] : ['direct_upload'],
  subdirectorio: id % 2 ? `sucursales/norte-${id}` : '',
  responsable: { nombre: 'Ana Quispe', email: 'ana@norte.pe', telefono: '999 888 777', activo: true },
  frecuencia: id % 3 === 0 ? { tipo: 'mensual', hora: '10:00', dias_mes: [1, 10, 20, 31] } : null,
  puntualidad: {
    estado: STATES[(id - 1) % 4] ?? 'al_dia',
    ultimoEnvio: '2026-11-24T15:00:00Z',
    ultimaEsperada: '2026-11-24T23:00:00Z',
    proximaEsperada: id % 4 ? '2026-11-25T23:00:00Z' : null,
    minutosTarde: id % 4 === 1 ? 2900 : 0,
  },
})

const DAY = 86_400_000

/** Three casillas that expect something every day, or many once a week. */
function esperas(desde: string, hasta: string, many: boolean): Espera[] {
  const today = new Date().toISOString().slice(0, 10)
  const found: Espera[] = []
  for (let time = Date.parse(desde); time <= Date.parse(hasta); time += DAY) {
    const dia = new Date(time).toISOString().slice(0, 10)
    const weekday = new Date(time).getUTCDay()
    for (let n = 1; n <= (many ? 40 : 3); n++) {
      if (many ? weekday !== 1 && n > 2 : n === 3 && weekday !== 1) continue
      const past = dia < today
      const estado = !past ? 'pendiente' : (n + weekday) % 6 === 0 ? 'falto' : 'recibido'
      const late = estado === 'recibido' && (n + weekday) % 5 === 0 ? 130 : 0
      found.push({
        casillaId: n,
        casillaNombre: n === 2 ? 'Inventarios' : 'Distribuidora - canal tradicional',
        emisorId: n === 2 ? null : n,
        emisorNombre: n === 2 ? null : emisor(n).nombre,
        fecha: `${dia}T23:00:00Z`,
        dia,
        hora: '18:00',
        estado: time + DAY === Date.parse(today) && n === 1 ? 'atrasado' : estado,
        minutosTarde: estado === 'falto' ? 2900 : late,
        recibidoEn: estado === 'recibido' ? `${dia}T20:00:00Z` : null,
        archivo: estado === 'recibido' ? 'diario.zip' : null,
        archivoId: null,
        executionId: estado === 'recibido' ? uuid(n) : null,
        resultado: null,
      })
    }
  }
  return found
}

function calendar(input: OperationInput<'calendario.list'>, many: boolean) {
  const all = esperas(input.desde, input.hasta, many).filter(
    (one) => input.casillaId === undefined || one.casillaId === input.casillaId,
  )
  const dias = [...new Set(all.map(({ dia }) => dia))].map((dia) => {
    const own = all.filter((one) => one.dia === dia)
    const count = (estado: Espera['estado']) => own.filter((one) => one.estado === estado).length
    const tarde = own.filter((one) => one.estado === 'recibido' && one.minutosTarde > 0).length
    return {
      ...{ dia, tarde, recibido: count('recibido'), pendiente: count('pendiente') },
      ...{ atrasado: count('atrasado'), falto: count('falto') },
    }
  })
  const found = all.filter((one) => input.estado === undefined || one.estado === input.estado)
  const from = input.offset ?? 0
  return { items: found.slice(from, from + (input.limit ?? 500)), total: found.length, dias }
}

/** Senders, permissions and dates of the made-up engine. */
export function emisorAnswers(scene: string): Partial<Record<OperationName, (input: never) => unknown>> {
  const many = scene === 'muchas'
  const none = scene === 'vacia' || scene === 'primera'
  const ids = (n: number) => Array.from({ length: none ? 0 : n }, (_, index) => index + 1)
  return {
    'emisores.list': () => ({ items: ids(many ? 10_000 : 3).map(emisor) }),
    'emisores.create': () => emisor(1),
    'emisores.update': () => emisor(1),
    'emisores.remove': () => ({ ok: true }),
    'casillas.permisos': ({ casillaId }: OperationInput<'casillas.permisos'>) => ({
      items: ids(many ? 500 : 3).map((id) => permiso(casillaId, id)),
    }),
    'casillas.guardarPermiso': ({ casillaId, emisorId }: OperationInput<'casillas.guardarPermiso'>) =>
      permiso(casillaId, emisorId),
    'casillas.quitarPermiso': () => ({ ok: true }),
    'calendario.list': (input: OperationInput<'calendario.list'>) =>
      none ? { items: [], total: 0, dias: [] } : calendar(input, many),
    'frecuencia.proximas': ({ cuantas = 8 }: OperationInput<'frecuencia.proximas'>) => ({
      fechas: Array.from({ length: cuantas }, (_, n) => new Date(Date.now() + (n + 1) * DAY).toISOString()),
    }),
  }
}
