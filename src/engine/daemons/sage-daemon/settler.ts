import type { SeenFile } from './origin'

interface Standing {
  file: SeenFile
  since: number
}

/**
 * Tells which files have stood still long enough to be whole. Knows nothing of clocks or disks: it is told what was seen and when.
 */
export class Settler {
  private readonly standing = new Map<string, Standing>()

  /** `trustTimes`: the clock that dates the files is ours, so one that has been still for long is whole at first sight. */
  constructor(
    private readonly settleMs: number,
    private readonly trustTimes: boolean,
  ) {}

  /** Gives the files that are whole now, in the order they arrived; they are no longer followed. */
  see(files: readonly SeenFile[], now: number, settleMs = this.settleMs): SeenFile[] {
    const whole: SeenFile[] = []
    for (const file of files) {
      const known = this.standing.get(file.path)
      const since = known?.file.huella === file.huella ? known.since : this.sinceOf(file, now)
      if (now - since >= settleMs) {
        this.standing.delete(file.path)
        whole.push(file)
      } else {
        this.standing.set(file.path, { file, since })
      }
    }
    return whole.sort(byArrival)
  }

  private sinceOf(file: SeenFile, now: number): number {
    const changed = Math.max(file.modifiedMs, file.arrivedMs)
    return this.trustTimes && changed <= now ? changed : now
  }

  gone(path: string): void {
    this.standing.delete(path)
  }

  /** Everything was looked at: those that were not seen are gone. */
  keepOnly(files: readonly SeenFile[]): void {
    if (this.standing.size === 0) return
    const there = new Set(files.map(({ path }) => path))
    for (const path of this.standing.keys()) if (!there.has(path)) this.standing.delete(path)
  }

  get size(): number {
    return this.standing.size
  }

  paths(): string[] {
    return [...this.standing.keys()]
  }

  /** The paths whose time has come to be looked at again. */
  due(now: number): string[] {
    return [...this.standing].filter(([, { since }]) => now - since >= this.settleMs).map(([path]) => path)
  }

  /** When the next of them is due; null when nothing is followed. */
  nextDue(): number | null {
    let next: number | null = null
    for (const { since } of this.standing.values()) {
      if (next === null || since + this.settleMs < next) next = since + this.settleMs
    }
    return next
  }
}

/** What was there before the watching comes first; what was told of, as it was told; by the clock where nothing was told. */
function byArrival(a: SeenFile, b: SeenFile): number {
  if (a.turn !== null || b.turn !== null) return (a.turn ?? -1) - (b.turn ?? -1)
  if (a.arrivedMs !== b.arrivedMs) return a.arrivedMs - b.arrivedMs
  if (a.inode !== b.inode) return a.inode < b.inode ? -1 : 1
  return a.relative < b.relative ? -1 : 1
}
