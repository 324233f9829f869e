import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

// One measure: `worker.mjs NAME DIR OPTIONS`. Prints one line of JSON.
const require = createRequire(import.meta.url)
const load = (name) => require(join(process.env.SAGE_BENCH_OUT, `${name}.cjs`))
const [, , name, dir, extra = '{}'] = process.argv
const given = JSON.parse(extra)
const csv = (id) => join(dir, 'csv', `${id}.csv`)
const yamlText = () => readFileSync(join(dir, 'paquete.yaml'), 'utf8')
const memory = given.memoryMb ? { memoryLimit: given.memoryMb * 1024 * 1024 } : {}

async function duckdb() {
  const { DuckDBInstance } = require('@duckdb/node-api')
  const temp = join(dir, 'tmp-floor')
  mkdirSync(temp, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: given.memoryMb ? `${given.memoryMb}MiB` : '2048MiB',
    temp_directory: temp,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  return { connection, end: () => rmSync(temp, { recursive: true, force: true }) }
}

function relation(catalog) {
  const columns = catalog.fields.map((_, i) => `k${i}: 'VARCHAR'`).join(', ')
  return `read_csv('${csv(catalog.id)}', auto_detect=false, header=${catalog.header}, delim='${catalog.delimiter}', quote='"', escape='"', new_line='\\n', nullstr='', columns={${columns}})`
}

const SQL_TYPES = { entero: 'BIGINT', decimal: 'DOUBLE', fecha: 'TIMESTAMP' }

function cast(field, i) {
  if (field.type === 'texto') return null
  if (field.type !== 'booleano') return `TRY_CAST(k${i} AS ${SQL_TYPES[field.type]})`
  return `CASE WHEN lower(k${i}) IN ('true','1','verdadero','sí','si') THEN true WHEN lower(k${i}) IN ('false','0','falso','no') THEN false END`
}

/** What DuckDB alone needs: one scan per catalog with every type, null and uniqueness check as an aggregate. */
async function floor() {
  const { CATALOGS } = load('generator')
  const { connection, end } = await duckdb()
  for (const catalog of CATALOGS) {
    const checks = catalog.fields.flatMap((field, i) => {
      const typed = cast(field, i)
      return [
        typed ? `count(*) FILTER (k${i} IS NOT NULL AND ${typed} IS NULL)` : `count(k${i})`,
        ...(field.required ? [`count(*) FILTER (k${i} IS NULL)`] : []),
        ...(field.unique ? [`count(k${i}) - count(DISTINCT k${i})`] : []),
      ]
    })
    await connection.runAndReadAll(`SELECT count(*), ${checks.join(', ')} FROM ${relation(catalog)}`)
  }
  end()
}

async function copy() {
  const { CATALOGS } = load('generator')
  const { connection, end } = await duckdb()
  for (const catalog of CATALOGS) {
    const list = catalog.fields.map(
      (field, i) => `${(field.type === 'decimal' ? null : cast(field, i)) ?? `k${i}`} AS "${field.name}"`,
    )
    const target = join(dir, 'tmp-floor', `${catalog.id}.parquet`)
    await connection.run(
      `COPY (SELECT ${list.join(', ')} FROM ${relation(catalog)}) TO '${target}' (FORMAT parquet, COMPRESSION snappy)`,
    )
  }
  end()
}

const MORE_RULES = [
  ...[
    'cantidad',
    'precio',
    'importe',
    'descuento',
    'igv',
    'total',
    'costo',
    'factor',
    'dias_credito',
    'item',
  ].flatMap((f) => [`df['${f}'] >= 0`, `df['${f}'] < 1000000000`, `df['${f}'].notnull()`]),
  `df['moneda'].isin(['PEN', 'USD'])`,
  `df['documento'].str.len() == 13`,
  `df['codigo_cliente'].str.startswith('C')`,
  `df['codigo_producto'].str.startswith('P')`,
  `df['total'] >= df['importe']`,
  `df['igv'] <= df['total']`,
  `df['codigo_vendedor'].str.match('^V[0-9]+$')`,
  `df['unidad'].isin(['UND', 'CJ', 'PQ'])`,
  `df['fecha_entrega'] >= df['fecha_documento']`,
  `(df['cantidad'] > 0) & (df['precio'] > 0)`,
].map((rule, i) => ({ name: `Regla ${i + 1}`, description: '', rule, severity: 'error', path: '' }))

async function csvs(more) {
  const { judgeFiles } = load('judge')
  const { readSchema } = load('schema')
  const schema = readSchema(yamlText())
  const sales = schema.catalogs.get('ventas')
  if (more) sales.rowRules.push(...MORE_RULES)
  const files = new Map([...schema.catalogs.keys()].map((id) => [id, csv(id)]))
  const judged = await judgeFiles(dir, schema, 'envio', files, memory.memoryLimit)
  return { phases: judged.seconds, records: judged.records, errors: judged.errors }
}

async function zip(stage) {
  const { runExecution } = load('execution')
  const out = join(dir, 'ejecucion')
  rmSync(out, { recursive: true, force: true })
  const verdict = await runExecution({
    inputPath: join(dir, 'paquete.zip'),
    inputName: 'paquete.zip',
    yamlText: yamlText(),
    executionId: randomUUID(),
    dir: out,
    politica: 'todo_o_nada',
    stage,
    ...memory,
  })
  rmSync(out, { recursive: true, force: true })
  return { phases: verdict.timings, records: verdict.totals.records, errors: verdict.totals.errors }
}

const NODE_CHECKS = {
  texto: () => true,
  entero: (text) => /^[-+]?\d+(?:\.0+)?$/.test(text),
  decimal: (text) =>
    /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text)),
  fecha: (text) =>
    /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$/.test(text) && !Number.isNaN(Date.parse(text)),
  booleano: (text) => /^(?:true|false|1|0|verdadero|falso|s[ií]|no)$/i.test(text),
}

/** A plain streaming parser as one would write it in Node, types only. */
async function node() {
  const { CATALOGS } = load('generator')
  let bad = 0
  for (const catalog of CATALOGS) {
    const checks = catalog.fields.map((field) => NODE_CHECKS[field.type])
    let skip = catalog.header
    const record = (cells) => {
      if (skip) {
        skip = false
        return
      }
      for (let i = 0; i < checks.length; i++) if (cells[i] !== '' && !checks[i](cells[i])) bad++
    }
    await parse(csv(catalog.id), catalog.delimiter, record)
  }
  return { bad }
}

async function parse(path, delimiter, record) {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const text = rest + chunk
    let at = 0
    for (;;) {
      const end = text.indexOf('\n', at)
      if (end < 0) break
      const line = text.slice(at, end)
      at = end + 1
      record(line.includes('"') ? quoted(line, delimiter) : line.split(delimiter))
    }
    rest = text.slice(at)
  }
  if (rest) record(rest.split(delimiter))
}

function quoted(line, delimiter) {
  const cells = []
  let at = 0
  while (at <= line.length) {
    if (line[at] === '"') {
      let cell = ''
      at++
      for (;;) {
        const end = line.indexOf('"', at)
        if (end < 0) return cells
        cell += line.slice(at, end)
        at = end + 1
        if (line[at] !== '"') break
        cell += '"'
        at++
      }
      cells.push(cell)
      at++
    } else {
      const end = line.indexOf(delimiter, at)
      cells.push(line.slice(at, end < 0 ? line.length : end))
      if (end < 0) break
      at = end + 1
    }
  }
  return cells
}

async function generate() {
  const { generatePackage } = load('generator')
  const made = await generatePackage({ rows: given.rows, dir })
  const sum = (key) => made.files.reduce((total, file) => total + file[key], 0)
  return { package: { records: sum('records'), csvBytes: sum('bytes'), zipBytes: statSync(made.zip).size } }
}

function pandas() {
  const done = spawnSync(given.python, [join(import.meta.dirname, 'pandas_check.py'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`pandas terminó con ${done.status}`)
  // The work was a child's: so are its processor and its memory.
  return JSON.parse(done.stdout)
}

const WORK = {
  floor,
  copy,
  node,
  generate,
  pandas,
  csv: () => csvs(false),
  csv40: () => csvs(true),
  zip: () => zip(false),
  stage: () => zip(true),
}

const work = WORK[name]
if (!work) throw new Error(`No hay ninguna medida «${basename(name)}»`)
const started = performance.now()
const result = await work()
const seconds = (performance.now() - started) / 1000
const usage = process.resourceUsage()
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    rssMb: Math.round(usage.maxRSS / 1024),
    ...result,
  }),
)
process.exit(0)
