import { join, resolve } from 'node:path'
import type { EngineState, EventName } from '@shared/contract'
import { app, type BrowserWindow, ipcMain, Notification, protocol, session } from 'electron'
import { serveApp } from './app-protocol'
import { APP_SCHEME, APP_URL } from './app-url'
import { CHANNELS, type EventMessage, Gate } from './gate'
import { Grants } from './grants'
import { answerMain } from './main-handlers'
import { installMenu } from './menu'
import { type Notice, RefusedFiles } from './notifications'
import { PreferenceFile } from './preferences'
import { confineContents, denyNetwork, denyPermissions } from './security'
import { sessionStart } from './session-start'
import { engineEnv } from './supervision/engine-process'
import { launchChild } from './supervision/launch-child'
import { launchUtility } from './supervision/launch-utility'
import { LogFile } from './supervision/log-file'
import { EngineSupervisor } from './supervision/supervisor'
import { ConsoleTray } from './tray'
import { openMainWindow } from './window'

const development = !app.isPackaged
/** `npm run dev` serves the renderer; a packaged program never listens to this variable. */
const devServer = development ? (process.env.ELECTRON_RENDERER_URL ?? null) : null
const engineNode = process.env.SAGE_ENGINE_NODE ?? null

const userDataSwitch = app.commandLine.getSwitchValue('user-data-dir')
if (userDataSwitch !== '') app.setPath('userData', resolve(userDataSwitch))

// Root (a container) can only run with --no-sandbox; forcing the sandbox on would then end every helper process. The window asks
// for its own sandbox either way.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
])

let window: BrowserWindow | null = null
let tray: ConsoleTray | null = null
let quitting = false
/** What the program ships beside its code: in development the repository, packaged the resources folder. */
const shipped = development ? app.getAppPath() : process.resourcesPath

function send(topic: EventName, payload: unknown): void {
  const message: EventMessage = { topic, payload }
  if (window !== null && !window.isDestroyed()) window.webContents.send(CHANNELS.event, message)
}

function createSupervisor(log: LogFile, dataDir: string, refused: RefusedFiles): EngineSupervisor {
  const override = development ? process.env.SAGE_ENGINE_ENTRY : undefined
  return new EngineSupervisor({
    launch: engineNode === null ? launchUtility : launchChild(engineNode),
    start: {
      entry: override ?? join(__dirname, '../engine/host.cjs'),
      args: [
        '--data',
        dataDir,
        '--resources',
        join(shipped, 'resources'),
        '--migrations',
        join(shipped, 'migrations'),
      ],
      env: engineEnv(process.env, development ? {} : { SAGE_CHECK_OUTPUT: '0' }),
    },
    log: (chunk) => log.write(chunk),
    logFile: log.path,
    onState: (state: EngineState) => {
      send('engine.state', state)
      tray?.engineIs(state.state)
    },
    onEvent: (topic, payload) => {
      send(topic, payload)
      tray?.event(topic, payload)
      refused.event(topic, payload)
    },
  })
}

const MAX_PAGE_CRASHES = 3

/** A page that dies is loaded again (its executions run in the engine and go on), unless it dies every time. */
function reviveOnCrash({ webContents }: BrowserWindow, note: (line: string) => void): void {
  let crashes = 0
  webContents.on('render-process-gone', (_event, { reason }) => {
    crashes += 1
    note(`la página de la consola se cerró (${reason})`)
    if (reason !== 'clean-exit' && crashes <= MAX_PAGE_CRASHES) webContents.reload()
  })
}

/** A graphics process that dies may leave the window without frames: it is asked for a new one, and the log says so. */
function repaintOnGraphicsCrash(note: (line: string) => void): void {
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type !== 'GPU' || reason === 'clean-exit') return
    note(`el proceso de gráficos se cerró (${reason})`)
    if (window !== null && !window.isDestroyed()) window.webContents.invalidate()
  })
}

async function openConsole(
  supervisor: EngineSupervisor,
  gate: Gate,
  note: (line: string) => void,
  route?: string,
): Promise<void> {
  window = await openMainWindow({
    url: consoleUrl(route),
    preload: join(__dirname, '../preload/index.cjs'),
    userData: app.getPath('userData'),
    devTools: development,
  })
  const { webContents } = window
  const { id } = webContents
  reviveOnCrash(window, note)
  // The preload keeps the last state for whoever listens later, so once per page is enough.
  webContents.on('dom-ready', () => send('engine.state', supervisor.state))
  webContents.on('did-navigate', () => gate.forget(id))
  window.on('closed', () => {
    gate.forget(id)
    window = null
  })
}

function installGate(
  supervisor: EngineSupervisor,
  dataDir: string,
  preferences: PreferenceFile,
  note: (line: string) => void,
): Gate {
  const grants = new Grants()
  const engineHost = engineNode === null ? 'utility' : 'child'
  const gate = new Gate({
    main: answerMain({ window: () => window, grants, supervisor, dataDir, engineHost, preferences }),
    engine: (op, input, signal) => supervisor.call(op, input, signal),
    grant: (path) => grants.add(path),
    pathOf: (token) => grants.pathOf(token),
    isConsole: (id) => window !== null && !window.isDestroyed() && window.webContents.id === id,
    devServer,
    note,
  })
  ipcMain.handle(CHANNELS.call, (event, request) => gate.call(event, request))
  ipcMain.on(CHANNELS.cancel, (event, key) => gate.cancel(event, key))
  return gate
}

/** Closing the window leaves the program in the tray while there are casillas that work by themselves, if the person wants it so. */
function stayInTray(preferences: PreferenceFile): void {
  app.on('window-all-closed', () => {
    if (quitting || tray === null || !tray.working || !preferences.get().cerrarEnBandeja) {
      app.quit()
      return
    }
    void preferences.firstTimeInTray().then((first) => {
      if (!first) return
      const body =
        'Las casillas siguen recibiendo archivos. Para cerrar del todo: Salir, en el icono de la bandeja.'
      notify({ title: 'SAGE sigue en la bandeja', body, route: '/casillas' }, () => {})
    })
  })
}

function notify({ title, body, route }: Notice, open: (route: string) => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({
    title,
    body,
    icon: join(shipped, 'resources', 'icons', 'sage.png'),
  })
  notification.on('click', () => open(route))
  notification.show()
}

function endWith(supervisor: EngineSupervisor, log: LogFile): void {
  let ended = false
  app.on('before-quit', (event) => {
    quitting = true
    if (ended) return
    event.preventDefault()
    const done = (): void => {
      ended = true
      app.quit()
    }
    supervisor
      .stop()
      .then(() => log.close())
      .then(done, done)
  })
}

function run(): void {
  const userData = app.getPath('userData')
  const dataDir = join(userData, 'data')
  const log = new LogFile(join(userData, 'logs', 'engine.log'))
  const note = (line: string): void => log.write(`${new Date().toISOString()} main ${line}\n`)
  const preferences = new PreferenceFile(join(userData, 'preferencias.json'), sessionStart())
  let show = (_route?: string): void => {}
  const refused = new RefusedFiles(
    (notice) => notify(notice, show),
    () => preferences.get().notificarRechazos,
  )
  const supervisor = createSupervisor(log, dataDir, refused)

  confineContents(devServer, note)
  repaintOnGraphicsCrash(note)
  endWith(supervisor, log)
  stayInTray(preferences)
  app.on('second-instance', () => show())
  process.on('uncaughtException', (error) => note(`error no esperado: ${error.stack ?? error.message}`))

  void app.whenReady().then(async () => {
    // A utilityProcess can not start earlier. First of all, so that engine and window come up side by side.
    supervisor.start()
    installMenu(development)
    denyPermissions(session.defaultSession)
    denyNetwork(session.defaultSession, devServer)
    protocol.handle(APP_SCHEME, serveApp(join(__dirname, '../renderer')))
    const gate = installGate(supervisor, dataDir, preferences, note)
    show = opener((route) => openConsole(supervisor, gate, note, route))
    const quit = (): void => app.quit()
    tray = ConsoleTray.create(join(shipped, 'resources', 'icons'), { open: show, quit }, note)
    // Started with the session it waits in the tray, unless there is none.
    if (tray === null || !app.commandLine.hasSwitch('en-bandeja')) await openConsole(supervisor, gate, note)
  })
}

/** Brings the window to the front, or opens it again; `route` is a place of the console. */
const opener =
  (open: (route?: string) => Promise<void>) =>
  (route?: string): void => {
    if (window === null || window.isDestroyed()) {
      void open(route)
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    // Only the fragment changes, so the page stays.
    if (route !== undefined) window.loadURL(consoleUrl(route)).catch(() => {})
  }

const consoleUrl = (route = ''): string => `${devServer ?? APP_URL}${route === '' ? '' : `#${route}`}`

if (app.requestSingleInstanceLock()) run()
else app.quit()
