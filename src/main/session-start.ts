import { app } from 'electron'
import { autostartEntry, type LoginItem } from './preferences'

/** Started with the session, the program waits in the tray. */
export const TRAY_SWITCH = '--en-bandeja'

/** How this system starts the program with the person's session. In development the program is Electron with our folder. */
export function sessionStart(): LoginItem {
  const command = [process.execPath, ...(app.isPackaged ? [] : [app.getAppPath()]), TRAY_SWITCH]
  if (process.platform === 'linux') return autostartEntry(command)
  const [path = process.execPath, ...args] = command
  return {
    get: () => app.getLoginItemSettings({ path, args }).openAtLogin,
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, path, args }),
  }
}
