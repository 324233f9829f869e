import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDateTime,
  formatDuration,
  formatInZone,
  formatLate,
  formatPercent,
} from './format'

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

  it('writes what is due on the clocks of its zone', () => {
    expect(formatInZone('es', '2026-12-01T03:00:00Z', 'America/Lima')).toBe('lun 30/11/2026 22:00')
    expect(formatInZone('en', '2026-12-01T03:00:00Z', 'Pacific/Kiritimati')).toBe('Tue 1 Dec 2026 17:00')
    expect(formatInZone('es', '2026-12-01T05:00:00Z', 'America/Lima')).toBe('mar 01/12/2026 00:00')
    expect(formatInZone('es', 'ayer', 'America/Lima')).toBe('ayer')
  })

  it('says how late in the unit that tells', () => {
    const day = 1440
    expect(
      [0, 1, 119, 120, 2 * day - 1, 2 * day, 14 * day, 60 * day].map((n) => formatLate('es', n)),
    ).toEqual([
      '0 minutos',
      '1 minuto',
      '119 minutos',
      '2 horas',
      '47 horas',
      '2 días',
      '2 semanas',
      '2 meses',
    ])
    expect(formatLate('en', 3000)).toBe('2 days')
  })

  it('never rounds an incomplete rate up to 100', () => {
    expect(formatPercent('es', 100)).toBe('100 %')
    expect(formatPercent('es', 99.97)).toBe('99.9 %')
    expect(formatPercent('es', 98.64)).toBe('98.6 %')
  })
})
