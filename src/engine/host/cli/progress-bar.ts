import type { Progress } from '@shared/model/execution'

const WIDTH = 28

/** A progress bar on a terminal; nothing at all where there is none. */
export class ProgressBar {
  private drawn = false
  private readonly enabled = process.stderr.isTTY === true

  show(progress: Progress): void {
    if (!this.enabled) return
    const filled = Math.round(progress.fraction * WIDTH)
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
    const percent = String(Math.round(progress.fraction * 100)).padStart(3)
    process.stderr.write(`\r\x1b[2K${bar} ${percent} %  ${progress.label}`)
    this.drawn = true
  }

  clear(): void {
    if (this.drawn) process.stderr.write('\r\x1b[2K')
    this.drawn = false
  }
}
