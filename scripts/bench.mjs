import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { materializacion } from './bench/materializacion/index.mjs'
import { LOCAL_CACHE, node24, ROOT, say, toolEnv } from './lib/paths.mjs'
import { main } from './lib/run.mjs'

// npm run bench [-- --rows 100000,1000000] [--10m] [--runs 3] [--json FILE] [--memory MB]
//   npm run bench -- materializacion [--rows 1000000] [--runs 3]: loads into a local PostgreSQL, against psql.
// On the same files, each measure in a process of its own: this engine (unpacked CSVs, ZIP to reports, with staging), one DuckDB scan per
// catalog with the same checks as aggregates (the floor), a plain Node streaming parser that only checks types, pandas where it can be had.

const OUT = join(ROOT, 'out', 'bench')
const DATA = join(LOCAL_CACHE, 'bench')
const WORKER = join(ROOT, 'scripts', 'bench', 'worker.mjs')

function options() {
  const args = process.argv.slice(2)
  const value = (name, fallback) => {
    const at = args.indexOf(name)
    return at >= 0 && args[at + 1] ? args[at + 1] : fallback
  }
  const rows = value('--rows', args.includes('--10m') ? '100000,1000000,10000000' : '100000,1000000')
  return {
    rows: rows.split(',').map(Number),
    runs: Number(value('--runs', '3')),
    json: value('--json', join(DATA, 'bench.json')),
    memory: Number(value('--memory', '0')),
    only: value('--only', '').split(',').filter(Boolean),
  }
}

function build() {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const done = spawnSync(
    node24(),
    [vite, 'build', '-c', join(ROOT, 'scripts', 'bench', 'vite.config.ts'), '--logLevel', 'error'],
    { cwd: ROOT, env: toolEnv(), stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (done.status !== 0) throw new Error('No se pudo compilar el banco de pruebas')
}

/** One measure in a process of its own: its peak memory is its alone. */
function measure(name, dir, extra = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24(), ['--no-warnings', WORKER, name, dir, JSON.stringify(extra)], {
      cwd: ROOT,
      env: toolEnv({ SAGE_BENCH_OUT: OUT }),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code !== 0) reject(new Error(`La medida «${name}» terminó con ${code}`))
      else resolve(JSON.parse(text.trim().split('\n').at(-1)))
    })
  })
}

/** The fastest of some runs: what else the machine was doing only ever adds. */
async function best(name, dir, runs, extra) {
  let winner
  for (let i = 0; i < runs; i++) {
    const one = await measure(name, dir, extra)
    if (!winner || one.seconds < winner.seconds)
      winner = { ...one, rssMb: Math.max(one.rssMb, winner?.rssMb ?? 0) }
  }
  return winner
}

/** A python with pandas: the one of the PATH, or the system's (Debian's python3-pandas) behind another manager's. */
function pandas() {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = spawnSync(python, ['-c', 'import pandas; print(pandas.__version__)'], { encoding: 'utf8' })
    if (found.status === 0) return { python, version: found.stdout.trim() }
  }
  return null
}

const MEASURES = [
  ['floor', 'DuckDB: un recorrido por catálogo (suelo)'],
  ['csv', 'SAGE: CSV sueltos → veredicto'],
  ['csv40', 'SAGE: lo mismo con 40 reglas más en ventas'],
  ['zip', 'SAGE: ZIP → informes escritos'],
  ['stage', 'SAGE: ZIP → informes y Parquet aceptado'],
  ['copy', 'DuckDB: COPY de los CSV a Parquet'],
  ['node', 'Node: solo tipos, línea a línea'],
]

async function oneSize(rows, config) {
  const dir = join(DATA, String(rows))
  if (!existsSync(join(dir, 'listo'))) {
    say(`Generando ${rows.toLocaleString('es')} ventas…`)
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir, { recursive: true })
    const made = await measure('generate', dir, { rows })
    writeFileSync(join(dir, 'listo'), JSON.stringify(made.package))
  }
  const made = JSON.parse(readFileSync(join(dir, 'listo'), 'utf8'))
  const result = {
    rows,
    records: made.records,
    csvBytes: made.csvBytes,
    zipBytes: made.zipBytes,
    measures: {},
  }
  for (const [name] of MEASURES) {
    if (config.only.length > 0 && !config.only.includes(name)) continue
    const runs = rows > 2_000_000 ? 1 : config.runs
    result.measures[name] = await best(name, dir, runs, { memoryMb: config.memory })
    const { seconds, cpuSeconds, rssMb } = result.measures[name]
    say(`  ${rows} ${name}: ${seconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s, ${rssMb} MB`)
  }
  // pandas holds everything in memory: past a few million records it would measure the swap.
  if (config.python && rows <= 2_000_000) {
    result.measures.pandas = await best('pandas', dir, 1, { python: config.python.python })
  }
  return result
}

function table(results, config) {
  const lines = []
  for (const result of results) {
    const floor = result.measures.floor
    lines.push(
      '',
      `### ${result.rows.toLocaleString('es')} ventas: ${result.records.toLocaleString('es')} registros, ${Math.round(result.csvBytes / 1e6)} MB de CSV, ${Math.round(result.zipBytes / 1e6)} MB en ZIP`,
      '',
      '| medida | segundos | CPU s | × suelo | × suelo CPU | memoria MB |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
    )
    for (const [name, label] of [...MEASURES, ['pandas', 'pandas']]) {
      const one = result.measures[name]
      if (!one) continue
      const ratio = (a, b) => (b ? (a / b).toFixed(2) : '')
      lines.push(
        `| ${label} | ${one.seconds.toFixed(2)} | ${one.cpuSeconds.toFixed(2)} | ${ratio(one.seconds, floor?.seconds)} | ${ratio(one.cpuSeconds, floor?.cpuSeconds)} | ${one.rssMb} |`,
      )
    }
    for (const name of ['csv', 'zip', 'stage']) {
      const phases = result.measures[name]?.phases
      if (!phases) continue
      const parts = Object.entries(phases).map(([key, value]) => `${key} ${value.toFixed(2)}`)
      lines.push('', `Fases de «${name}» (s; unzip y scan se solapan): ${parts.join(', ')}`)
    }
  }
  for (let i = 1; i < results.length; i++) {
    const [a, b] = [results[i - 1], results[i]]
    const grow = (name) =>
      a.measures[name] && b.measures[name]
        ? (b.measures[name].seconds / a.measures[name].seconds).toFixed(1)
        : '–'
    lines.push(
      '',
      `Crecimiento ${a.rows} → ${b.rows} (×${b.rows / a.rows}): suelo ×${grow('floor')}, csv ×${grow('csv')}, zip ×${grow('zip')}`,
    )
  }
  lines.push(
    '',
    config.python
      ? `pandas ${config.python.version} (${config.python.python})`
      : 'pandas: no está en esta máquina (`python3 -c "import pandas"` falla), así que no se mide.',
  )
  return lines.join('\n')
}

main(async () => {
  const config = { ...options(), python: pandas() }
  mkdirSync(DATA, { recursive: true })
  build()
  if (process.argv[2] === 'materializacion') {
    // The last size asked for: the largest.
    const rows = config.rows.at(-1)
    process.stdout.write(`${await materializacion({ dir: DATA, out: OUT, rows, runs: config.runs })}\n`)
    return
  }
  const results = []
  for (const rows of config.rows) results.push(await oneSize(rows, config))
  const report = {
    machine: { cpus: cpus().length, model: cpus()[0]?.model, memoryGb: Math.round(totalmem() / 1e9) },
    node: process.version,
    date: new Date().toISOString(),
    runs: config.runs,
    pandas: config.python,
    results,
  }
  writeFileSync(config.json, `${JSON.stringify(report, null, 1)}\n`)
  process.stdout.write(`${table(results, config)}\n\nJSON: ${config.json}\n`)
})
