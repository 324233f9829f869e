import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBuilt } from './lib/builds.mjs'
import { LOCAL_CACHE, node24, ROOT, say, toolEnv } from './lib/paths.mjs'
import { main } from './lib/run.mjs'
import { ensureSystem } from './lib/system.mjs'

// npm run soak -- fuzz   damaged CSV, XLSX and ZIP through whole executions. SAGE_FUZZ_RUNS (10000), SAGE_FUZZ_SEED, SAGE_FUZZ_FROM, SAGE_FUZZ_WORKERS
// npm run soak -- kill   kill -9 at random instants, then run again. SAGE_KILLS (200), SAGE_KILL_SEED
// npm run soak -- daemon kill -9 on the engine while files arrive in watched folders. SAGE_KILLS (200), SAGE_FILES (300), SAGE_KILL_SEED
// npm run soak -- burst  thousands of small files at once, with the engine answering meanwhile. SAGE_FILES (5000), SAGE_CONCURRENCY (2)
// npm run soak -- transfers files through connections that fail, by kind of provider. SAGE_TRANSFERS (500), SAGE_TRANSFERS_SEED, SAGE_PROVIDER
// npm run soak -- volumen SAGE_CONTRACT_ROWS (1000000) rows over as many in every destination that runs here. SAGE_DESTINATION: only one
// The runs are seeded; what fails is named by its number, and SAGE_FUZZ_FROM=N SAGE_FUZZ_RUNS=1 repeats it alone.

const OUT = join(ROOT, 'out', 'soak')
const load = (name) => createRequire(import.meta.url)(join(OUT, `${name}.cjs`))
const setting = (name, fallback) => Number(process.env[name] ?? fallback)
/** Above the fuzzer's own limit for one run: what passes it holds the whole process (a loop that never yields). */
const SILENCE_MS = 60_000

function build() {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const config = join(ROOT, 'scripts', 'soak', 'vite.config.ts')
  const done = spawnSync(node24(), [vite, 'build', '-c', config, '--logLevel', 'error'], {
    cwd: ROOT,
    env: toolEnv(),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (done.status !== 0) throw new Error('No se pudo compilar lo que se va a probar')
}

/** One watched process over its share of the runs. Gives the run it died in, or null when it came to its end. */
function worker(range, root, onLine) {
  return new Promise((done, reject) => {
    const args = [range.from, range.to, range.step, range.seed].map(String)
    const child = spawn(
      node24(),
      ['--no-warnings', join(ROOT, 'scripts', 'soak', 'fuzz-worker.mjs'), ...args, root],
      { cwd: ROOT, env: toolEnv({ SAGE_SOAK_OUT: OUT }), stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let at = null
    let ended = false
    let hung = false
    const onSilence = () => {
      hung = true
      child.kill('SIGKILL')
    }
    let timer = setTimeout(onSilence, SILENCE_MS)
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(timer)
      timer = setTimeout(onSilence, SILENCE_MS)
      const told = JSON.parse(line)
      if (told.start !== undefined) at = told.start
      else if (told.end) ended = true
      else onLine(told)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      done(
        ended
          ? null
          : { run: at, why: hung ? `no dio señales en ${SILENCE_MS / 1000} s` : `murió (${code ?? signal})` },
      )
    })
  })
}

async function fuzz() {
  const runs = setting('SAGE_FUZZ_RUNS', 10_000)
  const seed = setting('SAGE_FUZZ_SEED', load('fuzz').FUZZ_SEED)
  const first = setting('SAGE_FUZZ_FROM', 0)
  const root = mkdtempSync(join(tmpdir(), 'sage-soak-'))
  const told = new Map()
  const failed = []
  let count = 0
  let rssMb = 0
  const started = performance.now()
  const onLine = (line) => {
    count++
    rssMb = Math.max(rssMb, line.rssMb ?? 0)
    if (line.failed === undefined) told.set(line.told, (told.get(line.told) ?? 0) + 1)
    else {
      failed.push(line)
      say(`FALLA ${line.failed}`)
    }
    if (count % 1000 === 0) say(`${count} de ${runs}, ${failed.length} fallas`)
  }
  const step = Math.min(setting('SAGE_FUZZ_WORKERS', availableParallelism()), runs)
  const lane = async (offset) => {
    const own = join(root, `w${offset}`)
    const range = { from: first + offset, to: first + runs, step, seed }
    while (range.from < range.to) {
      const died = await worker(range, own, onLine)
      if (died === null) return
      failed.push({ run: died.run, failed: died.why })
      say(`FALLA fuzz run ${died.run}: el proceso ${died.why}`)
      if (died.run === null) return
      range.from = died.run + step
    }
  }
  await Promise.all(Array.from({ length: step }, (_, offset) => lane(offset)))
  rmSync(root, { recursive: true, force: true })
  const seconds = Math.round((performance.now() - started) / 1000)
  const ends = Object.fromEntries([...told].sort((a, b) => b[1] - a[1]))
  const report = { runs: count, seed, failed, seconds, rssMb, ends }
  writeReport('fuzz', report)
  process.stdout.write(
    `${count} archivos dañados en ${seconds} s, ${failed.length} fallas, hasta ${rssMb} MB por proceso\n${JSON.stringify(ends, null, 1)}\n`,
  )
  return failed.length > 0 || count < runs ? 1 : 0
}

/** A package of some size, made once. */
async function middlePackage(rows) {
  const dir = join(LOCAL_CACHE, 'bench', String(rows))
  if (!existsSync(join(dir, 'listo'))) {
    mkdirSync(dir, { recursive: true })
    const made = await load('generator').generatePackage({ rows, dir })
    const records = made.files.reduce((sum, file) => sum + file.records, 0)
    const csvBytes = made.files.reduce((sum, file) => sum + file.bytes, 0)
    writeFileSync(join(dir, 'listo'), JSON.stringify({ records, csvBytes }))
  }
  return { file: join(dir, 'paquete.zip'), yaml: join(dir, 'paquete.yaml') }
}

async function kill() {
  await ensureBuilt(['engine'])
  const { killRounds } = load('kill')
  const times = setting('SAGE_KILLS', 200)
  const seed = setting('SAGE_KILL_SEED', 1)
  const sample = join(ROOT, 'resources', 'samples', 'distribuidora')
  const inputs = [
    { name: 'muestra', file: join(sample, 'diario.zip'), yaml: join(sample, 'distribuidora.yaml') },
    { name: '100.000 ventas', ...(await middlePackage(100_000)) },
  ]
  const root = mkdtempSync(join(tmpdir(), 'sage-kill-'))
  const report = []
  try {
    for (const input of inputs) {
      const share = Math.ceil(times / inputs.length)
      const result = await killRounds({
        node: node24(),
        cli: join(ROOT, 'out', 'engine', 'cli.cjs'),
        file: input.file,
        yaml: input.yaml,
        root,
        kills: share,
        seed,
        onRound: (done) => done % 25 === 0 && say(`${input.name}: ${done} de ${share}`),
      })
      report.push({ input: input.name, ...result })
      process.stdout.write(
        `${input.name}: ${result.rounds} muertes a destiempo, ${result.caught} a media ejecución (${result.marked} con la carpeta marcada), ${result.late} ya terminada; siempre el mismo veredicto\n`,
      )
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  writeReport('kill', { kills: times, seed, report })
}

const engineOf = (work) => ({
  node: node24(),
  host: join(ROOT, 'out', 'engine', 'host.cjs'),
  root: ROOT,
  work,
})

async function daemon() {
  await ensureBuilt(['engine'])
  const work = mkdtempSync(join(tmpdir(), 'sage-crash-'))
  const kills = setting('SAGE_KILLS', 200)
  const seed = setting('SAGE_KILL_SEED', 1)
  const result = await load('daemon').crashRounds({
    ...engineOf(work),
    kills,
    files: setting('SAGE_FILES', 300),
    casillas: 5,
    seed,
    lifeMs: 1500,
    onRound: (done) => done % 25 === 0 && say(`${done} de ${kills} muertes`),
  })
  // Kept when it fails, to be looked at.
  rmSync(work, { recursive: true, force: true })
  writeReport('daemon', { seed, ...result })
  process.stdout.write(
    `${result.kills} muertes (${result.whileStarting} al arrancar) en ${result.seconds} s: ${result.files} archivos, cada uno con un desenlace ${JSON.stringify(result.outcomes)}; ${result.records} registros aceptados, contados una vez; ${result.retaken} veces retomado un archivo de un motor muerto\n`,
  )
}

async function burst() {
  await ensureBuilt(['engine'])
  const work = mkdtempSync(join(tmpdir(), 'sage-burst-'))
  const files = setting('SAGE_FILES', 5000)
  const result = await load('burst').burst({
    ...engineOf(work),
    files,
    concurrency: setting('SAGE_CONCURRENCY', 2),
    onDone: (done) => say(`${done} de ${files}`),
  })
  rmSync(work, { recursive: true, force: true })
  writeReport('burst', result)
  process.stdout.write(
    `${result.files} archivos en ${result.seconds} s (${result.perSecond} por segundo), ${result.displaced} fuera del orden de llegada (a lo sumo ${result.furthest} puestos); system.health: mediana ${result.health.p50} ms, p99 ${result.health.p99} ms, máxima ${result.health.max} ms (${result.health.calls} llamadas)\n`,
  )
  return result.displaced === 0 && result.health.p99 < 100 ? 0 : 1
}

async function transfers() {
  ensureSystem({ window: false, servers: true })
  const { manyTransfers, transferRigs } = load('transfers')
  const count = setting('SAGE_TRANSFERS', 500)
  const seed = setting('SAGE_TRANSFERS_SEED', 1)
  const rigs = transferRigs().filter(({ kind }) => [undefined, kind].includes(process.env.SAGE_PROVIDER))
  const results = []
  for (const rig of rigs) {
    if (rig.missing) {
      say(`${rig.kind}: ${rig.missing}`)
      continue
    }
    const result = await manyTransfers(rig, { count, seed })
    results.push(result)
    for (const line of result.wrong) say(`FALLA ${rig.kind}: ${line}`)
    process.stdout.write(
      `${rig.kind}: ${count} archivos enviados, movidos y traídos en ${result.seconds} s, con ${result.faults.cuts} cortes y ${result.faults.refused} rechazos en ${result.faults.connections} conexiones; ${result.wrong.length} fallas\n`,
    )
  }
  writeReport('transfers', { seed, results })
  return results.length === 0 || results.some(({ wrong }) => wrong.length > 0) ? 1 : 0
}

async function volumen() {
  ensureSystem({ window: false, servers: true })
  const rows = setting('SAGE_CONTRACT_ROWS', 1_000_000)
  const kinds = load('volume').VOLUME_KINDS.filter((kind) =>
    [undefined, kind].includes(process.env.SAGE_DESTINATION),
  )
  const results = []
  for (const kind of kinds) {
    const worker = join(ROOT, 'scripts', 'soak', 'volume-worker.mjs')
    const done = spawnSync(node24(), ['--no-warnings', worker, kind, String(rows)], {
      cwd: ROOT,
      env: toolEnv({ SAGE_SOAK_OUT: OUT }),
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    const result = done.status === 0 ? JSON.parse(done.stdout) : { failed: done.status ?? done.signal }
    if (result === null) {
      say(`${kind}: no se puede probar aquí`)
      continue
    }
    results.push({ kind, ...result })
    if (result.failed !== undefined) say(`FALLA ${kind}`)
    else
      process.stdout.write(
        `${kind}: ${rows} filas en ${(result.first / 1000).toFixed(1)} s, y otras tantas encima (la mitad nuevas) en ${(result.second / 1000).toFixed(1)} s; hasta ${result.peakMb} MB\n`,
      )
  }
  writeReport('volumen', { rows, results })
  return results.length === 0 || results.some(({ failed }) => failed !== undefined) ? 1 : 0
}

function writeReport(name, report) {
  const dir = join(LOCAL_CACHE, 'soak')
  mkdirSync(dir, { recursive: true })
  const file = join(dir, `${name}.json`)
  writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), ...report }, null, 1)}\n`)
  say(`JSON: ${file}`)
}

const WORK = { fuzz, kill, daemon, burst, transfers, volumen }

main(async () => {
  const work = WORK[process.argv[2]]
  if (!work) {
    say('npm run soak -- fuzz | kill | daemon | burst | transfers | volumen')
    return 2
  }
  build()
  return work()
})
