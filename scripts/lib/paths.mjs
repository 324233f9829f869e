import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')

/** Downloads that every clone on the machine can share. */
export const CACHE =
  process.env.SAGE_CACHE_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sage-desktop')

/** What belongs to this clone only: build stamps, test results. */
export const LOCAL_CACHE = join(ROOT, '.cache')

/** One line on stderr: stdout belongs to the command that is being run. */
export const say = (line) => process.stderr.write(`${line}\n`)

/**
 * The Node 24 that the engine and every tool run on. The npm package `node` brings it whatever the machine's Node is;
 * without it (install scripts refused) a current enough Node of the machine serves.
 */
export function node24() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const own = join(ROOT, 'node_modules', 'node', 'bin', name)
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath
  say('Falta Node 24: ejecute «npm ci» (el paquete «node» lo trae) o «npm rebuild node».')
  process.exit(2)
}

/** Environment for child tools: our Node first on PATH, and nothing that would turn Electron into plain Node. */
export function toolEnv(extra = {}) {
  const { ELECTRON_RUN_AS_NODE: _ignored, ...env } = process.env
  const first = [join(ROOT, 'node_modules', 'node', 'bin'), join(ROOT, 'node_modules', '.bin')]
  // Vite warns about a config loader that it does not use by default.
  const quiet = { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' }
  return { ...env, ...quiet, PATH: [...first, env.PATH ?? ''].join(delimiter), ...extra }
}
