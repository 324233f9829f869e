import { join } from 'node:path'
import { pino } from 'pino'
import { redact } from '../security/redact'
import type { LogEvent } from './events'
import { openRotatingFile, type RotationOptions } from './rotating-file'

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogData = Record<string, unknown>

export interface Log {
  readonly file: string
  debug(event: LogEvent, message: string, data?: LogData): void
  info(event: LogEvent, message: string, data?: LogData): void
  warn(event: LogEvent, message: string, data?: LogData): void
  error(event: LogEvent, message: string, data?: LogData): void
  setLevel(level: LogLevel): void
  /** Writes what is being held back (counts of repeated lines) and closes the file. */
  close(): void
}

export interface LogOptions extends Partial<RotationOptions> {
  dir: string
  level?: LogLevel
  now?: () => Date
  /** How long the same line is only counted after it was written once. */
  collapseMs?: number
}

const ROTATION: RotationOptions = {
  maxBytes: 10 * 1024 * 1024,
  maxFiles: 10,
  maxAgeDays: 30,
  rotateAfterHours: 24,
}
/** Different lines watched for repetition at once. */
const MAX_HELD = 64

interface Held {
  level: LogLevel
  event: LogEvent
  message: string
  first: number
  repeated: number
}

const lower = (level: LogLevel): 'debug' | 'info' | 'warn' | 'error' => {
  switch (level) {
    case 'DEBUG':
      return 'debug'
    case 'INFO':
      return 'info'
    case 'WARN':
      return 'warn'
    case 'ERROR':
      return 'error'
  }
}

/**
 * The engine's log: `<dir>/engine.log`, one JSON object per line `{level, time, event, msg, ...data}`, without secrets. The same
 * line within `collapseMs` is written once and then counted: a failing loop fills no disk and hides nothing.
 */
export function createLog(options: LogOptions): Log {
  const now = options.now ?? (() => new Date())
  const collapseMs = options.collapseMs ?? 10_000
  const file = openRotatingFile(join(options.dir, 'engine.log'), { ...ROTATION, ...options }, now)
  const logger = pino(
    {
      level: lower(options.level ?? 'INFO'),
      base: { pid: process.pid },
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      timestamp: () => `,"time":"${now().toISOString()}"`,
    },
    { write: (line) => file.write(line) },
  )
  const held = new Map<string, Held>()

  const settle = (key: string, line: Held): void => {
    held.delete(key)
    if (line.repeated === 0) return
    const { event, message, repeated, first } = line
    logger[lower(line.level)](
      { event: 'log.repeated', of: event, repeated, since: new Date(first).toISOString() },
      `«${message}» se repitió ${repeated} veces más`,
    )
  }

  const settleOld = (): void => {
    const limit = now().getTime() - collapseMs
    for (const [key, line] of held) {
      if (line.first <= limit) settle(key, line)
    }
  }

  const write = (level: LogLevel, event: LogEvent, message: string, data: LogData = {}): void => {
    if (!logger.isLevelEnabled(lower(level))) return
    settleOld()
    const clean = redact({ message, data })
    const line = clean as { message: string; data: LogData }
    const key = JSON.stringify([level, event, clean])
    const same = held.get(key)
    if (same) {
      same.repeated++
      return
    }
    if (held.size >= MAX_HELD) {
      for (const [oldKey, old] of held) {
        settle(oldKey, old)
        break
      }
    }
    held.set(key, { level, event, message: line.message, first: now().getTime(), repeated: 0 })
    logger[lower(level)]({ ...line.data, event }, line.message)
  }

  const timer = setInterval(settleOld, collapseMs)
  timer.unref()

  return {
    file: file.path,
    debug: (event, message, data) => write('DEBUG', event, message, data),
    info: (event, message, data) => write('INFO', event, message, data),
    warn: (event, message, data) => write('WARN', event, message, data),
    error: (event, message, data) => write('ERROR', event, message, data),
    setLevel(level) {
      logger.level = lower(level)
    },
    close() {
      clearInterval(timer)
      for (const [key, line] of held) settle(key, line)
      file.close()
    },
  }
}
