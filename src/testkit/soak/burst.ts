import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CRASH_YAML } from './daemon'
import { EngineChild, type EngineChildOptions } from './engine-child'

export interface BurstOptions extends Omit<EngineChildOptions, 'dataDir'> {
  work: string
  files: number
  concurrency: number
  onDone?(done: number): void
}

export interface BurstResult {
  files: number
  seconds: number
  perSecond: number
  /** Files taken out of the order in which they arrived, and by how many places at most. */
  displaced: number
  furthest: number
  health: { calls: number; p50: number; p99: number; max: number }
}

const HEALTH_EVERY_MS = 50
const PAGE = 5000

const at = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10

/** Thousands of small files written one after another into one watched folder, and how soon the engine answers meanwhile. */
export async function burst(options: BurstOptions): Promise<BurstResult> {
  const engine = new EngineChild({ ...options, dataDir: join(options.work, 'datos') })
  try {
    await engine.ready
    const folder = join(options.work, 'rafaga')
    mkdirSync(folder)
    await engine.call('settings.set', { key: 'concurrency', value: options.concurrency })
    const { id } = await engine.call('casillas.create', {
      nombre: 'Ráfaga',
      descripcion: '',
      politica: 'todo_o_nada',
      nombreYaml: 'lecturas.yaml',
      yaml: CRASH_YAML,
      carpeta: { path: folder },
      vigilancia: { asentamientoMs: 100 },
    })
    const times: number[] = []
    const ask = async (): Promise<void> => {
      const started = performance.now()
      await engine.call('system.health', {})
      times.push(performance.now() - started)
    }
    const timer = setInterval(() => void ask().catch(() => undefined), HEALTH_EVERY_MS)
    const started = performance.now()
    const names = Array.from(
      { length: options.files },
      (_, i) => `lecturas_${String((i * 7919) % 100_003).padStart(6, '0')}_${i}.csv`,
    )
    for (const [i, name] of names.entries()) {
      writeFileSync(join(folder, name), `codigo,valor\nr${i}-a,1\nr${i}-b,2\n`)
      // The health questions of this same process must be asked meanwhile.
      if (i % 20 === 19) await new Promise(setImmediate)
    }
    let told = 0
    await engine.until(['recepcion.casilla'], async () => {
      const { total } = await engine.call('recepcion.archivos', {
        casillaId: id,
        desenlace: 'aceptado',
        limit: 1,
      })
      if (total >= told + 500) {
        told = total - (total % 500)
        options.onDone?.(told)
      }
      return total >= options.files
    })
    const seconds = (performance.now() - started) / 1000
    clearInterval(timer)
    const order = await orderTaken(engine, id, names, options.concurrency)
    times.sort((a, b) => a - b)
    return {
      files: options.files,
      seconds: Math.round(seconds),
      perSecond: Math.round((options.files / seconds) * 10) / 10,
      ...order,
      health: { calls: times.length, p50: at(times, 0.5), p99: at(times, 0.99), max: at(times, 1) },
    }
  } finally {
    await engine.shutdown()
  }
}

/**
 * Executions are made when a file is taken: with some at once, a file may pass those that were taken with it, and no other. Files
 * written within one tick of the disk's clock can't be told apart, so how many passed and how far says more than whether any did.
 */
async function orderTaken(
  engine: EngineChild,
  casillaId: number,
  names: readonly string[],
  concurrency: number,
): Promise<Pick<BurstResult, 'displaced' | 'furthest'>> {
  const taken: string[] = []
  for (let offset = 0; offset < names.length; offset += PAGE) {
    const page = await engine.call('executions.list', {
      ...{ casillaId, limit: PAGE, offset, sort: 'creadaEn', direction: 'asc' },
    })
    taken.push(...page.items.map(({ archivo }) => archivo))
  }
  if (taken.length !== names.length) throw new Error(`${taken.length} executions for ${names.length} files`)
  const place = new Map(names.map((name, i) => [name, i]))
  const distances = taken.map((name, i) => Math.abs((place.get(name) ?? Number.NaN) - i))
  const passed = distances.filter((distance) => !(distance < concurrency))
  return { displaced: passed.length, furthest: Math.max(0, ...passed) }
}
