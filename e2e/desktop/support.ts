import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { _electron, test as base, type ElectronApplication, type Page, type TestInfo } from '@playwright/test'

export const ROOT = resolve(__dirname, '../..')

interface Runtime {
  executable: string
  source: 'override' | 'official' | 'fallback'
  env: Record<string, string>
}

export interface LaunchOptions {
  /** Kept by the caller, for journeys that close the program and open it again. Default: a new folder, removed at the end. */
  userData?: string
  env?: Record<string, string>
  args?: string[]
  /** `fixture`: the tiny engine of src/testkit/engine, for tests of what surrounds the engine. Default: the real one. */
  engine?: 'real' | 'fixture'
  /** Where the engine runs. Default: what the found Electron allows. Old ones cannot host the real engine as `utility`. */
  host?: 'utility' | 'child'
}

export interface ConsoleWindow {
  app: ElectronApplication
  page: Page
  userData: string
  /** What the main process printed, and the engine's log. */
  logs: () => string
  close: () => Promise<void>
}

const script = (name: string, ...args: string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'scripts', name), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

let runtime: Runtime | null = null

/** scripts/test.mjs has prepared everything and says so; a plain `npx playwright test` prepares it here. */
function prepare(): Runtime {
  if (runtime !== null) return runtime
  if (process.platform === 'linux' && !process.env.DISPLAY) {
    throw new Error('No hay pantalla para la ventana: usar «npm run test:e2e», que abre una virtual.')
  }
  if (process.env.SAGE_E2E_NO_BUILD !== '1') script('build.mjs')
  const found: Runtime = JSON.parse(process.env.SAGE_ELECTRON_RUNTIME ?? script('runtime.mjs'))
  // Playwright finds Electron through its package, and only then holds the program back until it is attached: an
  // `executablePath` starts it at once, and what happens before Playwright listens is lost (windows that never load, for it).
  if (found.source !== 'official') process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(found.executable)
  runtime = found
  return found
}

/** How the program is started on a data folder. */
function command(options: LaunchOptions, userData: string) {
  const { env: runtimeEnv } = prepare()
  const hostEnv = {
    ...runtimeEnv,
    ...(options.host === 'child' ? { SAGE_ENGINE_NODE: process.execPath } : {}),
  }
  if (options.host === 'utility') delete hostEnv.SAGE_ENGINE_NODE
  const {
    ELECTRON_RUN_AS_NODE: _runAsNode,
    NODE_OPTIONS: _options,
    SAGE_ENGINE_NODE: _node,
    ...env
  } = process.env
  const fixture = { SAGE_ENGINE_ENTRY: join(ROOT, 'src/testkit/engine/fixture-engine.cjs') }
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  // Under Xvfb there is no GPU: Chromium would start its process for it again and again, and a window may stay without frames meanwhile.
  const graphics = process.platform === 'linux' ? ['--disable-gpu'] : []
  return {
    args: [...root, ...graphics, ROOT, `--user-data-dir=${userData}`, '--lang=es', ...(options.args ?? [])],
    env: {
      ...(env as Record<string, string>),
      ...hostEnv,
      ...(options.engine === 'fixture' ? fixture : {}),
      ELECTRON_USER_DATA: userData,
      ...options.env,
    },
    cwd: ROOT,
  }
}

/** What the person chooses in the system's dialogs from now on: they can not be driven. */
export const willChoose = ({ app }: ConsoleWindow, path: string): Promise<void> =>
  app.evaluate(({ dialog }, chosen) => {
    Reflect.set(dialog, 'showOpenDialog', async () => ({ canceled: false, filePaths: [chosen] }))
  }, path)

/**
 * Starts the program once more on a data folder that is in use; resolves with its exit code when it has handed over and left. Not
 * through Playwright, which can not attach to what leaves at once.
 */
export async function startAgain(options: LaunchOptions & { userData: string }): Promise<number | null> {
  const { args, ...rest } = command(options, options.userData)
  const child = spawn(prepare().executable, args, { ...rest, stdio: 'ignore' })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('exit', done)
  })
}

/** Opens the program on a data folder of its own and waits for the window's page. */
export async function launchConsole(options: LaunchOptions = {}): Promise<ConsoleWindow> {
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'sage-e2e-'))
  const app = await _electron.launch(command(options, userData))
  let printed = ''
  const keep = (chunk: Buffer): void => {
    printed += chunk.toString('utf8')
  }
  app.process().stdout?.on('data', keep)
  app.process().stderr?.on('data', keep)
  const logs = (): string => `${withoutNoise(printed)}\n${engineLog(userData)}`
  const close = async (): Promise<void> => {
    await app.close()
    if (options.userData === undefined) rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const page = await app.firstWindow()
    await page.waitForFunction(() => Reflect.has(window, 'sage') && document.readyState !== 'loading')
    return { app, page, userData, logs, close }
  } catch (error) {
    process.stderr.write(`${logs()}\n`)
    await close()
    throw error
  }
}

function engineLog(userData: string): string {
  try {
    return readFileSync(join(userData, 'logs', 'engine.log'), 'utf8')
  } catch {
    return '(sin registro del motor)'
  }
}

/** Chromium without a bus or a GPU complains about both; none of it is ours. */
const withoutNoise = (text: string): string =>
  text
    .split('\n')
    .filter(
      (line) =>
        !/bus\.cc|viz_main_impl|gpu_|command_buffer|GPU process|vaapi|DevTools listening|object_proxy\.cc/.test(
          line,
        ),
    )
    .join('\n')

type Launch = (options?: LaunchOptions) => Promise<ConsoleWindow>

/**
 * `test` with a `launch` that closes what it opened, and on failure attaches what main and the engine said and a picture of the
 * window.
 */
export const test = base.extend<{ launch: Launch }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function wants from this pattern
  launch: async ({}, use, info) => {
    const opened: ConsoleWindow[] = []
    await use(async (options) => {
      const one = await launchConsole(options)
      opened.push(one)
      return one
    })
    const failed = info.status !== info.expectedStatus
    for (const one of opened) {
      if (failed) await attachEvidence(one, info)
      await one.close()
    }
  },
})

async function attachEvidence(one: ConsoleWindow, info: TestInfo): Promise<void> {
  process.stderr.write(`${one.logs()}\n`)
  await info.attach('logs', { body: one.logs(), contentType: 'text/plain' })
  // The window may be gone: that is then what failed.
  await one.page.screenshot({ path: info.outputPath('window.png') }).catch(() => {})
}

export { expect } from '@playwright/test'
