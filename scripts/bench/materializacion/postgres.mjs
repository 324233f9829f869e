import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// `postgres.mjs DIR ROWS RUNS`: rows into a local PostgreSQL, ours against psql (or, where there is none, a bare COPY by the driver) in the
// same run. Prints one line of JSON.
const require = createRequire(import.meta.url)
const load = (name) => require(join(process.env.SAGE_BENCH_OUT, `${name}.cjs`))
const [, , dir, rowsText, runsText] = process.argv
const [rows, runs] = [Number(rowsText), Number(runsText)]

const TYPES = {
  entero: ['BIGINT', 'bigint', { tipo: 'entero' }],
  texto: ['VARCHAR', 'text', { tipo: 'texto' }],
  decimal: ['DECIMAL(18,4)', 'numeric(18,4)', { tipo: 'decimal', precision: 18, escala: 4 }],
  fecha: ['DATE', 'date', { tipo: 'fecha' }],
  fecha_hora: ['TIMESTAMP', 'timestamp', { tipo: 'fecha_hora', zona: false }],
  booleano: ['BOOLEAN', 'boolean', { tipo: 'booleano' }],
}
/** Twenty columns of a sale: their type and what DuckDB makes them of. */
const COLUMNS = [
  ['id', 'entero', 'i'],
  ['documento', 'texto', "'F001-' || lpad(CAST(i AS VARCHAR), 8, '0')"],
  ['cliente', 'texto', "'C' || (i * 7919) % 40000"],
  ['razon_social', 'texto', "'Distribuidora Ñuñoa, S.A. ' || (i * 31) % 9973"],
  ['producto', 'texto', "'P' || (i * 104729) % 5000"],
  ['descripcion', 'texto', "'Producto de prueba número ' || (i * 13) % 1000"],
  ['vendedor', 'texto', "'V' || i % 300"],
  ['moneda', 'texto', "CASE WHEN i % 9 = 0 THEN 'USD' ELSE 'PEN' END"],
  ['nota', 'texto', "CASE WHEN i % 4 = 0 THEN NULL ELSE 'nota \"' || i % 77 || '\"' END"],
  ['cantidad', 'entero', 'i % 144'],
  ['dias', 'entero', 'i % 90'],
  ['precio', 'decimal', '(i % 100000) / 100.0'],
  ['importe', 'decimal', '(i * 37 % 10000000) / 100.0'],
  ['descuento', 'decimal', '(i % 500) / 1000.0'],
  ['impuesto', 'decimal', '(i * 11 % 300000) / 10000.0'],
  ['total', 'decimal', '(i * 41 % 90000000) / 100.0'],
  ['fecha', 'fecha', "DATE '2024-01-01' + CAST(i % 730 AS INTEGER)"],
  ['entrega', 'fecha', "DATE '2024-01-03' + CAST(i % 730 AS INTEGER)"],
  ['registrado', 'fecha_hora', "TIMESTAMP '2024-01-01 08:00:00' + to_seconds(i)"],
  ['activo', 'booleano', 'i % 5 <> 0'],
]
const names = COLUMNS.map(([name]) => `"${name}"`).join(', ')
const ddl = (table, key) =>
  `CREATE TABLE ${table} (${COLUMNS.map(([name, type]) => `"${name}" ${TYPES[type][1]}`).join(', ')}${key ? ', PRIMARY KEY ("id")' : ''})`
const tableOf = (estrategia) => ({
  ...{
    catalogo: 'ventas',
    esquema: null,
    tabla: 'destino',
    filtro: null,
    crear: true,
    indices: [],
    deriva: 'congelar',
    formato: null,
  },
  columnas: COLUMNS.map(([nombre, type]) => ({
    nombre,
    tipo: TYPES[type][2],
    nulos: nombre !== 'id',
    fuente: { de: 'campo', campo: nombre },
  })),
  estrategia,
})

async function makeFiles(duck) {
  const made = {}
  // Half of the second file has the keys of the first.
  for (const [name, from] of [
    ['base', 0],
    ['nueva', Math.floor(rows / 2)],
  ]) {
    const cells = COLUMNS.map(([column, type, sql]) => `CAST(${sql} AS ${TYPES[type][0]}) AS "${column}"`)
    const offset = name === 'nueva' ? cells.map((cell) => cell.replaceAll('(i * 41 %', '(i * 43 %')) : cells
    const parquet = join(dir, `${name}.parquet`)
    const csv = join(dir, `${name}.csv`)
    await duck.run(
      `COPY (SELECT ${offset.join(', ')}, i - ${from} AS _sage_registro FROM range(${from} + 1, ${from + rows} + 1) AS n(i)) TO '${parquet}' (FORMAT parquet, COMPRESSION snappy)`,
    )
    await duck.run(
      `COPY (SELECT ${names} FROM read_parquet('${parquet}')) TO '${csv}' (FORMAT csv, HEADER false)`,
    )
    made[name] = { parquet, csv, bytes: statSync(csv).size }
  }
  return made
}

const hasPsql = spawnSync('psql', ['--version']).status === 0

/** Statements one after the other; one that is `{ copy, from }` sends a file. Seconds, with the connection. */
const plain = (server, base, script) => (hasPsql ? psql(server, base, script) : driver(server, base, script))

function psql(server, base, script) {
  const file = join(dir, 'orden.sql')
  const lines = script.map((one) =>
    one.copy ? `\\copy ${one.copy} FROM '${one.from}' WITH (FORMAT csv)` : `${one};`,
  )
  writeFileSync(file, `${lines.join('\n')}\n`)
  const env = { ...process.env, PGPASSWORD: server.password }
  const where = ['-h', server.host, '-p', String(server.port), '-U', server.user, '-d', base]
  const started = performance.now()
  const { status, stderr, error } = spawnSync(
    'psql',
    [...where, '-qX', '-v', 'ON_ERROR_STOP=1', '-f', file],
    {
      ...{ env, encoding: 'utf8' },
    },
  )
  if (status !== 0) throw error ?? new Error(stderr)
  return (performance.now() - started) / 1000
}

async function driver(server, base, script) {
  const { from } = require('pg-copy-streams')
  const started = performance.now()
  const client = await server.connect(base)
  for (const one of script) {
    if (one.copy)
      await pipeline(
        createReadStream(one.from),
        client.query(from(`COPY ${one.copy} FROM STDIN WITH (FORMAT csv)`)),
      )
    else await client.query(one)
  }
  await client.end()
  return (performance.now() - started) / 1000
}

/** Ours, from the Parquet of the accepted records to the commit, connection and DuckDB included. */
async function ours(server, base, file, estrategia) {
  const { openDuck } = load('duckdb')
  const { LOAD_THREADS, loadTables } = load('materializacion')
  const { postgres } = load('destino')
  const started = performance.now()
  const duck = await openDuck({ dir, threads: LOAD_THREADS })
  const tabla = tableOf(estrategia)
  const sql = `SELECT ${names}, _sage_registro FROM read_parquet('${file.parquet}')`
  const source = { columnas: tabla.columnas, filas: rows, duck, dir, sql }
  const session = await postgres.open(
    {
      tipo: 'postgres',
      version: 1,
      servidor: server.host,
      puerto: server.port,
      base,
      usuario: server.user,
      tls: 'no',
      esquema: 'public',
    },
    { contrasena: server.password },
    { dataDir: dir },
  )
  const run = {
    carga: randomUUID(),
    ejecucion: randomUUID(),
    materializacion: '1',
    en: new Date().toISOString(),
  }
  const steps = []
  const result = await loadTables(session, [{ tabla, source }], run, {
    onStep: (what) => void steps.push([what, performance.now()]),
  })
  await session.close()
  await duck.close()
  const ended = performance.now()
  const phases = steps.map(([what, at], i) => [what, ((steps[i + 1]?.[1] ?? ended) - at) / 1000])
  return { seconds: (ended - started) / 1000, totals: result.totales, phases }
}

const handUpsert = (csv) => [
  'BEGIN',
  'CREATE TEMP TABLE etapa (LIKE destino) ON COMMIT DROP',
  { copy: 'etapa', from: csv },
  `INSERT INTO destino SELECT * FROM etapa ON CONFLICT ("id") DO UPDATE SET ${COLUMNS.slice(1)
    .map(([name]) => `"${name}" = EXCLUDED."${name}"`)
    .join(', ')}`,
  'COMMIT',
]

mkdirSync(dir, { recursive: true })
const { startPostgres } = load('postgres')
const { openDuck } = load('duckdb')
// As a server that keeps what it is given: the tests' own is set to forget.
const settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', max_wal_size: '1GB' }
const server = await startPostgres({ settings })
try {
  const duck = await openDuck({ dir })
  const files = await makeFiles(duck)
  await duck.close()
  const base = await server.createDatabase()
  const admin = await server.connect(base)
  const fresh = async (full) => {
    await admin.query('DROP TABLE IF EXISTS destino, _sage_cargas')
    await admin.query(ddl('destino', full))
    if (full) await admin.query('INSERT INTO destino SELECT * FROM base')
    await admin.query('ANALYZE destino')
    await admin.query('CHECKPOINT')
  }
  const sum = async () => {
    const {
      rows: [row],
    } = await admin.query(
      'SELECT count(*)::text AS n, sum(total)::text AS total, sum(hashtext(destino::text))::text AS hash FROM destino',
    )
    return `${row.n} ${row.total} ${row.hash}`
  }
  await admin.query(ddl('base', false))
  await plain(server, base, [{ copy: 'base', from: files.base.csv }])
  const best = {}
  const keep = (name, one) => {
    if (!best[name] || one.seconds < best[name].seconds) best[name] = one
  }
  for (let i = 0; i < runs; i++) {
    await fresh(false)
    keep('copy', {
      seconds: await plain(server, base, [{ copy: 'destino', from: files.nueva.csv }]),
      sum: await sum(),
    })
    await fresh(false)
    keep('append', { ...(await ours(server, base, files.nueva, { tipo: 'append' })), sum: await sum() })
    await fresh(true)
    keep('handUpsert', { seconds: await plain(server, base, handUpsert(files.nueva.csv)), sum: await sum() })
    await fresh(true)
    keep('upsert', {
      ...(await ours(server, base, files.nueva, { tipo: 'upsert', clave: ['id'] })),
      sum: await sum(),
    })
  }
  const version = (await admin.query('SHOW server_version')).rows[0].server_version
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${JSON.stringify({ rows, csvBytes: files.nueva.bytes, version, psql: hasPsql, rssMb, best })}\n`,
  )
} finally {
  await server.stop()
}
