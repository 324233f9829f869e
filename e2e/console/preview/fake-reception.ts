import type { OperationInput, OperationName } from '@shared/contract'
import type { Casilla } from '@shared/model/casilla'
import type { ArchivoRecibido, CasillaRecepcion } from '@shared/model/recepcion'
import { uuid } from './fake-data'

const STATES = ['vigilando', 'sin_carpeta', 'inactiva', 'pausada', 'sin_acceso'] as const

/** Each casilla stands in another way, the first one at work. */
export const recepcion = (casilla: Casilla): CasillaRecepcion => {
  const estado = casilla.id === 1 ? 'vigilando' : (STATES[(casilla.id - 1) % STATES.length] ?? 'vigilando')
  return {
    casillaId: casilla.id,
    estado,
    motivo: estado === 'sin_acceso' ? 'La carpeta no existe o no está conectada.' : null,
    enCola: casilla.id === 1 ? 12 : 0,
    enCurso: casilla.id === 1 ? 1 : 0,
    cuarentena: casilla.id === 1 ? 2 : 0,
    ultimoArchivoEn: estado === 'sin_carpeta' ? null : '2026-11-25T12:01:00Z',
  }
}

const KINDS: Partial<ArchivoRecibido>[] = [
  { estado: 'validando', intentos: 1, executionId: uuid(1) },
  { estado: 'detectado' },
  {
    estado: 'detectado',
    intentos: 2,
    motivo: 'Otro programa lo tiene abierto.',
    proximoIntento: '2026-11-25T12:09:00Z',
    sha256: null,
  },
  { estado: 'terminado', desenlace: 'aceptado', intentos: 1, executionId: uuid(2) },
  { estado: 'terminado', desenlace: 'rechazado', intentos: 1, executionId: uuid(1) },
  {
    estado: 'terminado',
    desenlace: 'duplicado',
    intentos: 1,
    duplicadoDe: 4,
    motivo: 'Mismo contenido que «diario.zip», ya recibido.',
  },
  {
    estado: 'cuarentena',
    desenlace: 'error',
    intentos: 5,
    sha256: null,
    motivo: 'No hay permiso para leerlo. Se intentó 5 veces.',
  },
  { estado: 'terminado', desenlace: 'parcial', intentos: 1, executionId: uuid(3) },
  {
    estado: 'terminado',
    desenlace: 'desaparecido',
    sha256: null,
    motivo: 'Ya no estaba en la carpeta cuando le tocó.',
  },
]

export function archivo(n: number): ArchivoRecibido {
  const kind = KINDS[(n - 1) % KINDS.length] ?? {}
  return {
    id: n,
    casillaId: 1,
    casillaNombre: 'Distribuidora - canal tradicional',
    emisorId: null,
    emisorNombre: null,
    metodo: 'local',
    nombre: n % 4 === 0 ? `envio_diario_consolidado_sucursal_norte_y_oriente_${n}.zip` : `diario_${n}.zip`,
    bytes: 93_411 + n * 1000,
    sha256: 'a3f5c1e09b7d42c8a3f5c1e09b7d42c8a3f5c1e09b7d42c8a3f5c1e09b7d42c8',
    estado: 'detectado',
    desenlace: null,
    motivo: null,
    intentos: 0,
    proximoIntento: null,
    executionId: null,
    duplicadoDe: null,
    detectadoEn: new Date(Date.parse('2026-11-25T12:01:00Z') - n * 61_000).toISOString(),
    terminadoEn: kind.desenlace ? '2026-11-25T12:02:00Z' : null,
    ...kind,
  }
}

const ok = { ok: true }

/** What the daemon and main answer, made up. */
export const receptionAnswers = (
  casillas: () => Casilla[],
  count: number,
): Partial<Record<OperationName, (input: never) => unknown>> => {
  const all = Array.from({ length: count }, (_, index) => archivo(index + 1))
  return {
    'recepcion.estado': () => ({ items: casillas().map(recepcion) }),
    'recepcion.archivos': (input: OperationInput<'recepcion.archivos'>) => {
      const found = all.filter(
        (row) =>
          (!input.archivoId || row.id === input.archivoId) &&
          (!input.estado || row.estado === input.estado) &&
          (!input.desenlace || row.desenlace === input.desenlace) &&
          (!input.abiertos || row.desenlace === null),
      )
      const from = input.offset ?? 0
      return { items: found.slice(from, from + (input.limit ?? 200)), total: found.length }
    },
    'recepcion.pausar': () => ok,
    'recepcion.reanudar': () => ok,
    'recepcion.procesarAhora': () => ({ archivos: 3 }),
    'recepcion.reintentar': ({ archivoIds }: OperationInput<'recepcion.reintentar'>) => ({
      archivos: archivoIds.length,
    }),
    'executions.rerunMany': ({ executionIds }: OperationInput<'executions.rerunMany'>) => ({
      started: executionIds.length - 1,
      failed: executionIds.slice(0, 1).map((id) => ({ id, message: 'La casilla ya no existe.' })),
    }),
    'app.preferences.get': () => ({
      iniciarConSesion: false,
      cerrarEnBandeja: true,
      notificarRechazos: true,
    }),
    'app.preferences.set': (change: OperationInput<'app.preferences.set'>) => ({
      iniciarConSesion: false,
      cerrarEnBandeja: true,
      notificarRechazos: true,
      ...change,
    }),
    'dialog.chooseFolder': () => ({
      carpeta: { token: uuid(7), path: '/home/ana/Documentos/recepción/distribuidora norte' },
    }),
    'casillas.update': ({ id }: OperationInput<'casillas.update'>) => casillas().find((row) => row.id === id),
    'casillas.remove': () => ok,
  }
}
