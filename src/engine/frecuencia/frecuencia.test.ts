import { type Frecuencia, frecuenciaSchema } from '@shared/model/frecuencia'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueBetween, lastDue, nextDates, nextDue, puntualidadDe } from '.'

const LIMA = 'America/Lima'
const parse = (value: unknown): Frecuencia => frecuenciaSchema.parse(value)
const iso = (date: Date | null): string | null => date?.toISOString().slice(0, 16) ?? null
const list = (value: unknown, zone: string, from: string, to: string): (string | null)[] =>
  dueBetween(parse(value), zone, new Date(from), new Date(to)).map(iso)

describe('dates due', () => {
  it.each([
    // Lima is UTC-5 all year.
    [
      'diario',
      { tipo: 'diario', hora: '18:00' },
      '2026-02-27T00:00Z',
      '2026-03-02T00:00Z',
      ['2026-02-27T23:00', '2026-02-28T23:00', '2026-03-01T23:00'],
    ],
    [
      'semanal',
      { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes', 'jueves'] },
      '2026-11-22T12:00Z',
      '2026-12-01T12:00Z',
      ['2026-11-23T13:00', '2026-11-26T13:00', '2026-11-30T13:00'],
    ],
    [
      'quincenal',
      { tipo: 'quincenal', hora: '09:00' },
      '2026-12-02T00:00Z',
      '2027-01-20T00:00Z',
      ['2026-12-15T14:00', '2027-01-01T14:00', '2027-01-15T14:00'],
    ],
    [
      'mensual, past the end of February',
      { tipo: 'mensual', hora: '10:00', dias_mes: [31] },
      '2027-01-01T12:00Z',
      '2027-05-01T12:00Z',
      ['2027-01-31T15:00', '2027-02-28T15:00', '2027-03-31T15:00', '2027-04-30T15:00'],
    ],
    [
      'mensual, two listed days that clamp to one',
      { tipo: 'mensual', hora: '10:00', dias_mes: ['30', '31'] },
      '2028-02-01T12:00Z',
      '2028-03-31T23:00Z',
      ['2028-02-29T15:00', '2028-03-30T15:00', '2028-03-31T15:00'],
    ],
    [
      'fin_de_mes in a leap year',
      { tipo: 'fin_de_mes', hora: '23:59' },
      '2028-02-01T12:00Z',
      '2028-04-01T12:00Z',
      ['2028-03-01T04:59', '2028-04-01T04:59'],
    ],
    [
      'hasta_dia_n, clamped',
      { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: '30' },
      '2026-02-01T12:00Z',
      '2026-04-01T12:00Z',
      ['2026-02-28T17:00', '2026-03-30T17:00'],
    ],
    ['bajo_demanda', { tipo: 'bajo_demanda' }, '2026-01-01T00:00Z', '2027-01-01T00:00Z', []],
  ])('%s', (_name, frecuencia, from, to, expected) => {
    expect(list(frecuencia, LIMA, from, to)).toEqual(expected)
  })

  it('follows the clocks of the zone when they change', () => {
    const daily = { tipo: 'diario', hora: '02:30' }
    // Madrid skips 02:30 on 29 March 2026 (it comes an hour later by the clock) and shows it twice on 25 October (the first counts).
    expect(list(daily, 'Europe/Madrid', '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ])
    expect(list(daily, 'Europe/Madrid', '2026-10-24T00:00Z', '2026-10-27T00:00Z')).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
  })

  it('counts the days of zones far from UTC, and of one with a quarter of an hour', () => {
    const daily = { tipo: 'diario', hora: '00:00' }
    expect(list(daily, 'Pacific/Kiritimati', '2026-01-01T00:00Z', '2026-01-02T12:00Z')).toEqual([
      '2026-01-01T10:00',
      '2026-01-02T10:00',
    ])
    expect(list(daily, 'Asia/Kathmandu', '2026-01-01T00:00Z', '2026-01-02T00:00Z')).toEqual([
      '2026-01-01T18:15',
    ])
    // Chile changes its clocks at midnight: 6 September 2026 has no 00:00.
    expect(list(daily, 'America/Santiago', '2026-09-05T12:00Z', '2026-09-07T12:00Z')).toEqual([
      '2026-09-06T04:00',
      '2026-09-07T03:00',
    ])
  })

  it('gives the next ones, none when nothing is expected', () => {
    const now = new Date('2026-11-25T12:00Z')
    expect(nextDates(parse({ tipo: 'quincenal', hora: '12:00' }), LIMA, now, 3).map(iso)).toEqual([
      '2026-12-01T17:00',
      '2026-12-15T17:00',
      '2027-01-01T17:00',
    ])
    expect(nextDates(parse({ tipo: 'bajo_demanda' }), LIMA, now, 3)).toEqual([])
  })

  it('reads the configurations that the original platform stores', () => {
    expect(parse({ tipo: 'semanal', hora: '08:00', dias_semana: ['miércoles', 'sábado'] })).toMatchObject({
      dias_semana: ['miercoles', 'sabado'],
    })
    expect(parse({ tipo: 'bajo_demanda', hora: '00:00' }).tipo).toBe('bajo_demanda')
  })

  it('refuses a zone that does not exist', () => {
    expect(() => nextDue(parse({ tipo: 'diario' }), 'Perú/Lima', new Date())).toThrow(RangeError)
  })

  it.each([
    { tipo: 'diario', hora: '24:00' },
    { tipo: 'semanal', dias_semana: [] },
    { tipo: 'semanal', dias_semana: ['monday'] },
    { tipo: 'mensual', dias_mes: [0] },
    { tipo: 'mensual', dias_mes: [32] },
    { tipo: 'hasta_dia_n' },
    { tipo: 'anual' },
  ])('refuses %j', (value) => {
    expect(frecuenciaSchema.safeParse(value).success).toBe(false)
  })
})

describe('punctuality', () => {
  const at = (
    frecuencia: unknown,
    ultimoEnvio: string | null,
    now: string,
    desde = '2026-01-01T00:00:00Z',
  ) => {
    const { estado, minutosTarde } = puntualidadDe(
      parse(frecuencia),
      LIMA,
      { ultimoEnvio, desde },
      new Date(now),
    )
    return `${estado} ${minutosTarde}`
  }
  const daily = { tipo: 'diario', hora: '18:00' }
  const weekly = { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes'] }

  it.each([
    ['before the hour of today', daily, '2026-11-24T20:00:00Z', '2026-11-25T22:59:00Z', 'pendiente 0'],
    [
      'nothing today and the hour passed',
      daily,
      '2026-11-24T20:00:00Z',
      '2026-11-25T23:30:00Z',
      'atrasado 30',
    ],
    ['early on the day', daily, '2026-11-25T13:00:00Z', '2026-11-25T23:30:00Z', 'al_dia 0'],
    ['late but there', daily, '2026-11-26T01:00:00Z', '2026-11-26T02:00:00Z', 'al_dia 0'],
    // Since the first of January at 18:00.
    ['never', daily, null, '2026-11-25T23:30:00Z', 'atrasado 472350'],
    // Wednesday 25: the last Monday was 23.
    [
      'since the listed day',
      { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes'] },
      '2026-11-23T20:00:00Z',
      '2026-11-25T12:00:00Z',
      'al_dia 0',
    ],
    [
      'since the listed day before',
      { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes'] },
      '2026-11-20T20:00:00Z',
      '2026-11-23T13:10:00Z',
      'atrasado 10',
    ],
    [
      'on the listed day before its hour',
      { tipo: 'semanal', hora: '08:00', dias_semana: ['lunes'] },
      '2026-11-16T20:00:00Z',
      '2026-11-23T12:50:00Z',
      'pendiente 0',
    ],
    [
      'the 1st received, the 2nd to the 14th',
      { tipo: 'quincenal', hora: '12:00' },
      '2026-11-01T15:00:00Z',
      '2026-11-14T12:00:00Z',
      'al_dia 0',
    ],
    [
      'the 15th not received, after it',
      { tipo: 'quincenal', hora: '12:00' },
      '2026-11-14T15:00:00Z',
      '2026-11-15T17:01:00Z',
      'atrasado 1',
    ],
    [
      'the 15th of last year',
      { tipo: 'quincenal', hora: '12:00' },
      '2025-12-16T15:00:00Z',
      '2026-01-01T16:00:00Z',
      'pendiente 0',
    ],
    [
      'month of the limit, something came',
      { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 },
      '2026-11-02T15:00:00Z',
      '2026-11-20T12:00:00Z',
      'al_dia 0',
    ],
    [
      'month of the limit, nothing came',
      { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 },
      '2026-10-31T15:00:00Z',
      '2026-11-10T17:05:00Z',
      'atrasado 5',
    ],
    [
      'before the limit',
      { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 },
      '2026-10-05T15:00:00Z',
      '2026-11-05T17:05:00Z',
      'pendiente 0',
    ],
    [
      'end of month, received on it',
      { tipo: 'fin_de_mes', hora: '18:00' },
      '2026-10-31T15:00:00Z',
      '2026-11-25T17:05:00Z',
      'al_dia 0',
    ],
    ['on demand', { tipo: 'bajo_demanda' }, null, '2026-11-25T17:05:00Z', 'sin_frecuencia 0'],
  ])('%s', (_name, frecuencia, sent, now, expected) => {
    expect(at(frecuencia, sent, now)).toBe(expected)
  })

  it.each([
    // Sent on the 22nd, so the 23rd at 18:00 is the first one missed: two days and half an hour.
    ['daily', daily, '2026-11-22T20:00:00Z', '2026-11-25T23:30:00Z', 2 * 1440 + 30],
    ['daily, seen the morning after', daily, '2026-11-22T20:00:00Z', '2026-11-26T13:00:00Z', 2 * 1440 + 840],
    // Early on the 23rd answers the 23rd.
    ['daily, early on the day', daily, '2026-11-23T06:00:00Z', '2026-11-25T23:30:00Z', 1440 + 30],
    ['weekly', weekly, '2026-11-02T20:00:00Z', '2026-11-23T13:10:00Z', 14 * 1440 + 10],
    // 31 January was sent; 29 February (leap) and 31 March were not.
    [
      'end of month',
      { tipo: 'fin_de_mes', hora: '12:00' },
      '2028-01-31T16:00:00Z',
      '2028-04-01T17:00:00Z',
      32 * 1440,
    ],
    // Nothing since September: the 10th of October, of November.
    [
      'until the 10th',
      { tipo: 'hasta_dia_n', hora: '12:00', dia_limite: 10 },
      '2026-09-30T15:00:00Z',
      '2026-11-10T17:05:00Z',
      31 * 1440 + 5,
    ],
  ])('counts minutes from the first date missed: %s', (_name, frecuencia, sent, now, expected) => {
    expect(at(frecuencia, sent, now, '2020-01-01T00:00:00Z')).toBe(`atrasado ${expected}`)
  })

  it('counts them over a change of the clocks by the minutes that passed', () => {
    const { minutosTarde } = puntualidadDe(
      parse({ tipo: 'diario', hora: '12:00' }),
      'Europe/Madrid',
      { ultimoEnvio: '2026-10-23T10:00:00Z', desde: '2026-01-01T00:00:00Z' },
      // From the 24th at 12:00 (10:00 UTC) to the 26th at 12:30 (11:30 UTC): a day of 25 hours lies between.
      new Date('2026-10-26T11:30:00Z'),
    )
    expect(minutosTarde).toBe(49 * 60 + 30)
  })

  it('does not miss what was due before the casilla existed', () => {
    expect(at(daily, null, '2026-11-25T20:00:00Z', '2026-11-25T12:00:00Z')).toBe('pendiente 0')
    expect(at(daily, null, '2026-11-25T23:30:00Z', '2026-11-25T12:00:00Z')).toBe('atrasado 30')
  })
})

const frecuencias = fc.oneof(
  fc.record({ tipo: fc.constant('diario'), hora: fc.constantFrom('00:00', '02:30', '12:00', '23:59') }),
  fc.record({ tipo: fc.constant('quincenal'), hora: fc.constantFrom('00:00', '02:30', '23:59') }),
  fc.record({ tipo: fc.constant('fin_de_mes'), hora: fc.constantFrom('00:00', '23:59') }),
  fc.record({
    tipo: fc.constant('hasta_dia_n'),
    hora: fc.constant('03:00'),
    dia_limite: fc.integer({ min: 1, max: 31 }),
  }),
  fc.record({
    tipo: fc.constant('mensual'),
    hora: fc.constant('02:15'),
    dias_mes: fc.array(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    tipo: fc.constant('semanal'),
    hora: fc.constant('02:00'),
    dias_semana: fc.subarray(['lunes', 'martes', 'miercoles', 'sabado', 'domingo'], { minLength: 1 }),
  }),
)
const zones = fc.constantFrom(
  LIMA,
  'America/Santiago',
  'Europe/Madrid',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'UTC',
)
const instants = fc
  .integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) })
  .map((time) => new Date(time))

it('the last date is past, the next to come, and nothing lies between them', () => {
  fc.assert(
    fc.property(frecuencias, zones, instants, (value, zone, now) => {
      const frecuencia = parse(value)
      const last = lastDue(frecuencia, zone, now)
      const next = nextDue(frecuencia, zone, now)
      if (last === null || next === null) throw new Error('every frequency has a date within two months')
      expect(last.getTime()).toBeLessThanOrEqual(now.getTime())
      expect(next.getTime()).toBeGreaterThan(now.getTime())
      expect(dueBetween(frecuencia, zone, new Date(last.getTime() + 1), next)).toEqual([])
      // Walking from the last leads to the next.
      expect(nextDue(frecuencia, zone, last)).toEqual(next)
    }),
    { numRuns: 150 },
  )
})
