import type { OperationOutput } from '@shared/contract'
import type { Casilla } from '@shared/model/casilla'
import type { Ejecucion, Verdict } from '@shared/model/execution'
import type { CheckResult, Finding } from '@shared/model/findings'
import { vigilanciaSchema } from '../../../src/shared/model/recepcion'

interface Sample {
  yaml: string
  expected: {
    records: Record<string, number>
    errors: { catalog: string; rule: string; records: number[] }[]
    warnings: { catalog: string; rule: string; records: number[] }[]
  }
}

declare global {
  interface Window {
    sampleOfPreview: Sample
  }
}

export const SAMPLE = window.sampleOfPreview
export const CATALOGS = Object.keys(SAMPLE.expected.records)
export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const FIELDS = [
  'documento',
  'item',
  'fecha_documento',
  'fecha_entrega',
  'codigo_cliente',
  'codigo_vendedor',
  'codigo_producto',
  'cantidad',
  'precio',
  'importe',
  'moneda',
  'observacion',
]
const LONG =
  'El importe es cantidad por precio, al céntimo. Revisar el redondeo del sistema de origen y volver a enviar el archivo completo del día.'

export const casilla = (id: number, ran: boolean): Casilla => ({
  id,
  nombre:
    id === 1
      ? 'Distribuidora - canal tradicional'
      : `Casilla ${id} de la distribuidora regional del norte y oriente peruano`,
  descripcion:
    id === 1
      ? 'Maestros y transacciones que una distribuidora envía cada día en un ZIP'
      : 'Ventas y maestros',
  activa: id % 5 !== 3,
  politica: 'todo_o_nada',
  nombreYaml: 'distribuidora.yaml',
  yamlVersion: 3,
  catalogos: CATALOGS.map((name) => ({ id: name, nombre: name, archivo: `${name}.csv`, campos: 12 })),
  muestra: id === 1 ? 'diario.zip' : null,
  zonaHoraria: 'America/Lima',
  carpeta: id % 5 === 2 ? null : '/home/ana/Documentos/recepción/distribuidora canal tradicional/diario',
  origenRemoto: null,
  vigilancia: vigilanciaSchema.parse({}),
  frecuencia: null,
  puntualidad: {
    estado: (['atrasado', 'al_dia', 'sin_frecuencia', 'pendiente'] as const)[(id - 1) % 4] ?? 'al_dia',
    ultimoEnvio: '2026-11-23T15:00:00Z',
    ultimaEsperada: '2026-11-24T15:00:00Z',
    proximaEsperada: id % 4 === 3 ? null : '2026-11-25T23:00:00Z',
    minutosTarde: id % 4 === 1 ? 95 : 0,
  },
  prioridad: 0,
  pausadaEn: id % 5 === 4 ? '2026-11-25T10:00:00Z' : null,
  recientes: ran
    ? Array.from({ length: id === 2 ? 1 : 14 }, (_, n) => ({
        id: uuid(n + 1),
        archivo: `diario_${n}.zip`,
        estado: n % 5 === 3 ? 'Fallido' : n % 4 === 2 ? 'Parcial' : 'Éxito',
        registros: 3000,
        errores: n % 5 === 3 ? 420 + n * 40 : n % 4 === 2 ? 60 : 0,
        terminadaEn: new Date(Date.parse('2026-11-24T12:00:00Z') + n * 3_600_000).toISOString(),
      }))
    : [],
  emisores: 0,
  creadaEn: '2026-11-01T12:00:00Z',
  actualizadaEn: '2026-11-20T12:00:00Z',
  ultimaEjecucion: ran
    ? { id: uuid(1), estado: 'Fallido', fase: 'terminada', terminadaEn: new Date().toISOString() }
    : null,
})

const OUTCOMES = [
  { fase: 'terminada', estado: 'Fallido' },
  { fase: 'terminada', estado: 'Éxito' },
  { fase: 'terminada', estado: 'Parcial' },
  { fase: 'terminada', estado: 'Éxito' },
  { fase: 'interrumpida', estado: null },
  { fase: 'error', estado: null },
  { fase: 'cancelada', estado: null },
] as const

export function ejecucion(n: number): Ejecucion {
  const outcome = OUTCOMES[(n - 1) % OUTCOMES.length] ?? OUTCOMES[0]
  const start = Date.now() - n * 3_700_000
  return {
    id: uuid(n),
    casillaId: 1,
    casillaNombre: 'Distribuidora - canal tradicional',
    yamlVersion: 3,
    nombreYaml: 'distribuidora.yaml',
    archivo:
      n % 5 === 0 ? `envio_diario_consolidado_sucursal_norte_y_oriente_${n}_reproceso.zip` : 'diario.zip',
    bytes: 93_411 + n * 1000,
    sha256: 'a3f5c1e09b7d42c8a3f5c1e09b7d42c8a3f5c1e09b7d42c8a3f5c1e09b7d42c8',
    ...outcome,
    registros: outcome.estado ? 3235 * (n % 3 === 0 ? 400 : 1) : 0,
    errores: outcome.estado === 'Fallido' ? 20 : 0,
    warnings: outcome.estado === 'Fallido' || outcome.estado === 'Parcial' ? 3 : 0,
    metodoEnvio: 'consola',
    emisorId: null,
    emisorNombre: null,
    creadaEn: new Date(start).toISOString(),
    iniciadaEn: new Date(start).toISOString(),
    terminadaEn: new Date(start + 1840 + n * 7).toISOString(),
    error:
      outcome.fase === 'error'
        ? {
            code: 'ZIP_ENCRYPTED',
            kind: 'input',
            message: 'El archivo ZIP está cifrado: «clientes.csv».',
            hint: 'Enviar el ZIP sin contraseña.',
            retryable: false,
          }
        : outcome.fase === 'interrumpida'
          ? {
              code: 'ENGINE_LOST',
              kind: 'transient',
              message: 'El motor se detuvo mientras procesaba.',
              retryable: true,
            }
          : null,
  }
}

function checks(): CheckResult[] {
  const { errors, warnings } = SAMPLE.expected
  return [
    ...errors.map((item) => ({ ...item, severity: 'error' as const })),
    ...warnings.map((item) => ({ ...item, severity: 'warning' as const })),
  ].map((item, id) => {
    const [kind, field] = item.rule.includes(':') ? item.rule.split(':') : ['row', null]
    const package_ = !CATALOGS.includes(item.catalog)
    return {
      id,
      scope: package_ ? 'package' : 'catalog',
      target: item.catalog,
      recordsOf: package_ ? 'ventas' : item.catalog,
      kind: kind === 'type' || kind === 'required' || kind === 'unique' ? kind : package_ ? 'package' : 'row',
      rule: item.rule,
      field: field ?? (item.rule === 'Cantidad positiva' ? 'cantidad' : null),
      severity: item.severity,
      message:
        item.rule === 'Importe cuadra' ? LONG : `Revisar ${item.rule.toLowerCase()} y volver a enviar.`,
      count: item.records.length,
      recordCount: item.records.length,
      records: item.records,
    }
  })
}

export const CHECKS = checks()

export function findings(many: boolean): Finding[] {
  const base = CHECKS.flatMap((check) =>
    check.records.map((record) => ({
      seq: 0,
      checkId: check.id,
      catalog: check.recordsOf ?? check.target,
      file: `${check.recordsOf ?? check.target}.csv`,
      record,
      line: record + 1,
      field: check.field,
      value: check.field ? (record % 3 === 0 ? '-12.50' : 'doce unidades') : null,
      rule: check.rule,
      severity: check.severity,
      message: check.message,
    })),
  )
  const all = many
    ? Array.from({ length: 450 }, (_, round) =>
        base.map((item) => ({ ...item, record: item.record + round * 130, line: item.line + round * 130 })),
      ).flat()
    : base
  return all.map((item, seq) => ({ ...item, seq }))
}

export function verdict(row: Ejecucion): Verdict {
  const clean = row.estado === 'Éxito'
  const own = clean ? [] : CHECKS
  return {
    executionId: row.id,
    estado: row.estado ?? 'Fallido',
    packageId: 'diario',
    packageName: 'Envío diario',
    schemaName: 'Distribuidora - canal tradicional',
    schemaVersion: '1.0.0',
    inputFile: row.archivo,
    inputBytes: row.bytes,
    inputSha256: row.sha256 ?? '',
    startedAt: row.iniciadaEn ?? row.creadaEn,
    finishedAt: row.terminadaEn ?? row.creadaEn,
    records: SAMPLE.expected.records,
    totals: {
      records: 3235,
      errors: clean ? 0 : 20,
      warnings: clean ? 0 : 3,
      messages: 0,
      refused: clean ? 0 : 18,
      successRate: clean ? 100 : 99.44,
    },
    checks: own,
    files: CATALOGS.map((name) => ({
      catalog: name,
      file: `${name}.csv`,
      state: 'procesado',
      records: SAMPLE.expected.records[name] ?? 0,
      errors: own.filter((check) => check.target === name && check.severity === 'error').length,
      warnings: own.filter((check) => check.target === name && check.severity === 'warning').length,
      messages: 0,
      refused: own.filter((check) => check.target === name).length,
      bytes: (SAMPLE.expected.records[name] ?? 0) * 97,
      encoding: 'UTF-8',
      processingSeconds: 0.12,
    })),
    fileErrors:
      row.estado === 'Parcial'
        ? [
            {
              file: 'Ventas.CSV',
              catalog: 'ventas',
              code: 'NAME_CASE',
              message: 'El archivo se llama «Ventas.CSV».',
              hint: 'Usar el nombre exacto.',
              expected: 'ventas.csv',
              found: 'Ventas.CSV',
              severity: 'warning',
            },
          ]
        : [],
    detailCap: 1000,
    timings: {},
  }
}

export function recordContext(record: number): OperationOutput<'executions.recordContext'> {
  const first = Math.max(1, record - 2)
  return {
    columns: FIELDS.map((name) => ({
      name,
      type: ['item'].includes(name)
        ? 'entero'
        : ['cantidad', 'precio', 'importe'].includes(name)
          ? 'decimal'
          : name.startsWith('fecha')
            ? 'fecha'
            : 'texto',
    })),
    rows: [0, 1, 2, 3, 4].map((step) => {
      const at = first + step
      return {
        record: at,
        line: at + 1,
        cells: [
          'F001-00012345',
          String(step + 1),
          '2025-11-24',
          null,
          'C00042',
          'V07',
          'P0031',
          at === record ? '-3' : '3',
          '12.50',
          at === record ? '37.55' : '37.50',
          'PEN',
          step === 1 ? 'Entregar por la puerta lateral, preguntar por el encargado de almacén' : '',
        ],
        findings:
          at === record
            ? findings(false)
                .filter((item) => item.catalog === 'ventas')
                .slice(0, 2)
                .map((item, index) => ({ ...item, record: at, field: index === 0 ? 'cantidad' : 'importe' }))
            : [],
      }
    }),
  }
}
