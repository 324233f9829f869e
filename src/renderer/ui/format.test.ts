import { describe, expect, it } from 'vitest'
import { formatBytes, formatDateTime, formatDuration, formatPercent } from './format'

describe('formatters', () => {
  it('says durations in words', () => {
    expect(formatDuration('es', 350)).toBe('350 ms')
    expect(formatDuration('es', 1000)).toBe('1 segundo')
    expect(formatDuration('es', 3240)).toBe('3.2 segundos')
    expect(formatDuration('es', 59_700)).toBe('1 minuto')
    expect(formatDuration('es', 125_000)).toBe('2 minutos 5 segundos')
    expect(formatDuration('en', 3_840_000)).toBe('1 hour 4 minutes')
  })

  it('says sizes in KiB and MiB', () => {
    expect(formatBytes('es', 0)).toBe('0 B')
    expect(formatBytes('es', 1023)).toBe('1,023 B')
    expect(formatBytes('es', 1536)).toBe('1.5 KiB')
    expect(formatBytes('es', 250 * 1024 * 1024)).toBe('250 MiB')
  })

  it('writes dates day first in Spanish and leaves what is not a date as it came', () => {
    const local = new Date(2025, 10, 25, 14, 3).toISOString()
    expect(formatDateTime('es', local)).toBe('25/11/2025 14:03')
    expect(formatDateTime('en', local)).toBe('25 Nov 2025 14:03')
    expect(formatDateTime('es', 'ayer')).toBe('ayer')
  })

  it('never rounds an incomplete rate up to 100', () => {
    expect(formatPercent('es', 100)).toBe('100 %')
    expect(formatPercent('es', 99.97)).toBe('99.9 %')
    expect(formatPercent('es', 98.64)).toBe('98.6 %')
  })
})
