import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verdict } from '@shared/model/execution'
import type { Finding } from '@shared/model/findings'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeReports } from './index'
import { resultsTxt } from './results-txt'

const EVIL = `<img src=x onerror=alert(1)>"'&</style></bdi>\u202e\u0000\u001b[31m`

const verdict: Verdict = {
  executionId: '0b5c1f5e-1111-4222-8333-444455556666',
  estado: 'Fallido',
  packageId: 'diario',
  packageName: 'Envío diario',
  schemaName: 'Distribuidora - canal tradicional',
  schemaVersion: '1.0.0',
  inputFile: 'diario.zip',
  inputBytes: 123_456,
  inputSha256: 'a'.repeat(64),
  startedAt: '2025-11-25T14:03:09.000Z',
  finishedAt: '2025-11-25T14:03:12.500Z',
  records: { clientes: 1234, ventas: 3000 },
  totals: { records: 4234, errors: 3, warnings: 1, messages: 0, refused: 2, successRate: 99.9999 },
  checks: [
    {
      id: 0,
      scope: 'catalog',
      target: 'clientes',
      recordsOf: 'clientes',
      kind: 'required',
      rule: 'required:nombre',
      field: 'nombre',
      severity: 'error',
      message: EVIL,
      count: 2,
      recordCount: 2,
      records: [15, 1200],
    },
    {
      id: 1,
      scope: 'package',
      target: 'diario',
      recordsOf: null,
      kind: 'package',
      rule: 'Total',
      field: null,
      severity: 'warning',
      message: 'El total no cuadra.',
      count: 1,
      recordCount: 0,
      records: [],
    },
    {
      id: 2,
      scope: 'catalog',
      target: 'ventas',
      recordsOf: null,
      kind: 'rule',
      rule: 'Rota',
      field: null,
      severity: 'error',
      message: 'La regla no se pudo compilar.',
      count: 1,
      recordCount: 0,
      records: [],
    },
  ],
  files: [
    {
      catalog: 'clientes',
      file: 'clientes.csv',
      state: 'procesado',
      records: 1234,
      errors: 2,
      warnings: 0,
      messages: 0,
      refused: 2,
      bytes: 2048,
      encoding: 'utf-8',
      processingSeconds: 0.25,
    },
    {
      catalog: '__proto__',
      file: '__proto__',
      state: 'faltante',
      records: 0,
      errors: 1,
      warnings: 0,
      messages: 0,
      refused: 0,
      bytes: 0,
      encoding: null,
      processingSeconds: 0,
    },
  ],
  fileErrors: [
    {
      file: '__proto__',
      catalog: '__proto__',
      code: 'FILE_MISSING',
      message: 'Falta el archivo.',
      severity: 'error',
    },
    {
      file: 'ventas.csv',
      catalog: 'ventas',
      code: 'COLUMNS',
      message: 'Faltan columnas.',
      hint: 'Revisar el delimitador.',
      expected: '12',
      found: '11',
      severity: 'error',
    },
  ],
  detailCap: 1000,
  timings: {},
}
const sample: Finding[] = [
  {
    seq: 0,
    checkId: 0,
    catalog: 'clientes',
    file: 'clientes.csv',
    record: 15,
    line: 16,
    field: 'nombre',
    value: EVIL,
    rule: 'required:nombre',
    severity: 'error',
    message: EVIL,
  },
  {
    seq: 1,
    checkId: 0,
    catalog: 'clientes',
    file: 'clientes.csv',
    record: 1200,
    line: 1201,
    field: 'nombre',
    value: 'x'.repeat(1_000_000),
    rule: 'required:nombre',
    severity: 'error',
    message: EVIL,
  },
]

describe('writeReports', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sage-report-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')

  it('writes three files, over old ones, and leaves nothing half-done', async () => {
    await writeFile(join(dir, 'report.html'), 'old')
    await writeReports(dir, verdict, sample, { lang: 'es' })
    expect((await readdir(dir)).sort()).toEqual(['details.json', 'report.html', 'results.txt'])
    expect(await read('report.html')).not.toContain('old')
  })

  it('a folder that is gone is an error and leaves no part', async () => {
    await expect(writeReports(join(dir, 'no'), verdict, sample)).rejects.toThrow(/ENOENT/)
    expect(await readdir(dir)).toEqual([])
  })

  it('details.json keeps the keys that integrations read', async () => {
    await writeReports(dir, verdict, sample)
    const details = JSON.parse(await read('details.json'))
    expect(details.general_info).toMatchObject({
      timestamp: verdict.finishedAt,
      start_time: verdict.startedAt,
      end_time: verdict.finishedAt,
      execution_time_seconds: 3.5,
      config_file: 'input.yaml',
    })
    expect(details.summary).toMatchObject({
      total_records: 4234,
      total_errors: 3,
      total_warnings: 1,
      success_rate: 99.9999,
    })
    expect(details.file_stats['clientes.csv']).toMatchObject({
      records: 1234,
      errors: 2,
      warnings: 0,
      processing_time: 0.25,
    })
    expect(Object.keys(details.file_stats)).toEqual(['clientes.csv', '__proto__'])
    expect(details.format_errors).toMatchObject([{ file: 'ventas.csv', expected: '12', found: '11' }])
    expect(details.missing_files).toEqual([{ file: '__proto__', catalog: '__proto__', package: 'diario' }])
    expect(details.skipped_rules).toMatchObject([{ rule: 'Rota', catalog: 'ventas' }])
    for (const log of details.logs)
      expect(Object.keys(log)).toEqual([
        'timestamp',
        'level',
        'message',
        'details',
        'file',
        'line',
        'rule',
        'value',
      ])
    expect(details.logs.map((log: { rule: string }) => log.rule)).toEqual([
      'structure',
      'structure',
      'Total',
      'Rota',
      'required:nombre',
      'required:nombre',
    ])
    expect(details.logs[4]).toMatchObject({ level: 'ERROR', file: 'clientes.csv', line: 16, value: EVIL })
    expect(details.logs[5].value).toHaveLength(4001)
  })

  it('report.html escapes everything and allows only its own style', async () => {
    await writeReports(dir, verdict, sample)
    const page = await read('report.html')
    expect(page.match(/<img|<script|<link|<iframe|javascript:|\son\w+=(?!alert)/gi)).toBeNull()
    expect(page).toContain(
      '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;/style&gt;&lt;/bdi&gt;···[31m',
    )
    for (const char of ['\u202e', '\u0000', '\u001b']) expect(page).not.toContain(char)
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    )
    expect(page).not.toMatch(/\sstyle="/)
    expect(page.length).toBeLessThan(40_000)
    for (const tag of ['details', 'table', 'tr', 'td', 'section', 'bdi', 'svg', 'span', 'ul', 'dl']) {
      expect([tag, page.split(`<${tag}>`).length + page.split(`<${tag} `).length - 2]).toEqual([
        tag,
        page.split(`</${tag}>`).length - 1,
      ])
    }
    expect(page).toContain('1,234')
    expect(page).toContain('99.99 %')
    expect(page).toContain('La regla da un solo resultado')
  })

  it('a clean verdict says so', async () => {
    const clean: Verdict = {
      ...verdict,
      estado: 'Éxito',
      checks: [],
      fileErrors: [],
      files: verdict.files.slice(0, 1),
      totals: { ...verdict.totals, errors: 0, warnings: 0, refused: 0, successRate: 100 },
    }
    await writeReports(dir, clean, [])
    expect(await read('report.html')).toContain('Ninguna regla señala registros')
    const text = await read('results.txt')
    expect(text).not.toContain('ERRORES DE FORMATO')
    expect(text).toMatch(/Tasa de éxito \.+ 100\.00 %/)
  })
})

describe('results.txt', () => {
  it('is boxes of 80 columns whatever the texts', () => {
    const text = resultsTxt({ ...verdict, inputFile: `${'largo'.repeat(60)}.zip`, packageName: 'con\nsalto' })
    const boxed = text.split('\n').filter((line) => /^[│┌├└╔║╚]/.test(line))
    expect(boxed.length).toBeGreaterThan(30)
    for (const line of boxed) expect(line).toHaveLength(80)
    for (const title of [
      'INFORMACIÓN GENERAL',
      'RESUMEN GLOBAL',
      'ESTADÍSTICAS POR ARCHIVO',
      'ERRORES DE FORMATO',
      'ARCHIVOS FALTANTES',
      'REGLAS INCUMPLIDAS',
    ])
      expect(text).toContain(`│ ${title} `)
    expect(text).toMatch(/Duración \.+ 00:00:04/)
    expect(text).toMatch(/Registros \.+ 4,234/)
    expect(text).toContain('con⏎salto')
  })
})
