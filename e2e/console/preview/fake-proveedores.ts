import type { OperationInput, OperationName } from '@shared/contract'
import type { EntradaProveedor, Proveedor, PruebaProveedor, TipoProveedor } from '@shared/model/proveedor'

const words = (es: string, more: object = {}) => ({ sage: { label: { es, en: es }, ...more } })
const TIPOS: TipoProveedor[] = [
  {
    tipo: 'local',
    nombre: { es: 'Carpeta', en: 'Folder' },
    resumen: {
      es: 'Una carpeta de este equipo o de la red.',
      en: 'A folder of this machine or of the network.',
    },
    lugar: 'folder',
    secretos: [],
    esquema: {
      properties: { folder: { type: 'string', ...words('Carpeta') } },
      required: ['folder'],
    },
  },
  {
    tipo: 's3',
    nombre: { es: 'Amazon S3', en: 'Amazon S3' },
    resumen: {
      es: 'Un bucket de Amazon, o de un servidor compatible con S3.',
      en: 'A bucket of Amazon, or of an S3-compatible server.',
    },
    lugar: null,
    secretos: [
      {
        nombre: 'secretAccessKey',
        etiqueta: { es: 'Clave secreta', en: 'Secret access key' },
        multilinea: false,
      },
    ],
    esquema: {
      properties: {
        bucket: { type: 'string', ...words('Bucket', { placeholder: 'ventas' }) },
        region: { type: 'string', default: 'us-east-1', ...words('Región') },
        accelerate: {
          type: 'boolean',
          default: false,
          ...words('Transferencia acelerada', { advanced: true }),
        },
      },
      required: ['bucket'],
    },
  },
  {
    tipo: 'sftp',
    nombre: { es: 'SFTP', en: 'SFTP' },
    resumen: { es: 'Una carpeta de un servidor SSH.', en: 'A folder of an SSH server.' },
    lugar: null,
    secretos: [{ nombre: 'password', etiqueta: { es: 'Contraseña', en: 'Password' }, multilinea: false }],
    esquema: {
      properties: {
        host: {
          type: 'string',
          ...words('Servidor', {
            help: { es: 'Nombre o dirección, sin «sftp://».', en: 'Name or address.' },
            placeholder: 'sftp.ejemplo.com',
          }),
        },
        port: { type: 'integer', default: 22, minimum: 1, maximum: 65_535, ...words('Puerto') },
        user: { type: 'string', ...words('Usuario') },
        auth: {
          type: 'string',
          enum: ['password', 'key'],
          default: 'password',
          ...words('Entrar con', { options: { password: { es: 'Contraseña', en: 'Password' } } }),
        },
        hostKey: { type: 'string', ...words('Huella del servidor') },
      },
      required: ['host', 'user'],
    },
  },
]

const NAMES = [
  'Entregas de las sucursales del sur oriente, compartido con la empresa de transporte y almacenamiento',
  'Almacén de ventas',
  'Carpeta de la red',
]
const HUELLA = 'ssh-ed25519 SHA256:1Qk3o0GqD8Ew9o4aVb0mXkqg7mSxq0H3oWQyT9r2sVc'
const prueba = (n: number): PruebaProveedor => {
  const fails = n % 3 === 1
  const steps = ['dns', 'connect', 'login', 'list', 'write', 'delete'] as const
  return {
    ok: !fails,
    en: new Date(Date.UTC(2026, 10, 27, 12) - n * 3_600_000).toISOString(),
    pasos: steps.map((paso, index) => ({
      ...{ paso, ms: 12 + index, codigo: null, huella: null, sugerencia: null, mensaje: 'sftp.empresa.pe' },
      estado: fails && index === 1 ? 'mal' : fails && index > 1 ? 'omitido' : 'bien',
      ...(fails && index === 1
        ? {
            mensaje: 'No se conoce la clave del servidor «sftp.empresa.pe».',
            sugerencia: 'Comparar la huella con la que da quien lo administra.',
            codigo: 'HOST_KEY_UNKNOWN',
            huella: HUELLA,
          }
        : {}),
    })),
  }
}

const RED = {
  ...{ proxy: null, proxyUsuario: null, ca: null, tlsMinimo: '1.2' as const },
  ...{ bytesPorSegundo: null, concurrencia: 4 },
}
function proveedor(id: number): Proveedor {
  const tipo = (['sftp', 's3', 'local'] as const)[(id - 1) % 3] ?? 'sftp'
  const config = {
    sftp: { version: 1, host: 'sftp.empresa.pe', port: 22, user: 'sucursales', auth: 'password' },
    s3: { version: 1, bucket: 'ventas-peru', prefix: 'entrada', region: 'us-east-1' },
    local: { version: 1, folder: '/mnt/red/compartido/entregas' },
  }[tipo]
  return {
    ...{ id, nombre: id <= 3 ? (NAMES[id - 1] ?? '') : `Proveedor ${id}`, descripcion: '', tipo, config },
    ...{ red: RED, secretoId: tipo === 'local' ? null : 1, creadoEn: '', actualizadoEn: '' },
    ultimaPrueba: id % 4 === 3 ? null : prueba(id),
  }
}

const OBJECTS = 100_000
const entrada = (ruta: string, n: number): EntradaProveedor => {
  const folder = n < 3
  const name = folder ? ['2025', '2026', 'procesado'][n] : `ventas_diarias_${String(n).padStart(6, '0')}.csv`
  return {
    ruta: ruta === '' ? `${name}` : `${ruta}/${name}`,
    clase: folder ? 'carpeta' : 'archivo',
    bytes: folder ? 0 : 12_345 * (n + 1),
    modificado: folder ? null : new Date(Date.UTC(2026, 10, 27) - n * 60_000).toISOString(),
    etag: folder ? null : `e${n}`,
  }
}

/** Providers of the made-up engine: a hundred thousand objects in `muchas`, none in `vacia`. */
export function proveedorAnswers(scene: string): Partial<Record<OperationName, (input: never) => unknown>> {
  const n = { vacia: 0, primera: 0, muchas: 10_000 }[scene] ?? 3
  const objects = { vacia: 0, primera: 0, muchas: OBJECTS }[scene] ?? 12
  return {
    'proveedores.tipos': () => ({ items: TIPOS }),
    'proveedores.list': () => ({ items: Array.from({ length: n }, (_, index) => proveedor(index + 1)) }),
    'proveedores.probar': () => prueba(1),
    'proveedores.pruebas': () => ({ items: Array.from({ length: 12 }, (_, index) => prueba(index + 1)) }),
    'proveedores.create': () => proveedor(1),
    'proveedores.update': () => proveedor(1),
    'proveedores.remove': () => ({ ok: true }),
    'proveedores.explorar': ({ ruta = '', cursor, limite = 500 }: OperationInput<'proveedores.explorar'>) => {
      const from = Number(cursor ?? 0)
      const to = Math.min(objects, from + limite)
      return {
        items: Array.from({ length: to - from }, (_, index) => entrada(ruta, from + index)),
        cursor: to < objects ? String(to) : null,
        puede: { enlace: true, crearContenedor: true },
      }
    },
    'proveedores.vistaPrevia': () => ({
      ...{ tipo: 'tabla', texto: null, cortado: true, motivo: null },
      columnas: ['documento', 'fecha_documento', 'codigo_cliente', 'cantidad', 'precio'],
      filas: Array.from({ length: 100 }, (_, row) => [`F001-${row}`, '2026-11-27', `C${row}`, '3', '12.50']),
    }),
    'proveedores.enlace': () => ({ url: 'https://ejemplo', venceEn: new Date().toISOString() }),
    'proveedores.eliminar': () => ({ ok: true }),
  }
}
