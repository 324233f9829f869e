import type { OperationInput, OperationName } from '@shared/contract'
import type { Destino } from '@shared/model/destino'
import type { Carga, Ensayo, Materializacion, TablaMaterializada } from '@shared/model/materializacion'
import { illustrate } from '../../../src/engine/materialization/illustrate'
import { destinoSchema } from '../../../src/shared/model/destino'
import { tablaMaterializadaSchema } from '../../../src/shared/model/materializacion'
import { CATALOGS, uuid } from './fake-data'

const NAMES = [
  'Ventas y maestros hacia el almacén corporativo de la distribuidora regional del norte y oriente',
  'Clientes',
  'Stock diario en Parquet',
]
const DESTINOS = [
  'Almacén de ventas corporativo (producción)',
  'Datos de la consola',
  'Carpeta del lago de datos',
]
const STRATEGIES: TablaMaterializada['estrategia'][] = [
  { tipo: 'upsert', clave: ['codigo_cliente', 'documento'] },
  { tipo: 'append' },
  { tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['fecha_documento'] } },
]
const FIELDS = [
  'documento',
  'item',
  'fecha_documento',
  'codigo_cliente',
  'cantidad',
  'precio',
  'importe',
  'observacion_del_vendedor_en_la_visita',
]

const tabla = (catalogo: string, n = 1): TablaMaterializada =>
  tablaMaterializadaSchema.parse({
    catalogo,
    tabla: catalogo,
    estrategia: STRATEGIES[n % 3],
    columnas: [
      ...FIELDS.map((campo, index) => ({
        nombre: campo,
        fuente: { de: 'campo', campo },
        tipo:
          campo === 'importe' || campo === 'precio'
            ? { tipo: 'decimal', precision: 12, escala: 2 }
            : campo.startsWith('fecha')
              ? { tipo: 'fecha' }
              : campo === 'cantidad'
                ? { tipo: 'entero' }
                : { tipo: 'texto', ...(index === 0 ? { largo: 20 } : {}) },
        nulos: index > 3,
      })),
      {
        nombre: 'cargado_en',
        fuente: { de: 'control', control: 'cargado_en' },
        tipo: { tipo: 'fecha_hora', zona: true },
      },
      { nombre: 'pais', fuente: { de: 'constante', valor: 'PE' }, tipo: { tipo: 'texto', largo: 2 } },
    ],
  })

const STATES = [
  'completado',
  'error',
  'en_proceso',
  'completado',
  'en_espera',
  'cancelado',
  'completado',
] as const

export function carga(n: number): Carga {
  const estado = STATES[(n - 1) % STATES.length] ?? 'completado'
  const ended = estado === 'completado' || estado === 'error' || estado === 'cancelado'
  const start = Date.now() - n * 3_700_000
  return {
    id: uuid(n),
    materializacionId: ((n - 1) % 3) + 1,
    materializacionNombre: NAMES[(n - 1) % 3] ?? '',
    casillaId: 1,
    casillaNombre: 'Distribuidora - canal tradicional',
    destinoId: (n - 1) % 3,
    destinoNombre: DESTINOS[(n - 1) % 3] ?? '',
    executionId: uuid(n),
    archivo: n % 5 === 0 ? `envio_diario_consolidado_sucursal_norte_y_oriente_${n}.zip` : 'diario.zip',
    estado,
    intentos: estado === 'error' ? 5 : 1,
    proximoIntento: null,
    retenidaPor: estado === 'en_espera' ? 'diario_20261120.zip' : null,
    repetida: n === 7,
    totales:
      ended && estado === 'completado'
        ? { leidas: 1_840_122, insertadas: 1_203_441, actualizadas: 636_681, eliminadas: 12 }
        : { leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 },
    bytes: estado === 'completado' ? 182_331_008 : 0,
    tablas:
      estado === 'completado'
        ? CATALOGS.map((catalogo) => ({
            tabla: `ventas.${catalogo}`,
            catalogo,
            leidas: 1000,
            insertadas: 600,
            actualizadas: 400,
            eliminadas: 3,
          }))
        : [],
    error:
      estado === 'error'
        ? {
            code: 'KEY_REPEATED',
            kind: 'input',
            message:
              'La clave (codigo_cliente, documento) se repite en 3 registros de ventas: 14, 208 y 1,204.',
            hint: 'Corregir los registros repetidos y enviar el archivo otra vez, o elegir otra clave.',
            retryable: false,
          }
        : null,
    creadaEn: new Date(start).toISOString(),
    iniciadaEn: estado === 'en_espera' ? null : new Date(start).toISOString(),
    terminadaEn: ended ? new Date(start + 48_300).toISOString() : null,
  }
}

const materializacion = (n: number): Materializacion => ({
  id: n,
  nombre: n <= 3 ? (NAMES[n - 1] ?? '') : `Materialización ${n} de la casilla regional`,
  descripcion: n === 1 ? 'Carga diaria para los tableros de ventas' : '',
  casillaId: ((n - 1) % 6) + 1,
  casillaNombre: n === 1 ? 'Distribuidora - canal tradicional' : `Casilla ${n}`,
  destinoId: (n - 1) % 3,
  destinoNombre: DESTINOS[(n - 1) % 3] ?? '',
  destinoTipo: ['postgres', 'interno', 'archivos'][(n - 1) % 3] ?? 'interno',
  activa: n % 4 !== 3,
  automatica: n === 2,
  config: {
    version: 1,
    tablas: CATALOGS.map((catalogo) => tabla(catalogo, n - 1)),
    cuando:
      n % 3 === 0
        ? {
            tipo: 'programada',
            frecuencia: { tipo: 'semanal', hora: '18:00', dias_semana: ['lunes', 'jueves'] },
          }
        : { tipo: 'cada_ejecucion' },
    maxIntentos: 5,
  },
  proximaCarga: n % 3 === 0 ? '2026-11-30T23:00:00Z' : null,
  ultimaCarga: n === 3 ? null : carga(n),
  pendientes: n % 3 === 0 ? 2 : 0,
  fallidas: n === 2 ? 3 : 0,
  creadaEn: '2026-11-01T12:00:00Z',
  actualizadaEn: '2026-11-20T12:00:00Z',
})

const prueba = (ok: boolean): NonNullable<Destino['ultimaPrueba']> => ({
  ok,
  en: new Date().toISOString(),
  servidor: ok ? 'PostgreSQL 18.4' : null,
  pasos: [
    { paso: 'Buscar el servidor db.empresa.pe', estado: 'bien', ms: 12, mensaje: null, sugerencia: null },
    { paso: 'Abrir la conexión', estado: 'bien', ms: 34, mensaje: null, sugerencia: null },
    ok
      ? { paso: 'Entrar como sage', estado: 'bien', ms: 21, mensaje: null, sugerencia: null }
      : {
          paso: 'Entrar como sage',
          estado: 'mal',
          ms: 21,
          mensaje: 'El servidor rechazó la contraseña del usuario «sage».',
          sugerencia: 'Comprobar el usuario y escribir la contraseña de nuevo.',
        },
    {
      paso: 'Escribir en el esquema public',
      estado: ok ? 'bien' : 'omitido',
      ms: ok ? 9 : 0,
      mensaje: null,
      sugerencia: null,
    },
  ],
})

const CONFIGS = [
  { tipo: 'interno' },
  {
    tipo: 'postgres',
    servidor: 'almacen-corporativo-produccion.datos.empresa.pe',
    base: 'ventas',
    usuario: 'sage_carga',
  },
  { tipo: 'archivos', carpeta: '/home/ana/Documentos/lago de datos/distribuidora/canal tradicional' },
  { tipo: 'duckdb', ruta: '/home/ana/analisis/ventas.duckdb' },
]
const destino = (id: number): Destino =>
  destinoSchema.parse({
    id,
    nombre:
      id === 0
        ? 'Datos de la consola'
        : id <= 3
          ? (DESTINOS[id === 1 ? 0 : id] ?? 'Análisis local')
          : `Destino ${id}`,
    descripcion: '',
    tipo: CONFIGS[id === 0 ? 0 : ((id - 1) % 3) + 1]?.tipo,
    config: CONFIGS[id === 0 ? 0 : ((id - 1) % 3) + 1],
    lugar: id === 0 ? '' : 'almacen.empresa.example · ventas',
    secretoId: id === 1 ? 1 : null,
    usos: id % 3,
    ultimaPrueba: id === 1 ? prueba(false) : id === 0 ? prueba(true) : null,
    creadoEn: '2026-11-01T12:00:00Z',
    actualizadoEn: '2026-11-01T12:00:00Z',
  })

const ensayo = (problems: boolean): Ensayo => ({
  problemas: problems
    ? [
        {
          severidad: 'aviso',
          codigo: 'SIN_INDICE',
          tabla: 0,
          columna: null,
          mensaje: 'La tabla «ventas» no tiene un índice sobre la clave.',
          sugerencia: 'Agregarlo en Tabla y opciones.',
        },
      ]
    : [],
  tablas: CATALOGS.map((catalogo, index) => ({
    tabla: catalogo,
    catalogo,
    ddl:
      index === 0
        ? [
            `CREATE TABLE "public"."${catalogo}" (\n  "documento" varchar(20) NOT NULL,\n  "importe" numeric(12,2),\n  PRIMARY KEY ("documento")\n)`,
            `CREATE INDEX "${catalogo}_cliente" ON "public"."${catalogo}" ("codigo_cliente")`,
          ]
        : [],
    existe: index !== 0,
    filasAntes: index === 0 ? 0 : 48_201,
    leidas: 3000,
    insertadas: 1204,
    actualizadas: 1780,
    eliminadas: 4,
    sinCambio: 16,
    columnas: FIELDS,
    muestra: Array.from({ length: 12 }, (_, n) => {
      const row = [
        `F001-${n}`,
        String(n),
        '2026-11-24',
        `C-${n}`,
        '3',
        '12.50',
        '37.50',
        n % 2 ? null : 'Entregar por la puerta lateral antes del mediodía',
      ]
      const other = [...row.slice(0, 4), '5', '12.50', '62.50', '']
      return n % 4 === 3
        ? { cambio: 'eliminada' as const, antes: row, despues: null }
        : n % 4 === 2
          ? { cambio: 'insertada' as const, antes: null, despues: row }
          : { cambio: 'actualizada' as const, antes: row, despues: other }
    }),
  })),
})

/** A load too large to be compared whole: of one table the first rows, of another nothing but its counts. */
const largeLoad = ({ problemas, tablas }: Ensayo): Ensayo => ({
  problemas,
  tablas: tablas.map((tabla, index) => {
    if (index === 1) return { ...tabla, leidas: 1_000_000, insertadas: 500_000, comparadas: 2000 }
    return index === 2 ? { ...tabla, leidas: 1_000_000, muestra: [], columnas: [], comparadas: 0 } : tabla
  }),
})

/** Answers about materializations, loads, destinations and the SQL page. */
export function materializationAnswers(
  scene: string,
): Partial<Record<OperationName, (input: never) => unknown>> {
  const count = { primera: 0, vacia: 0, muchas: 10_000 }[scene] ?? 3
  const loads = Array.from({ length: count === 0 ? 0 : count === 3 ? 9 : count }, (_, n) => carga(n + 1))
  const rows = Array.from({ length: count }, (_, n) => materializacion(n + 1))
  const destinos = Array.from({ length: count === 0 ? 1 : count === 3 ? 4 : 40 }, (_, n) => destino(n))
  return {
    'materializaciones.list': ({ casillaId }: OperationInput<'materializaciones.list'>) => ({
      items: rows.filter((row) => !casillaId || row.casillaId === casillaId),
    }),
    'materializaciones.get': ({ id }: OperationInput<'materializaciones.get'>) => materializacion(id),
    'materializaciones.activar': ({ id, activa }: OperationInput<'materializaciones.activar'>) => {
      const row = rows.find((one) => one.id === id)
      return row ? Object.assign(row, { activa }) : null
    },
    'materializaciones.create': () => materializacion(1),
    'materializaciones.update': () => materializacion(1),
    'materializaciones.proponer': ({ catalogos }: OperationInput<'materializaciones.proponer'>) => ({
      tablas: (catalogos ?? CATALOGS).map((one) => tabla(one, 1)),
      avisos: [],
    }),
    'materializaciones.revisar': ({ config }: OperationInput<'materializaciones.revisar'>) => ({
      problemas: [
        ...(scene === 'problemas'
          ? [
              {
                severidad: 'error',
                codigo: 'TIPO_NO_CABE',
                tabla: 0,
                columna: 'importe',
                mensaje: 'En numeric(12,2) no cabe decimal(18,6) de «importe».',
                sugerencia: 'Ampliar la columna o elegir otro nombre.',
              },
              {
                severidad: 'aviso',
                codigo: 'NOMBRE_LARGO',
                tabla: 0,
                columna: 'observacion_del_vendedor_en_la_visita',
                mensaje: 'El nombre se cortará a 30 letras en algunas herramientas.',
                sugerencia: null,
              },
            ]
          : []),
      ].slice(0, config.tablas.length * 2),
    }),
    'materializaciones.ensayar': () => ensayo(true),
    'materializaciones.ilustrar': ({ estrategia, columnas }: OperationInput<'materializaciones.ilustrar'>) =>
      illustrate({ conservar: 0, ...estrategia } as never, columnas),
    'cargas.list': (input: OperationInput<'cargas.list'>) => {
      const found = loads.filter(
        (row) =>
          (!input.materializacionId || row.materializacionId === input.materializacionId) &&
          (!input.executionId || row.executionId === input.executionId) &&
          (!input.estado || row.estado === input.estado) &&
          (!input.search || row.archivo.includes(input.search)),
      )
      const offset = input.offset ?? 0
      return { items: found.slice(offset, offset + (input.limit ?? 200)), total: found.length }
    },
    'cargas.diferencia': () => largeLoad(ensayo(false)),
    'cargas.reintentar': ({ cargaIds }: OperationInput<'cargas.reintentar'>) => ({ cargas: cargaIds.length }),
    'cargas.cancelar': () => ({ ok: true }),
    'cargas.iniciar': () => ({ cargas: [uuid(1), uuid(2)] }),
    'destinos.list': () => ({ items: destinos }),
    'destinos.create': () => destino(1),
    'destinos.update': () => destino(1),
    'destinos.probar': () => prueba(scene !== 'problemas'),
    'destinos.tablas': () => ({ items: CATALOGS.map((name) => ({ esquema: 'public', tabla: name })) }),
    'destinos.tabla': () => ({
      existe: true,
      columnas: FIELDS.slice(0, 5).map((nombre) => ({ nombre, tipo: 'text', equivale: null, nulos: true })),
      clave: ['documento'],
    }),
    'sql.tablas': () => ({
      tablas:
        count === 0
          ? []
          : CATALOGS.map((nombre) => ({
              nombre,
              filas: 48_201,
              columnas: FIELDS.map((one) => ({
                nombre: one,
                tipo: one === 'importe' ? 'DECIMAL(12,2)' : 'VARCHAR',
              })),
            })),
    }),
    'sql.consultar': ({ sql, offset = 0, limit = 200 }: OperationInput<'sql.consultar'>) => {
      if (sql.includes('FORM'))
        throw {
          code: 'SQL_INVALID',
          kind: 'input',
          message: 'No se entiende «FORM».',
          hint: 'Revisar la consulta cerca de «FORM».',
          details: { posicion: sql.indexOf('FORM') },
          retryable: false,
        }
      return {
        columnas: FIELDS.map((nombre) => ({
          nombre,
          tipo: nombre === 'importe' ? 'DECIMAL(12,2)' : nombre === 'cantidad' ? 'BIGINT' : 'VARCHAR',
        })),
        filas: Array.from({ length: limit }, (_, n) => [
          `F001-${offset + n}`,
          '1',
          '2026-11-24',
          'C-001',
          '3',
          '12.50',
          '37.50',
          n % 3 ? null : 'Entregar por la puerta lateral',
        ]),
        hayMas: offset < 3000,
        ms: 42,
      }
    },
    'sql.exportar': ({ formato }: OperationInput<'sql.exportar'>) => ({
      archivo: `/home/ana/.config/sage-desktop/data/exportaciones/consulta-2026-11-27T06-03-17-66615f5d.${formato}`,
      filas: 3000,
    }),
  }
}
