import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, loadConfigFromFile } from 'vite'

const ROOT = resolve(__dirname, '../../..')
/** Beside node_modules: what stays outside the bundle is found from there. */
const CACHE = join(ROOT, '.cache')

export interface CutChild {
  /** The cuts it passed, a line each, and whether it died. */
  run(args: readonly string[]): Promise<{ cuts: string[]; died: boolean }>
  remove(): void
}

/** A process built as the engine is from a source that tells each cut it passes and kills itself at one. */
export async function buildCutChild(source: string): Promise<CutChild> {
  // What stays outside a bundle is the engine's own affair.
  const engine = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    join(ROOT, 'vite.engine.config.ts'),
  )
  if (!engine?.config.ssr || !engine.config.resolve) throw new Error('vite.engine.config.ts changed')
  mkdirSync(CACHE, { recursive: true })
  const out = mkdtempSync(join(CACHE, 'cut-child-'))
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: engine.config.resolve,
    ssr: engine.config.ssr,
    build: {
      ssr: true,
      target: 'node22',
      outDir: out,
      minify: false,
      rollupOptions: {
        input: { child: source },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  })
  return {
    run: (args) =>
      new Promise((done) => {
        const child = spawn(process.execPath, [join(out, 'child.cjs'), ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        let said = ''
        child.stdout.on('data', (chunk) => (said += String(chunk)))
        child.on('close', (_code, signal) =>
          done({ cuts: said.split('\n').filter((line) => line !== ''), died: signal === 'SIGKILL' }),
        )
      }),
    remove: () => rmSync(out, { recursive: true, force: true }),
  }
}
