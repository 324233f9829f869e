import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// `archivos.mjs DIR ROWS RUNS`: accepted records into files, ours against DuckDB's own COPY of the same rows, in the same run. Prints one line
// of JSON.
const require = createRequire(import.meta.url)
const load = (name) => require(join(process.env.SAGE_BENCH_OUT, `${name}.cjs`))
const [, , dir, rowsText, runsText] = process.argv
const [rows, runs] = [Number(rowsText), Number(runsText)]

/** Twenty columns of a sale: type of the field, what DuckDB makes of it, and type of the column. Decimals are staged as their digits. */
const texto = { tipo: 'texto' }
const money = { tipo: 'decimal', precision: 18, escala: 4 }
const COLUMNS = [
  ['id', 'entero', 'i', { tipo: 'entero' }],
  ['documento', 'texto', "'F001-' || lpad(CAST(i AS VARCHAR), 8, '0')", texto],
  ['cliente', 'texto', "'C' || (i * 7919) % 40000", texto],
  ['razon_social', 'texto', "'Distribuidora Ñuñoa, S.A. ' || (i * 31) % 9973", texto],
  ['producto', 'texto', "'P' || (i * 104729) % 5000", texto],
  ['descripcion', 'texto', "'Producto de prueba número ' || (i * 13) % 1000", { ...texto, largo: 80 }],
  ['vendedor', 'texto', "'V' || i % 300", texto],
  ['moneda', 'texto', "CASE WHEN i % 9 = 0 THEN 'USD' ELSE 'PEN' END", { ...texto, largo: 3 }],
  ['nota', 'texto', "CASE WHEN i % 4 = 0 THEN NULL ELSE 'nota \"' || i % 77 || '\"' END", texto],
  ['cantidad', 'entero', 'i % 144', { tipo: 'entero' }],
  ['dias', 'entero', 'i % 90', { tipo: 'entero' }],
  ['precio', 'decimal', '((i % 100000) / 100.0)::DECIMAL(18,2)::VARCHAR', money],
  ['importe', 'decimal', '((i * 37 % 10000000) / 100.0)::DECIMAL(18,2)::VARCHAR', money],
  ['descuento', 'decimal', '((i % 500) / 1000.0)::DECIMAL(18,3)::VARCHAR', money],
  ['impuesto', 'decimal', '((i * 11 % 300000) / 10000.0)::DECIMAL(18,4)::VARCHAR', money],
  ['total', 'decimal', '((i * 41 % 90000000) / 100.0)::DECIMAL(18,2)::VARCHAR', money],
  ['fecha', 'fecha', "(DATE '2024-01-01' + CAST(i % 730 AS INTEGER))::TIMESTAMP", { tipo: 'fecha' }],
  ['entrega', 'fecha', "(DATE '2024-01-03' + CAST(i % 730 AS INTEGER))::TIMESTAMP", { tipo: 'fecha' }],
  [
    'registrado',
    'fecha',
    "TIMESTAMP '2024-01-01 08:00:00' + to_seconds(i)",
    { tipo: 'fecha_hora', zona: false },
  ],
  ['activo', 'booleano', 'i % 5 <> 0', { tipo: 'booleano' }],
]
const FORMATS = {
  parquet: { tipo: 'parquet', compresion: 'zstd', filasPorGrupo: 122_880, particiones: [] },
  csv: { tipo: 'csv', delimitador: ',', encabezado: true },
}
const COPY = {
  parquet: 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880',
  csv: 'FORMAT csv, HEADER true',
}

const execution = join(dir, 'ejecucion')
const out = join(dir, 'destino')
const staged = join(execution, 'aceptados', 'ventas.parquet')

const tableOf = (formato, estrategia) => ({
  ...{ catalogo: 'ventas', esquema: null, tabla: 'ventas', filtro: null, crear: true, indices: [] },
  ...{ deriva: 'congelar', formato, estrategia },
  columnas: COLUMNS.map(([nombre, , , tipo]) => ({
    ...{ nombre, tipo, nulos: nombre !== 'id' },
    fuente: { de: 'campo', campo: nombre },
  })),
})

/** What an execution leaves of a million sales. */
async function stage() {
  const { openDuck } = load('duckdb')
  mkdirSync(join(execution, 'aceptados'), { recursive: true })
  const info = {
    version: 1,
    catalog: 'ventas',
    columns: COLUMNS.map(([name, type]) => ({ name, type })),
    numbering: 'position',
    files: [{ file: 'ventas.csv', before: 0 }],
  }
  const duck = await openDuck({ dir: execution })
  const cells = COLUMNS.map(([name, , sql]) => `${sql} AS "${name}"`)
  await duck.run(
    `COPY (SELECT ${cells.join(', ')} FROM range(1, ${rows + 1}) AS n(i)) TO '${staged}' (FORMAT parquet, COMPRESSION snappy, KV_METADATA {sage: '${JSON.stringify(info)}'})`,
  )
  await duck.close()
}

/** Ours, from the Parquet of the accepted records to the file in its place: values checked, ledger written, flushed to the disk. */
async function ours(formato, estrategia) {
  const { openAccepted, openRows } = load('rows')
  const { folderShelves, loadFiles } = load('archivos')
  const started = performance.now()
  const accepted = await openAccepted(execution, { alsoDir: out })
  const run = {
    carga: randomUUID(),
    ejecucion: randomUUID(),
    materializacion: '1',
    en: new Date().toISOString(),
  }
  const tabla = tableOf(formato, estrategia)
  const { source } = await openRows({
    duck: accepted.duck,
    dir: accepted.dir,
    staged: accepted.catalog('ventas'),
    tabla,
    run,
  })
  const { totales, bytes } = await loadFiles(folderShelves(out), [{ tabla, source }], run)
  await accepted.close()
  return { seconds: (performance.now() - started) / 1000, totales, bytes }
}

/** DuckDB alone: the same columns, typed, in one COPY. */
async function copy(tipo) {
  const { openDuck } = load('duckdb')
  const started = performance.now()
  const duck = await openDuck({ dir })
  const casts = { decimal: 'DECIMAL(18, 4)', fecha: 'DATE' }
  const cells = COLUMNS.map(([name, , , { tipo: type }]) =>
    casts[type] ? `CAST("${name}" AS ${casts[type]}) AS "${name}"` : `"${name}"`,
  )
  const path = join(dir, `copia.${tipo}`)
  await duck.run(
    `COPY (SELECT ${cells.join(', ')} FROM read_parquet('${staged}')) TO '${path}' (${COPY[tipo]})`,
  )
  await duck.close()
  return { seconds: (performance.now() - started) / 1000, bytes: statSync(path).size }
}

rmSync(dir, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await stage()
const best = {}
/** The fastest of some runs, and the least processor: what else the machine was doing only ever adds. */
const keep = async (name, work) => {
  const before = process.cpuUsage()
  const one = await work()
  const { user, system } = process.cpuUsage(before)
  const cpuSeconds = Math.min((user + system) / 1e6, best[name]?.cpuSeconds ?? Number.POSITIVE_INFINITY)
  const seconds = Math.min(one.seconds, best[name]?.seconds ?? Number.POSITIVE_INFINITY)
  best[name] = { ...one, seconds, cpuSeconds }
}
for (let i = 0; i < runs; i++) {
  for (const tipo of ['parquet', 'csv']) {
    await keep(`copy_${tipo}`, () => copy(tipo))
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out)
    await keep(`full_${tipo}`, () => ours(FORMATS[tipo], { tipo: 'full', conservar: 0 }))
    await keep(`upsert_${tipo}`, () => ours(FORMATS[tipo], { tipo: 'upsert', clave: ['id'] }))
  }
}
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${JSON.stringify({ rows, stagedBytes: statSync(staged).size, rssMb, best })}\n`)
rmSync(dir, { recursive: true, force: true })
