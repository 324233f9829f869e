import { expect, it } from 'vitest'
import { parseDay, showDay } from './day'

it('reads a day as people write it, and refuses what the calendar does not have', () => {
  expect(parseDay('25/11/2025')).toBe('2025-11-25')
  expect(parseDay(' 5-1-2026 ')).toBe('2026-01-05')
  expect(parseDay('2026-02-28')).toBe('2026-02-28')
  expect(parseDay('31/02/2026')).toBeNull()
  expect(parseDay('11/25/2025')).toBeNull()
  expect(parseDay('ayer')).toBeNull()
})

it('shows it by language', () => {
  expect(showDay('es', '2025-11-25')).toBe('25/11/2025')
  expect(showDay('en', '2025-11-25')).toBe('2025-11-25')
})
