import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { OperationOutput } from '@shared/contract'
import { z } from 'zod'

export type Preferences = OperationOutput<'app.preferences.get'>

/** What main keeps by itself; whether it starts with the session is asked of the system. */
const storedSchema = z.object({
  cerrarEnBandeja: z.boolean().default(true),
  notificarRechazos: z.boolean().default(true),
  /** The person was told once that closing the window leaves the program in the tray. */
  avisadoDeBandeja: z.boolean().default(false),
})
type Stored = z.infer<typeof storedSchema>

/** How a system starts a program with the session. */
export interface LoginItem {
  get(): boolean
  set(on: boolean): void
}

/** Preferences of the person on this machine, in one small JSON file. A damaged one is as good as none. */
export class PreferenceFile {
  private stored: Stored

  constructor(
    private readonly path: string,
    private readonly loginItem: LoginItem,
  ) {
    this.stored = storedSchema.parse({})
    try {
      this.stored = storedSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch {
      // The first time there is none.
    }
  }

  get(): Preferences {
    const { cerrarEnBandeja, notificarRechazos } = this.stored
    return { iniciarConSesion: this.loginItem.get(), cerrarEnBandeja, notificarRechazos }
  }

  async set({ iniciarConSesion, ...change }: Partial<Preferences>): Promise<Preferences> {
    if (iniciarConSesion !== undefined && iniciarConSesion !== this.loginItem.get())
      this.loginItem.set(iniciarConSesion)
    await this.save({ ...this.stored, ...change })
    return this.get()
  }

  /** True only the first time ever. */
  async firstTimeInTray(): Promise<boolean> {
    if (this.stored.avisadoDeBandeja) return false
    await this.save({ ...this.stored, avisadoDeBandeja: true })
    return true
  }

  private async save(stored: Stored): Promise<void> {
    this.stored = stored
    const half = `${this.path}.${process.pid}.tmp`
    await writeFile(half, `${JSON.stringify(stored, null, 2)}\n`)
    await rename(half, this.path)
  }
}

/** The Exec key of a desktop entry (freedesktop.org Desktop Entry Specification, "The Exec key"): every argument quoted. */
export const execLine = (command: readonly string[]): string =>
  command.map((part) => `"${part.replace(/(["`$\\])/g, '\\$1').replaceAll('%', '%%')}"`).join(' ')

/**
 * Start with the session on Linux, where Electron has no call for it: an entry in the autostart folder
 * (freedesktop.org Desktop Application Autostart Specification).
 */
export function autostartEntry(command: readonly string[], configDir = configHome()): LoginItem {
  const path = join(configDir, 'autostart', 'sage-desktop.desktop')
  const entry = `[Desktop Entry]
Type=Application
Name=SAGE Desktop
Comment=Consola de datos
Exec=${execLine(command)}
Terminal=false
X-GNOME-Autostart-enabled=true
`
  return {
    get() {
      try {
        return readFileSync(path, 'utf8') === entry
      } catch {
        return false
      }
    },
    set(on) {
      if (!on) return rmSync(path, { force: true })
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, entry)
    },
  }
}

function configHome(): string {
  const given = process.env.XDG_CONFIG_HOME
  return given === undefined || given === '' ? join(homedir(), '.config') : given
}
