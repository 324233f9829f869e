import { join } from 'node:path'
import { type EngineState, type EventName, events } from '@shared/contract'
import { type CasillaRecepcion, casillaRecepcionSchema } from '@shared/model/recepcion'
import { Menu, nativeImage, Tray } from 'electron'
import { trayText } from './tray-text'

export interface TrayActions {
  open: (route?: string) => void
  quit: () => void
}

/** Icon of the console in the system tray: its state at a glance, the way back to the window, and the way out. */
export class ConsoleTray {
  private readonly casillas = new Map<number, CasillaRecepcion>()
  private engine: EngineState['state'] = 'starting'
  private shown = ''

  private constructor(
    private readonly tray: Tray,
    private readonly icons: string,
    private readonly actions: TrayActions,
  ) {
    tray.on('click', () => actions.open())
    this.draw()
  }

  /** null where the desktop has no tray. */
  static create(icons: string, actions: TrayActions, note: (line: string) => void): ConsoleTray | null {
    try {
      return new ConsoleTray(
        new Tray(nativeImage.createFromPath(join(icons, 'bandeja-listo.png'))),
        icons,
        actions,
      )
    } catch (error) {
      note(`sin bandeja del sistema: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }

  engineIs(state: EngineState['state']): void {
    this.engine = state
    // What an engine told of its casillas ends with it.
    if (state !== 'ready') this.casillas.clear()
    this.draw()
  }

  event(topic: EventName, payload: unknown): void {
    if (topic === 'recepcion.casilla') {
      const casilla = casillaRecepcionSchema.safeParse(payload)
      if (casilla.success) this.casillas.set(casilla.data.casillaId, casilla.data)
    } else if (topic === 'casillas.removed') {
      const gone = events['casillas.removed'].safeParse(payload)
      if (gone.success) this.casillas.delete(gone.data.id)
    } else return
    this.draw()
  }

  /** Whether some casilla works by itself, so that closing the window should not end the program. */
  get working(): boolean {
    return [...this.casillas.values()].some(({ estado }) => estado === 'vigilando' || estado === 'sin_acceso')
  }

  private draw(): void {
    const { look, status } = trayText(this.engine, [...this.casillas.values()])
    const key = `${look} ${status}`
    if (key === this.shown) return
    this.shown = key
    this.tray.setImage(nativeImage.createFromPath(join(this.icons, `bandeja-${look}.png`)))
    this.tray.setToolTip(`SAGE Desktop: ${status}`)
    this.tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: status, enabled: false },
        { type: 'separator' },
        { label: 'Abrir la consola', click: () => this.actions.open() },
        { label: 'Casillas', click: () => this.actions.open('/casillas') },
        { label: 'Ejecuciones', click: () => this.actions.open('/ejecuciones') },
        { type: 'separator' },
        { label: 'Salir', click: () => this.actions.quit() },
      ]),
    )
  }
}
