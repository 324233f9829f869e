import type { EventName, OperationInput, OperationName, SageBridge } from '@shared/contract'
import type { Ejecucion } from '@shared/model/execution'
import { CATALOGS, casilla, ejecucion, findings, recordContext, SAMPLE, uuid, verdict } from './fake-data'
import { emisorAnswers } from './fake-emisores'
import { carga, materializationAnswers } from './fake-materializacion'
import { proveedorAnswers } from './fake-proveedores'
import { receptionAnswers } from './fake-reception'
import { secretoAnswers } from './fake-secretos'

/** `?escena=primera` nothing was processed; `tres`: three of all; `muchas`: ten thousand; `vacia`: no casilla; `detenido`: no engine. */
const scene = new URLSearchParams(window.location.search).get('escena') ?? 'tres'
const many = scene === 'muchas'
const COUNT = { primera: 0, vacia: 0, muchas: 10_000 }[scene] ?? 7
const rows: Ejecucion[] = Array.from({ length: COUNT }, (_, index) => ejecucion(index + 1))
const all = findings(many)
const listeners = new Map<string, Set<(payload: never) => void>>()

function emit(topic: EventName, payload: unknown) {
  for (const listener of listeners.get(topic) ?? []) listener(payload as never)
}

function start() {
  const row: Ejecucion = {
    ...ejecucion(1),
    id: uuid(90_000 + rows.length),
    creadaEn: new Date().toISOString(),
    fase: 'en_curso',
    estado: null,
    errores: 0,
    warnings: 0,
  }
  rows.unshift(row)
  emit('execution.changed', row)
  const began = performance.now()
  const step = () => {
    const elapsedMs = performance.now() - began
    const fraction = Math.min(1, elapsedMs / (scene === 'lento' ? 60_000 : 1500))
    if (fraction < 1 && row.fase === 'en_curso') {
      emit('execution.progress', {
        executionId: row.id,
        step: 'validar',
        label: 'Validar ventas.csv',
        done: Math.round(fraction * 3000),
        total: 3000,
        unit: 'records',
        fraction,
        elapsedMs,
      })
      setTimeout(step, 100)
      return
    }
    if (row.fase === 'en_curso')
      Object.assign(row, { fase: 'terminada', estado: 'Fallido', errores: 20, warnings: 3 })
    emit('execution.changed', { ...row })
  }
  setTimeout(step, 50)
  return { executionId: row.id }
}

const page = <T>(items: readonly T[], input: { limit?: number; offset?: number }) => ({
  items: items.slice(input.offset ?? 0, (input.offset ?? 0) + (input.limit ?? 200)),
  total: items.length,
})

const ok = { ok: true }
const casillas = () =>
  scene === 'vacia'
    ? []
    : Array.from({ length: many ? 10_000 : scene === 'primera' ? 1 : 6 }, (_, index) =>
        casilla(index + 1, COUNT > 0),
      )
const answers: Partial<Record<OperationName, (input: never) => unknown>> = {
  ...emisorAnswers(scene),
  ...secretoAnswers(scene),
  ...proveedorAnswers(scene),
  ...materializationAnswers(scene),
  ...receptionAnswers(casillas, many ? 10_000 : scene === 'primera' ? 0 : 18),
  'system.health': () => ({
    version: '0.1.0',
    pid: 4242,
    node: '24.21.0',
    host: 'child',
    storePath: '/home/ana/.config/sage-desktop/sage.db',
    storeVersion: 1,
    dataDir: '/home/ana/.config/sage-desktop/datos',
    memoryLimitMb: 2048,
    rssMb: 182.4,
    running: 0,
    uptimeSeconds: 754,
  }),
  'settings.get': () => ({ values: { detailCap: 1000, memoryLimitMb: 2048 } }),
  'settings.set': () => ok,
  'app.info': () => ({
    version: '0.1.0',
    electron: '25.1.1',
    chrome: '114.0.5735.106',
    platform: 'linux x64',
    engine: 'child',
    development: true,
  }),
  'clipboard.write': () => ok,
  'engine.restart': () => ok,
  'shell.openArtifact': () => ok,
  'casillas.list': () => ({ items: casillas() }),
  'casillas.get': ({ id }: OperationInput<'casillas.get'>) => casilla(id, COUNT > 0),
  'casillas.yaml': ({ version }: OperationInput<'casillas.yaml'>) => ({
    version: version ?? 3,
    text: SAMPLE.yaml,
    nombreYaml: 'distribuidora.yaml',
  }),
  'casillas.versions': () => ({
    items: [1, 2, 3].map((version) => ({
      version,
      sha256: `a3f5c1e09b7d42c${version}`,
      creadaEn: `2026-11-0${version}T12:00:00Z`,
      nota: version === 1 ? '' : 'Se acepta el estatus T y se exige el precio en productos',
    })),
  }),
  'casillas.saveYaml': () => ({ version: 4, sha256: 'x', creadaEn: new Date().toISOString(), nota: '' }),
  'yaml.check': ({ text }: OperationInput<'yaml.check'>) => {
    const at = text.indexOf('type: entero')
    const broken = text.includes('enter0') ? text.indexOf('enter0') : -1
    return {
      valid: broken < 0,
      diagnostics: [
        ...(broken >= 0
          ? [
              {
                severity: 'error',
                code: 'TYPE_UNKNOWN',
                message: 'No existe el tipo «enter0».',
                hint: '¿quisiste decir `entero`?',
                path: 'catalogs.productos.fields[3].type',
                position: {
                  line: text.slice(0, broken).split('\n').length,
                  column: 13,
                  offset: broken,
                  endOffset: broken + 6,
                },
              },
            ]
          : []),
        ...(scene === 'avisos'
          ? [
              {
                severity: 'warning',
                code: 'KEY_UNKNOWN',
                message: 'La clave «comentario» no es del formato y no se usa.',
                path: 'catalogs.clientes.comentario',
                position: { line: 50, column: 3, offset: at, endOffset: at + 12 },
              },
            ]
          : []),
      ],
      outline: {
        name: 'Distribuidora - canal tradicional',
        version: '1.0.0',
        description: '',
        author: '',
        catalogs: CATALOGS.map((id) => ({
          id,
          name: id,
          filename: `${id}.csv`,
          type: 'CSV',
          delimiter: '|',
          header: false,
          rules: 2,
          fields: ['documento', 'cantidad', 'precio', 'importe'].map((name) => ({
            name,
            type: 'texto',
            required: true,
            unique: false,
            rules: 0,
          })),
        })),
        packages: [{ id: 'diario', name: 'Envío diario', type: 'ZIP', catalogs: CATALOGS, rules: 3 }],
      },
    }
  },
  'executions.start': start,
  'executions.rerun': start,
  'executions.cancel': ({ executionId }: OperationInput<'executions.cancel'>) => {
    const row = rows.find((item) => item.id === executionId)
    if (row) row.fase = 'cancelada'
    return ok
  },
  'executions.remove': () => ok,
  'executions.list': (input: OperationInput<'executions.list'>) =>
    page(
      rows.filter(
        (row) =>
          (!input.estado || row.estado === input.estado) &&
          (!input.fase || row.fase === input.fase) &&
          (!input.search || row.archivo.includes(input.search)) &&
          (!input.from || row.creadaEn >= input.from),
      ),
      input,
    ),
  'executions.get': ({ executionId }: OperationInput<'executions.get'>) => {
    const row = rows.find((item) => item.id === executionId)
    if (!row)
      throw {
        code: 'NOT_FOUND',
        kind: 'not-found',
        message: 'No existe la ejecución.',
        hint: 'Quizá se eliminó. Volver a la lista de ejecuciones.',
        retryable: false,
      }
    return { ejecucion: { ...row }, verdict: row.fase === 'terminada' ? verdict(row) : null }
  },
  'executions.findings': (input: OperationInput<'executions.findings'>) => {
    const { catalog, checkId, severity, search } = input.filter ?? {}
    return page(
      all.filter(
        (item) =>
          (!catalog || item.catalog === catalog) &&
          (checkId === undefined || item.checkId === checkId) &&
          (!severity || item.severity === severity) &&
          (!search || `${item.message}${item.value}${item.field}`.includes(search)),
      ),
      input,
    )
  },
  'executions.exportFindings': () => ({ file: 'hallazgos-filtrados.csv', rows: all.length }),
  'executions.recordContext': ({ record }: OperationInput<'executions.recordContext'>) =>
    recordContext(record),
  'rules.language': () => ({
    entries: [
      {
        name: 'str.match',
        family: 'texto',
        on: 'texto',
        signature: ".str.match('patrón')",
        help: 'Verdadero donde el texto cumple el patrón desde su inicio.',
        example: "df['codigo'].str.match('^C[0-9]+$')",
      },
      {
        name: 'isin',
        family: 'conjuntos',
        on: 'columna',
        signature: '.isin([valores])',
        help: 'Verdadero donde el valor está en la lista.',
        example: "df['estatus'].isin(['A','I'])",
      },
    ],
  }),
  'rules.try': ({ rule }: OperationInput<'rules.try'>) =>
    rule.includes('cantidadd')
      ? {
          ok: null,
          problems: [
            {
              code: 'COLUMN_UNKNOWN',
              message: 'No existe la columna «cantidadd».',
              hint: '¿quisiste decir `cantidad`?',
              from: rule.indexOf('cantidadd'),
              to: rule.indexOf('cantidadd') + 9,
            },
          ],
          catalog: 'ventas',
          failing: 0,
          total: 0,
          rows: [],
          columns: [],
        }
      : {
          ok: false,
          problems: [],
          catalog: 'ventas',
          failing: 2,
          total: 3000,
          columns: ['documento', 'item', 'cantidad', 'precio', 'importe'],
          rows: [20, 31].map((record) => ({ record, cells: ['F001-0001', '1', '-3', '12.50', '37.55'] })),
        },
  'transformations.preview': () => ({
    problems: [],
    before: {
      columns: ['documento', 'cantidad', 'precio'],
      rows: Array.from({ length: 50 }, (_, n) => [`F001-${n}`, '3', '12.50']),
    },
    after: {
      columns: ['documento', 'cantidad', 'precio', 'importe_total'],
      rows: Array.from({ length: 50 }, (_, n) => [`F001-${n}`, '3', '12.50', '37.50']),
    },
    counts: { in: 2982, out: 2982, refused: 0 },
  }),
}

const bridge: SageBridge = {
  async call(op, input) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    if (scene === 'detenido')
      throw {
        code: 'ENGINE_LOST',
        kind: 'transient',
        message: 'El motor está detenido.',
        hint: 'Reintentar o revisar el registro.',
        retryable: false,
      }
    const answer = answers[op]
    if (!answer)
      throw {
        code: 'UNSUPPORTED',
        kind: 'unsupported',
        message: `La vista previa no tiene ${op}.`,
        retryable: false,
      }
    return answer(input as never) as never
  },
  cancel: () => undefined,
  on(topic, listener) {
    const set = listeners.get(topic) ?? new Set()
    listeners.set(topic, set.add(listener as (payload: never) => void))
    if (topic === 'engine.state') {
      const stopped = scene === 'detenido'
      listener({
        state: stopped ? 'stopped' : 'ready',
        since: new Date().toISOString(),
        restarts: stopped ? 4 : 0,
        reason: stopped ? 'El motor se detuvo cuatro veces seguidas en un minuto (código 134).' : null,
        logFile: stopped ? '/home/ana/.config/sage-desktop/logs/motor.log' : null,
        lastError: null,
      } as never)
    }
    if (topic === 'cargas.changed' && scene === 'cargando') listener(carga(3) as never)
    if (topic === 'cargas.progress' && scene === 'cargando')
      listener({
        cargaId: carga(3).id,
        materializacionId: 3,
        executionId: uuid(3),
        paso: 'enviar',
        tabla: 'ventas',
        hechas: 640_000,
        total: 1_840_122,
        bytes: 82_000_000,
        ms: 9000,
      } as never)
    return () => set.delete(listener as (payload: never) => void)
  },
  grantFile: async (file) => ({ token: uuid(1), name: file instanceof File ? file.name : '', bytes: 1 }),
}

Object.defineProperty(window, 'sage', { value: bridge })
