import type { TipoColumna } from '@shared/model/materializacion'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../types'
import type { Suite } from './index.fixture'
import { failure, tableOf } from './support.fixture'

const ENTERO = { tipo: 'entero' } as const
const TEXTO: TipoColumna = { tipo: 'texto' }

/** Some databases have no name that ends in a space, or with an emoji: their dialect says so. */
function isName(dialect: Dialect, name: string): boolean {
  try {
    return dialect.ident(name) !== ''
  } catch (error) {
    expect(error).toMatchObject({ code: 'IDENTIFICADOR', kind: 'config' })
    return false
  }
}

/** That every value arrives as it was, and every name is only a name. */
export function values(suite: Suite): void {
  it('keeps every value: digits, 64 bits, dates, zones, booleans, unicode, empty and null', async () => {
    const { digits } = suite.target().has
    const whole = '1234567890123456789012345678'.slice(0, digits - 10)
    const types = {
      n: ENTERO,
      texto: TEXTO,
      exacto: { tipo: 'decimal', precision: digits, escala: 10 } as const,
      doble: { tipo: 'doble' } as const,
      si: { tipo: 'booleano' } as const,
      dia: { tipo: 'fecha' } as const,
      hora: { tipo: 'fecha_hora', zona: false } as const,
      instante: { tipo: 'fecha_hora', zona: true } as const,
    }
    const tabla = tableOf(types, { tipo: 'upsert', clave: ['n'] })
    const rows: [string, ...(string | boolean | null)[]][] = [
      [
        '-9223372036854775808',
        '',
        `-${whole}.0123456789`,
        '0.1',
        true,
        '0001-01-01',
        '1900-02-28 23:59:59.999999',
        '2026-03-29 01:30:00+00',
      ],
      ['0', null, null, null, null, null, null, null],
      [
        '1',
        '\\N',
        '0.0000000001',
        '-1.5e-7',
        false,
        '2024-02-29',
        '2026-01-31 00:00:00',
        '1969-12-31 23:59:59.5+00',
      ],
      [
        '2',
        '\\.',
        '1.0000000000',
        '123456789.125',
        false,
        '9999-12-31',
        '2026-12-31 12:00:00.000001',
        '2026-01-01 00:00:00+00',
      ],
      [
        '9223372036854775807',
        'a"b,c;d\'e\\f\n\\.\r\n\tñ😀𝒳 \u0301\u200f',
        `${'9'.repeat(digits - 10)}.5000000000`,
        '17',
        true,
        '1999-12-31',
        '2026-06-15 08:30:15.25',
        '2038-01-19 03:14:08+00',
      ],
    ]
    await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }])
    const there = await suite.bench().shown(tabla)
    const doubles = (row: (string | null)[] = []) =>
      row.map((cell, at) => (at === 3 && cell !== null ? Number(cell) : cell))
    const expected = rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))))
    expect(there.map(doubles)).toEqual(expected.map(doubles))
  })

  it('a table of one text column keeps the empty, the null and what could end a file', async () => {
    const tabla = tableOf({ t: { tipo: 'texto', largo: 20 } }, { tipo: 'append' })
    const cells = ['', null, '\\.', '"', ' x ', 'NULL', '\n']
    await suite.bench().load([
      {
        tabla,
        source: suite.bench().rows(
          tabla,
          cells.map((cell) => [cell]),
        ),
      },
    ])
    const there = (await suite.bench().table('ventas', ['t'])).map(([cell]) => cell)
    expect(new Set(there)).toEqual(new Set(cells))
    expect(there).toHaveLength(cells.length)
  })

  it('takes hundreds of columns', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `columna_${at}`)
    const types = Object.fromEntries(
      names.map((name, at) => [name, at % 2 ? { tipo: 'texto' as const, largo: 10 } : ENTERO]),
    )
    const tabla = tableOf(types, { tipo: 'upsert', clave: ['columna_0'] })
    const row = (n: number) => names.map((_, at) => (at % 2 ? `t${at}` : n + at))
    await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [row(1), row(2)]) }])
    const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [row(1), row(3)]) }])
    expect(result.totales).toMatchObject({ insertadas: 1, actualizadas: 0 })
    expect((await suite.bench().table('ventas', ['columna_298'])).flat()).toEqual(['299', '300', '301'])
  })

  it('refuses a NUL with its record where the database has none, else keeps it', async () => {
    const tabla = tableOf({ id: ENTERO, t: TEXTO }, { tipo: 'append' })
    const source = suite.bench().rows(tabla, [
      [1, 'bien'],
      [2, 'x'],
    ])
    const nul = {
      ...source,
      sql: source.sql.replace(/CAST\(v1 AS VARCHAR\)/, "replace(CAST(v1 AS VARCHAR), 'x', 'x' || chr(0))"),
    }
    const session = await suite.bench().session()
    const load = suite.bench().load([{ tabla, source: nul }])
    if (session.dialect.capabilities.admiteNul) {
      await load
      return expect((await suite.bench().table('ventas', ['t']))[1]?.[0]).toBe('x\0')
    }
    const error = await failure(load)
    expect(error).toMatchObject({ code: 'FILAS_RECHAZADAS' })
    expect(error.message).toContain('Registros: 2')
  })

  describe('names', () => {
    const HOSTILE = [
      "'; DROP TABLE ventas; --",
      '"doble" y `grave` y [corchete]',
      'select',
      'ñandú 😀',
      ' con espacios ',
      'a.b',
      '$1 ? :x @y %s',
      '\\',
    ]
    it('are only names, whatever they look like', async () => {
      const { dialect } = await suite.bench().session()
      const names = HOSTILE.filter((name) => isName(dialect, name))
      expect(names.length).toBeGreaterThan(5)
      const types = Object.fromEntries(names.map((name) => [name, ENTERO]))
      const [clave = '', ...rest] = names
      const tabla = tableOf(
        types,
        { tipo: 'upsert', clave: [clave, 'select'] },
        {
          tabla: 'order "by"; DROP',
          indices: [{ columnas: rest.slice(0, 2) }],
        },
      )
      const row = names.map((_, at) => at)
      await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [row]) }])
      const changed = row.map((n) => (n < 3 ? n : n + 1))
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [changed]) }])
      expect(result.totales).toMatchObject({ insertadas: 0, actualizadas: 1 })
      expect(await suite.bench().table('order "by"; DROP', names)).toEqual([changed.map(String)])
      await suite.bench().drop('order "by"; DROP')
    })

    it('that differ only by case are two where the database says so', async () => {
      const session = await suite.bench().session()
      if (!session.dialect.capabilities.identificador.distingue) return
      const tabla = tableOf({ id: ENTERO, ID: ENTERO, Id: ENTERO }, { tipo: 'upsert', clave: ['ID'] })
      await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[1, 2, 3]]) }])
      expect(await suite.bench().table('ventas', ['id', 'ID', 'Id'])).toEqual([['1', '2', '3']])
    })

    it('too long are refused before anything is written, never cut', async () => {
      const session = await suite.bench().session()
      const { max } = session.dialect.capabilities.identificador
      // The model itself refuses what is longer than any database takes.
      if (max >= 255) return
      const long = 'n'.repeat(max + 1)
      for (const tabla of [
        tableOf({ id: ENTERO, [long]: ENTERO }, { tipo: 'append' }),
        tableOf({ id: ENTERO }, { tipo: 'append' }, { tabla: long }),
      ]) {
        const cells = [tabla.columnas.map(() => 1)]
        const error = await failure(suite.bench().load([{ tabla, source: suite.bench().rows(tabla, cells) }]))
        expect(error).toMatchObject({ kind: 'config', code: 'IDENTIFICADOR' })
      }
      expect(await session.inspect({ esquema: session.esquema, tabla: 'ventas' })).toBeNull()
    })
  })
}
