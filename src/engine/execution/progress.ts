import type { Progress, Step } from '@shared/model/execution'

/** Share of a whole run that each step takes, from profiles of the package of seven catalogs. */
const WEIGHTS: Record<Step, number> = {
  copiar: 0.1,
  desempaquetar: 0.4,
  inspeccionar: 0.05,
  validar: 0.3,
  listar: 0.07,
  informar: 0.05,
  preparar: 0.03,
}
const ORDER: Step[] = ['copiar', 'desempaquetar', 'inspeccionar', 'validar', 'listar', 'preparar', 'informar']
const LABELS: Record<Step, string> = {
  copiar: 'Copiando el archivo',
  desempaquetar: 'Desempaquetando',
  inspeccionar: 'Revisando la estructura',
  validar: 'Validando',
  listar: 'Listando hallazgos',
  preparar: 'Preparando los registros aceptados',
  informar: 'Escribiendo el informe',
}
const MIN_INTERVAL = 100

/** Tells how far a run is, at most ten times a second; the first word of each step always passes. */
export class ProgressTeller {
  private last = Number.NEGATIVE_INFINITY
  private readonly seen = new Set<Step>()
  private best = 0
  private readonly started = performance.now()

  constructor(
    private readonly executionId: string,
    private readonly listener: ((progress: Progress) => void) | undefined,
  ) {}

  tell(step: Step, done: number, total: number | null, unit: Progress['unit'], label = LABELS[step]): void {
    const now = performance.now()
    const fresh = !this.seen.has(step)
    if (!this.listener || (!fresh && now - this.last < MIN_INTERVAL)) return
    this.seen.add(step)
    this.last = now
    const before = ORDER.slice(0, ORDER.indexOf(step)).reduce((sum, name) => sum + WEIGHTS[name], 0)
    const part = total && total > 0 ? Math.min(done / total, 1) : 0
    // Catalogs are scanned while others are still being unpacked: the whole never goes back.
    this.best = Math.max(this.best, Math.min(before + WEIGHTS[step] * part, 1))
    this.listener({
      executionId: this.executionId,
      step,
      label,
      done,
      total,
      unit,
      fraction: this.best,
      elapsedMs: now - this.started,
    })
  }
}
