import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ensureBuilt } from './lib/builds.mjs'
import { findElectron } from './lib/electron-runtime.mjs'
import { ensureKeytar } from './lib/keytar.mjs'
import { LOCAL_CACHE, node24, ROOT, say, toolEnv } from './lib/paths.mjs'
import { main } from './lib/run.mjs'
import { ensureSystem, which } from './lib/system.mjs'

// `npm test [-- --only unit|e2e] [filters]`: prepares runtime, libraries and builds, runs vitest and Playwright, and ends with one
// line that sums them: `N passed, N failed[, N skipped]`. The same numbers stand in .cache/test/summary.json for .ci/run.
const RESULTS = join(LOCAL_CACHE, 'test')
const KINDS = ['unit', 'e2e']

function parseArgs(args) {
  const at = args.indexOf('--only')
  const only = at === -1 ? null : args[at + 1]
  if (at !== -1 && !KINDS.includes(only)) throw new Error(`--only acepta ${KINDS.join(' o ')}`)
  return {
    kinds: only === null ? KINDS : [only],
    filters: at === -1 ? args : args.filter((_, i) => i !== at && i !== at + 1),
  }
}

const run = (command, args, env) =>
  new Promise((done) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' })
    child.on('error', (error) => {
      say(`${command}: ${error.message}`)
      done(127)
    })
    child.on('exit', (code) => done(code ?? 1))
  })

/** A real keyring around the tests where the system has one: the vault's tests use it. */
const wrappers = ({ keyring, display }) => [
  ...(keyring ? ['bash', join(ROOT, 'scripts', 'with-keyring.sh')] : []),
  ...(display ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'] : []),
]

async function runTool(tool, args, wrap, env) {
  const [command, ...rest] = [...wrap, node24(), ...tool, ...args]
  return run(command, rest, env)
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** A runner that failed without a failed test (a file that does not load, a crash) still counts as one failure. */
const honest = (code, { passed, failed, skipped }) => ({
  passed,
  failed: code !== 0 && failed === 0 ? 1 : failed,
  skipped,
})

/** What was left out, with its reason: it stands in the title of the test, or beside it. */
function sayOmitted(titles) {
  const counted = new Map()
  for (const title of titles) counted.set(title, (counted.get(title) ?? 0) + 1)
  for (const [title, n] of counted) say(`Omitidas ${n}: ${title}`)
}

const omittedUnits = (report) =>
  (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ ancestorTitles: [group = ''], title }) => {
        const told = group.includes(': ') ? group : `${group} ${title}`
        return `${relative(ROOT, name)} › ${told}`
      }),
  )

const omittedJourneys = ({ suites = [], specs = [] }) => [
  ...suites.flatMap(omittedJourneys),
  ...specs.flatMap(({ title, file, tests }) =>
    tests
      .filter(({ status }) => status === 'skipped')
      .map(
        ({ annotations }) =>
          `${file} › ${annotations.find(({ type }) => type === 'skip')?.description ?? title}`,
      ),
  ),
]

async function unit(filters, wrap) {
  const file = join(RESULTS, 'vitest.json')
  const tool = [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  // Compiled code is kept: each thread and child that the tests start would read the same sources anew.
  const env = toolEnv({ NODE_ENV: 'test', NODE_COMPILE_CACHE: join(LOCAL_CACHE, 'node') })
  const code = await runTool(tool, [...reporters, ...filters], wrap, env)
  const report = readJson(file)
  sayOmitted(omittedUnits(report))
  return honest(code, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  })
}

async function e2e(filters, wrap, runtime) {
  const file = join(RESULTS, 'playwright.json')
  const tool = [join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '--reporter=list,json']
  const env = toolEnv({
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    SAGE_E2E_NO_BUILD: '1',
    SAGE_ELECTRON_RUNTIME: JSON.stringify(runtime),
  })
  const code = await runTool(tool, filters, wrap, env)
  const report = readJson(file)
  const stats = report?.stats
  sayOmitted(omittedJourneys(report ?? {}))
  return honest(code, {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected ?? 0,
    skipped: stats?.skipped ?? 0,
  })
}

function report(results) {
  const sum = (key) => results.reduce((total, one) => total + one[key], 0)
  const summary = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
  writeFileSync(join(RESULTS, 'summary.json'), JSON.stringify(summary))
  const skipped = summary.skipped > 0 ? `, ${summary.skipped} skipped` : ''
  process.stdout.write(`\n${summary.passed} passed, ${summary.failed} failed${skipped}\n`)
  return summary.failed > 0 ? 1 : 0
}

main(async () => {
  const { kinds, filters } = parseArgs(process.argv.slice(2))
  rmSync(RESULTS, { recursive: true, force: true })
  mkdirSync(RESULTS, { recursive: true })
  const linux = process.platform === 'linux'
  const wantsWindow = kinds.includes('e2e')
  ensureSystem({
    display: wantsWindow,
    keyring: true,
    window: wantsWindow,
    servers: kinds.includes('unit'),
  })
  const keyring = linux && Boolean(which('dbus-run-session') && which('gnome-keyring-daemon'))
  if (kinds.includes('unit')) ensureKeytar()
  if (linux && !keyring) say('Sin llavero (dbus, gnome-keyring): las pruebas que lo usan lo dirán.')
  const runtime = wantsWindow ? await findElectron() : null
  const results = []
  const built = await ensureBuilt(wantsWindow ? ['engine', 'app'] : ['engine']).then(
    () => true,
    (error) => {
      // Counted, so that the sum below can not read as a success; the unit tests still say what they know.
      say(error.message)
      results.push({ passed: 0, failed: 1, skipped: 0 })
      return false
    },
  )
  if (kinds.includes('unit')) results.push(await unit(filters, wrappers({ keyring, display: false })))
  // A virtual display even where there is a real one: windows that pop up take the keyboard away from whoever works there.
  if (wantsWindow && built) results.push(await e2e(filters, wrappers({ keyring, display: linux }), runtime))
  return report(results)
})
