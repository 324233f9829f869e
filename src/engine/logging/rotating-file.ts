import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, parse } from 'node:path'

/*
 * Why not pino-roll: it numbers the file being written (`engine.3.log`) and finds "the current one" through a symbolic link,
 * which Windows refuses without a privilege, while the console, the crash screen and people look for one fixed name. It also
 * writes asynchronously: the line that says why a process died would be the one that is lost.
 */

export interface RotationOptions {
  maxBytes: number
  /** Rotated files kept, newest first. */
  maxFiles: number
  /** Rotated files older than this go. */
  maxAgeDays: number
  /** A file is also rotated when it has been written for this long. */
  rotateAfterHours: number
}

export interface RotatingFile {
  readonly path: string
  write(line: string): void
  close(): void
}

const DAY_MS = 86_400_000

/**
 * Appends lines to `path`, moving it aside to `name.TIMESTAMP.log` when it grows or ages past the limits.
 * A full disk or a folder that went away never throws at whoever logs: the line is lost, the work is not.
 */
export function openRotatingFile(
  path: string,
  options: RotationOptions,
  now = (): Date => new Date(),
): RotatingFile {
  const { name, ext } = parse(path)
  const folder = dirname(path)
  let fd: number | null = null
  let size = 0
  let since = 0

  const open = (): void => {
    mkdirSync(folder, { recursive: true })
    const existed = existsSync(path)
    fd = openSync(path, 'a')
    const stat = fstatSync(fd)
    size = stat.size
    since = existed && stat.size > 0 ? stat.birthtimeMs || stat.mtimeMs : now().getTime()
  }

  const prune = (): void => {
    const old = readdirSync(folder)
      .filter((file) => file.startsWith(`${name}.`) && file.endsWith(ext) && file !== `${name}${ext}`)
      .sort()
      .reverse()
    for (const [index, file] of old.entries()) {
      const full = join(folder, file)
      const expired = now().getTime() - statSync(full).mtimeMs > options.maxAgeDays * DAY_MS
      if (index >= options.maxFiles || expired) rmSync(full, { force: true })
    }
  }

  const rotate = (): void => {
    if (fd !== null) closeSync(fd)
    fd = null
    const stamp = now().toISOString().replace(/[:.]/g, '-')
    let target = join(folder, `${name}.${stamp}${ext}`)
    for (let n = 1; existsSync(target); n++) target = join(folder, `${name}.${stamp}-${n}${ext}`)
    renameSync(path, target)
    open()
    since = now().getTime()
    prune()
  }

  try {
    open()
    prune()
  } catch {
    fd = null
  }

  return {
    path,
    write(line) {
      try {
        if (fd === null) open()
        const bytes = Buffer.byteLength(line)
        const aged = now().getTime() - since > options.rotateAfterHours * 3_600_000
        if (size > 0 && (size + bytes > options.maxBytes || aged)) rotate()
        if (fd !== null) writeSync(fd, line)
        size += bytes
      } catch {
        fd = null
      }
    },
    close() {
      if (fd !== null) closeSync(fd)
      fd = null
    },
  }
}
