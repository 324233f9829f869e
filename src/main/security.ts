import { app, type Session, type WebContents } from 'electron'
import { isAppUrl } from './app-url'

/** Nothing the console shows needs a camera, a place, a notification or a device. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

/** The renderer has no network: whatever slips past the CSP ends here. */
export function denyNetwork(session: Session, devServer: string | null): void {
  const devHost = devServer === null ? null : new URL(devServer).host
  session.webRequest.onBeforeRequest((details, answer) => {
    const { protocol, host } = new URL(details.url)
    const ours = isAppUrl(details.url, devServer) || protocol === 'data:' || protocol === 'devtools:'
    // Hot reload of `npm run dev` speaks over a web socket.
    const hotReload = devHost !== null && protocol === 'ws:' && host === devHost
    answer({ cancel: !ours && !hotReload })
  })
}

/** Every page and frame, whoever makes it: no new windows, no webviews, no way out of the console. */
export function confineContents(devServer: string | null, note: (line: string) => void): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, devServer, note))
}

function confine(contents: WebContents, devServer: string | null, note: (line: string) => void): void {
  const guard = (what: string) => (event: { preventDefault(): void; url?: string }, legacyUrl?: unknown) => {
    const url = typeof event.url === 'string' ? event.url : String(legacyUrl)
    if (isAppUrl(url, devServer)) return
    event.preventDefault()
    note(`seguridad: ${what} a ${url.slice(0, 200)} denegada`)
  }
  contents.on('will-navigate', guard('navegación'))
  contents.on('will-redirect', guard('redirección'))
  contents.on('will-frame-navigate', guard('navegación de marco'))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    note(`seguridad: ventana nueva a ${url.slice(0, 200)} denegada`)
    return { action: 'deny' }
  })
}
