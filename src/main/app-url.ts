/** The console's own origin: `app://sage/`. */
export const APP_SCHEME = 'app'
export const APP_HOST = 'sage'
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`

/** Parsed, not compared as text: `app://sage.evil/` and `app://sage@evil/` begin the same way. */
export function isAppUrl(url: string, devServer: string | null = null): boolean {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return false
  }
  if (parsed.username !== '' || parsed.password !== '') return false
  if (devServer !== null && parsed.origin === new URL(devServer).origin) return true
  return parsed.protocol === `${APP_SCHEME}:` && parsed.hostname === APP_HOST && parsed.port === ''
}
