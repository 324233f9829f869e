import { join } from 'node:path'
import { ensureBuilt } from './lib/builds.mjs'
import { findElectron } from './lib/electron-runtime.mjs'
import { node24, ROOT, say, toolEnv } from './lib/paths.mjs'
import { main, runThrough } from './lib/run.mjs'
import { ensureSystem, which } from './lib/system.mjs'

// `npm start` opens the window; `npm run dev` (--dev) serves the renderer with reload. Other arguments go to the program.
main(async () => {
  const args = process.argv.slice(2)
  const dev = args.includes('--dev')
  const rest = args.filter((arg) => arg !== '--dev')
  const headless = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
  const virtual = headless && process.env.SAGE_XVFB === '1'
  if (headless && !virtual) {
    say(
      'No hay pantalla (DISPLAY vacío). Abra una sesión gráfica, o use SAGE_XVFB=1 npm start para una pantalla virtual.',
    )
    return 2
  }
  ensureSystem({ display: virtual })
  const electron = await findElectron()
  await ensureBuilt(dev ? ['engine'] : ['engine', 'app'])

  const env = toolEnv(electron.env)
  const flags = [...rest]
  // Chromium refuses its sandbox to root. Only for root, and said.
  const root = process.platform === 'linux' && process.getuid?.() === 0
  if (root) say('Se ejecuta como root: Chromium funciona sin su caja de arena del sistema.')
  let command = [electron.executable, ...(root ? ['--no-sandbox'] : []), ROOT, ...flags]
  if (dev) {
    env.ELECTRON_EXEC_PATH = electron.executable
    if (electron.source === 'fallback') env.ELECTRON_MAJOR_VER = '25'
    if (root) env.NO_SANDBOX = '1'
    command = [
      node24(),
      join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
      'dev',
      ...flags,
    ]
  }
  if (virtual) {
    if (!which('xvfb-run')) return 2
    say('Sin pantalla: se usa una virtual (Xvfb).')
    command = ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24', ...command]
  }
  return runThrough(command[0], command.slice(1), { cwd: ROOT, env })
})
