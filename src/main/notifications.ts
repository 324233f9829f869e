import type { EventName } from '@shared/contract'
import { type ArchivoRecibido, archivoRecibidoSchema } from '@shared/model/recepcion'

export interface Notice {
  title: string
  body: string
  /** Where a click leads in the console. */
  route: string
}

/** Told one by one up to here within the window; past it, as one that sums them. */
const ONE_BY_ONE = 3
const WINDOW_MS = 60_000

const WORDS: Partial<Record<NonNullable<ArchivoRecibido['desenlace']>, string>> = {
  rechazado: 'Archivo rechazado',
  error: 'Archivo en cuarentena',
}

/** The notice of a received file, or null when it is no news for a person who is not looking. */
export function noticeOf(archivo: ArchivoRecibido): Notice | null {
  const title = archivo.desenlace === null ? undefined : WORDS[archivo.desenlace]
  if (title === undefined) return null
  const reason = archivo.motivo === null ? '' : `: ${archivo.motivo}`
  return {
    title,
    body: `${archivo.nombre} en ${archivo.casillaNombre}${reason}`,
    route:
      archivo.executionId === null || archivo.estado === 'cuarentena'
        ? `/casillas/${archivo.casillaId}/recepcion?archivo=${archivo.id}`
        : `/ejecuciones/${archivo.executionId}`,
  }
}

/** Turns what happens to received files into notices of the system, without burying the person in them. */
export class RefusedFiles {
  private times: number[] = []
  private extra = 0
  private readonly told = new Set<number>()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly show: (notice: Notice) => void,
    private readonly enabled: () => boolean,
    private readonly now: () => number = Date.now,
  ) {}

  event(topic: EventName, payload: unknown): void {
    if (topic !== 'recepcion.archivo' || !this.enabled()) return
    const archivo = archivoRecibidoSchema.safeParse(payload)
    if (!archivo.success) return
    const notice = noticeOf(archivo.data)
    // The same end may be told again, by a change of its row.
    if (notice === null || this.told.has(archivo.data.id)) return
    this.remember(archivo.data.id)
    this.times = this.times.filter((time) => time > this.now() - WINDOW_MS)
    if (this.times.length < ONE_BY_ONE) {
      this.times.push(this.now())
      this.show(notice)
      return
    }
    this.extra += 1
    this.timer ??= setTimeout(() => this.sum(), WINDOW_MS).unref()
  }

  /** What came too fast to be told one by one. */
  sum(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const n = this.extra
    this.extra = 0
    if (n === 0) return
    const title = n === 1 ? '1 archivo rechazado más' : `${n} archivos rechazados más`
    this.show({ title, body: 'El detalle está en Ejecuciones.', route: '/ejecuciones' })
  }

  private remember(id: number): void {
    this.told.add(id)
    if (this.told.size <= 1_000) return
    const oldest = this.told.values().next()
    if (!oldest.done) this.told.delete(oldest.value)
  }
}
