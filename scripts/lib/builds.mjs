import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { LOCAL_CACHE, node24, ROOT, toolEnv } from './paths.mjs'

const STAMPS = join(LOCAL_CACHE, 'build')
const bin = (name, entry) => join(ROOT, 'node_modules', name, 'bin', entry)

const BUILDS = {
  engine: {
    sources: ['src/engine', 'src/shared', 'vite.engine.config.ts', 'package.json'],
    outputs: ['out/engine/host.cjs', 'out/engine/cli.cjs'],
    tool: () => [bin('vite', 'vite.js'), 'build', '-c', 'vite.engine.config.ts', '--logLevel', 'error'],
  },
  app: {
    sources: [
      'src/main',
      'src/preload',
      'src/renderer',
      'src/shared',
      'electron.vite.config.ts',
      'package.json',
      'postcss.config.cjs',
    ],
    outputs: ['out/main/index.cjs', 'out/preload/index.cjs', 'out/renderer/index.html'],
    tool: () => [bin('electron-vite', 'electron-vite.js'), 'build', '--logLevel', 'error'],
  },
}

/** Paths, sizes and times of what a build reads. A deleted file changes it too, which comparing times alone would miss. */
function fingerprint(sources) {
  const lines = []
  const visit = (path) => {
    const full = join(ROOT, path)
    const stat = statSync(full, { throwIfNoEntry: false })
    if (!stat) return
    if (!stat.isDirectory()) {
      if (!/\.test\.tsx?$/.test(path)) lines.push(`${path} ${stat.size} ${stat.mtimeMs}`)
      return
    }
    for (const name of readdirSync(full).sort()) visit(`${path}/${name}`)
  }
  for (const source of sources) visit(source)
  return lines.join('\n')
}

function fresh(name) {
  const { sources, outputs } = BUILDS[name]
  const stamp = join(STAMPS, `${name}.stamp`)
  if (!existsSync(stamp) || !outputs.every((file) => existsSync(join(ROOT, file)))) return false
  return readFileSync(stamp, 'utf8') === fingerprint(sources)
}

/**
 * Builds what is stale, quietly. Nothing to do costs a few milliseconds.
 * @param {('engine'|'app')[]} names
 */
export async function ensureBuilt(names = ['engine', 'app']) {
  const stale = names.filter((name) => !fresh(name))
  if (stale.length === 0) return
  await withLock(join(STAMPS, 'lock'), () => {
    for (const name of stale) if (!fresh(name)) build(name)
  })
}

function build(name) {
  const { sources, outputs, tool } = BUILDS[name]
  // Taken before: a file saved while the build runs makes the next one stale.
  const before = fingerprint(sources)
  const result = spawnSync(node24(), tool(), {
    cwd: ROOT,
    encoding: 'utf8',
    env: toolEnv({ ELECTRON_MAJOR_VER: '25', NODE_ENV: 'production' }),
    maxBuffer: 64 * 1024 * 1024,
  })
  const gone = outputs.filter((file) => !existsSync(join(ROOT, file)))
  if (result.status !== 0 || gone.length > 0) {
    const said = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim()
    throw new Error(
      `No se pudo construir «${name}»${gone.length > 0 ? ` (falta ${gone.join(', ')})` : ''}:\n${said}`,
    )
  }
  mkdirSync(STAMPS, { recursive: true })
  writeFileSync(join(STAMPS, `${name}.stamp`), before)
}
