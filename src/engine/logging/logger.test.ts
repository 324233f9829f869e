import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LOG_EVENTS } from './events'
import { createLog, type LogOptions } from './logger'

let dir: string
let clock: number
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sage-log-'))
  clock = Date.parse('2026-11-25T10:00:00Z')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (options: Partial<LogOptions> = {}) => createLog({ dir, now: () => new Date(clock), ...options })
const all = (): string =>
  readdirSync(dir)
    .sort()
    .map((file) => readFileSync(join(dir, file), 'utf8'))
    .join('')
const lines = (): Record<string, unknown>[] =>
  readFileSync(join(dir, 'engine.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

it('writes one JSON object per line with level, time and event, at once', () => {
  const log = open()
  log.info('engine.ready', 'El motor está listo', { version: '1' })
  expect(lines()).toEqual([
    {
      level: 'INFO',
      time: '2026-11-25T10:00:00.000Z',
      pid: process.pid,
      event: 'engine.ready',
      msg: 'El motor está listo',
      version: '1',
    },
  ])
  log.close()
})

it('writes from its level up, and the level can change', () => {
  const log = open({ level: 'WARN' })
  log.info('engine.ready', 'no')
  log.warn('call.failed', 'sí')
  log.setLevel('DEBUG')
  log.debug('engine.ready', 'también')
  log.close()
  expect(lines().map((line) => line.level)).toEqual(['WARN', 'DEBUG'])
})

it('leaves no planted secret on disk', () => {
  const planted = 'S3cr3t0-Plant4do'
  const log = open()
  log.error('call.failed', `falló postgres://u:${planted}@h/db`, {
    password: planted,
    config: { nested: [{ api_key: planted }] },
    error: new Error(`token=${planted}`),
    header: `Bearer ${planted}xxxx`,
  })
  for (let n = 0; n < 3; n++) log.warn('call.failed', `clave: ${planted}`)
  log.close()
  expect(all()).toContain('falló postgres://u:')
  expect(all()).not.toContain(planted)
})

it('writes a repeated line once and then how often it came', () => {
  const log = open({ collapseMs: 1000 })
  for (let n = 0; n < 50; n++) {
    log.error('call.failed', 'otra vez')
    log.info('execution.started', 'entre medio')
  }
  expect(lines()).toHaveLength(2)
  clock += 1001
  log.error('call.failed', 'otra vez')
  log.close()
  const repeated = lines().filter((line) => line.event === 'log.repeated')
  expect(repeated).toMatchObject([
    { of: 'call.failed', repeated: 49, level: 'ERROR' },
    { of: 'execution.started', repeated: 49, level: 'INFO' },
  ])
  expect(lines().filter((line) => line.msg === 'otra vez')).toHaveLength(2)
})

it('rotates by size, keeps so many files, and loses no line among those kept', () => {
  const log = open({ maxBytes: 2_000, maxFiles: 3 })
  for (let n = 0; n < 100; n++) {
    clock += 1
    log.info('execution.queued', `línea ${n} ${'x'.repeat(100)}`)
  }
  log.close()
  const files = readdirSync(dir)
  expect(files).toHaveLength(4)
  expect(files).toContain('engine.log')
  const kept = [...all().matchAll(/línea (\d+)/g)].map((match) => Number(match[1])).sort((a, b) => a - b)
  expect(kept.at(-1)).toBe(99)
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 100 - kept.length + i))
  for (const file of files) expect(readFileSync(join(dir, file)).length).toBeLessThanOrEqual(2_000)
})

it('rotates by age and drops rotated files that are too old', () => {
  const old = join(dir, 'engine.2026-01-01T00-00-00-000Z.log')
  writeFileSync(old, '{}\n')
  utimesSync(old, new Date('2026-01-01'), new Date('2026-01-01'))
  const log = open({ rotateAfterHours: 24, maxAgeDays: 30 })
  log.info('engine.ready', 'hoy')
  clock += 25 * 3_600_000
  log.info('engine.ready', 'mañana')
  log.close()
  const files = readdirSync(dir)
  expect(files).toHaveLength(2)
  expect(files).not.toContain('engine.2026-01-01T00-00-00-000Z.log')
  expect(lines().map((line) => line.msg)).toEqual(['mañana'])
})

it('never throws at whoever logs when the folder cannot be written', () => {
  writeFileSync(join(dir, 'archivo'), '')
  const log = createLog({ dir: join(dir, 'archivo', 'logs') })
  log.info('engine.ready', 'se pierde')
  log.close()
})

it('has no id twice', () => {
  expect(new Set(LOG_EVENTS).size).toBe(LOG_EVENTS.length)
})
