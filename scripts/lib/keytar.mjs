import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { node24, ROOT, say } from './paths.mjs'
import { ensureSystem, which } from './system.mjs'

/** Past this the build is given up: the tests have a twin to run on. */
const BUILD_MS = 120_000
const BUILD_TOOLS = ['g++', 'make', 'python3', 'pkg-config']

/** Asked of another process: a package that fails to load is not asked for again by this one. */
const loads = () =>
  spawnSync(node24(), ['-e', "require('keytar')"], { cwd: ROOT, stdio: 'ignore' }).status === 0

const reason = (why) =>
  say(`keytar no está (${why}): las pruebas del llavero usan su gemelo, @napi-rs/keyring.`)

/** npm and the Node it came with: its headers are at hand, and those of the newer Node would have to be downloaded. */
function npmCommand() {
  const cli = process.env.npm_execpath
  const node = process.env.npm_node_execpath
  if (cli !== undefined && node !== undefined) return [node, cli]
  const npm = which('npm')
  return npm === undefined ? null : [npm]
}

/**
 * keytar is optional: where its prebuilt file can't be had it is built, which takes libsecret's headers. Root on Debian gets them and the
 * build; anywhere else one line says that its twin is tested alone.
 */
export function ensureKeytar() {
  if (loads()) return
  if (process.platform !== 'linux') return reason('no se instaló con npm ci')
  const missing = BUILD_TOOLS.filter((tool) => which(tool) === undefined)
  if (missing.length > 0) return reason(`para compilarlo falta ${missing.join(', ')}`)
  if (!ensureSystem({ window: false, libsecret: true })) return reason('faltan las cabeceras de libsecret')
  const npm = npmCommand()
  if (npm === null) return reason('no se encuentra npm')
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages[
    'node_modules/keytar'
  ]
  say(`Compilando keytar ${version}`)
  const [command, ...first] = npm
  const args = ['install', '--no-save', '--no-audit', '--no-fund', `keytar@${version}`]
  spawnSync(command, [...first, ...args], { cwd: ROOT, stdio: 'ignore', timeout: BUILD_MS })
  if (!loads()) reason('no se pudo compilar')
}
