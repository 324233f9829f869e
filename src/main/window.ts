import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { z } from 'zod'

const MIN = { width: 1280, height: 800 }
const SAVE_DELAY_MS = 500

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(MIN.width).max(20_000),
  height: z.number().int().min(MIN.height).max(20_000),
  maximized: z.boolean(),
})
type Bounds = z.infer<typeof boundsSchema>

/** Where the window was last time, or null when that is unknown or on a screen that is gone. */
async function lastBounds(file: string): Promise<Bounds | null> {
  try {
    const bounds = boundsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    const { workArea } = screen.getDisplayMatching(bounds)
    const visible =
      bounds.x < workArea.x + workArea.width - 100 &&
      bounds.x + bounds.width > workArea.x + 100 &&
      bounds.y >= workArea.y - 20 &&
      bounds.y < workArea.y + workArea.height - 50
    return visible ? bounds : null
  } catch {
    return null
  }
}

function rememberBounds(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (window.isDestroyed()) return
      const bounds: Bounds = { ...window.getNormalBounds(), maximized: window.isMaximized() }
      // Losing the place of a window is no reason to bother anyone.
      writeFile(file, JSON.stringify(bounds)).catch(() => {})
    }, SAVE_DELAY_MS)
  }
  window.on('resize', save)
  window.on('move', save)
  window.on('maximize', save)
  window.on('unmaximize', save)
  window.on('closed', () => clearTimeout(timer))
}

export interface WindowOptions {
  preload: string
  userData: string
  /** Page of the console, with the place to open in its fragment. */
  url: string
  devTools: boolean
}

/** Opens the console's window; resolves when it was created, not when its page is there. */
export async function openMainWindow({
  preload,
  userData,
  url,
  devTools,
}: WindowOptions): Promise<BrowserWindow> {
  const file = join(userData, 'window.json')
  const bounds = await lastBounds(file)
  const place = bounds === null ? {} : { x: bounds.x, y: bounds.y }
  const window = new BrowserWindow({
    ...place,
    width: bounds?.width ?? 1440,
    height: bounds?.height ?? 900,
    minWidth: MIN.width,
    minHeight: MIN.height,
    show: false,
    title: 'SAGE Desktop',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      // The spell checker would download dictionaries.
      spellcheck: false,
      devTools,
    },
  })
  if (bounds?.maximized) window.maximize()
  rememberBounds(window, file)
  // The first frame may never come to a hidden window (a GPU process that dies while it is drawn): the loaded page is shown anyway.
  const show = (): void => {
    if (!window.isDestroyed() && !window.isVisible()) window.show()
  }
  window.once('ready-to-show', show)
  window.webContents.once('did-finish-load', show)
  // A failed load is shown by Electron as a blank page: the log has the reason.
  window.loadURL(url).catch(() => {})
  return window
}
