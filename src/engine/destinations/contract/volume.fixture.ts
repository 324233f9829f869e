import { expect, it } from 'vitest'
import type { Suite } from './index.fixture'
import { tableOf } from './support.fixture'

/** A million in `npm run bench`; here as many as show a mistake that a few rows hide. */
const ROWS = Number(process.env.SAGE_CONTRACT_ROWS ?? 50_000)

const typesFor = (digits: number) =>
  ({
    id: { tipo: 'entero' },
    codigo: { tipo: 'texto', largo: 40 },
    monto: { tipo: 'decimal', precision: Math.min(18, digits), escala: 2 },
    dia: { tipo: 'fecha' },
  }) as const

/** Many rows, new and old, arrive once each. */
export function volume(suite: Suite): void {
  it(`${ROWS} rows over ${ROWS}, half of them new`, async () => {
    const tabla = tableOf(typesFor(suite.target().has.digits), { tipo: 'upsert', clave: ['id'] })
    const rows = (from: number, cents: string) =>
      suite
        .bench()
        .series(
          tabla,
          [
            `i + ${from}`,
            `'código ' || (i + ${from})`,
            `(i + ${from}) + ${cents}`,
            `DATE '2026-01-01' + CAST(i % 365 AS INTEGER)`,
          ],
          ROWS,
        )
    await suite.bench().load([{ tabla, source: rows(0, '0.25') }])
    const half = Math.floor(ROWS / 2)
    const result = await suite.bench().load([{ tabla, source: rows(half, '0.50') }])
    expect(result.totales).toEqual({
      leidas: ROWS,
      insertadas: half,
      actualizadas: ROWS - half,
      eliminadas: 0,
    })
    const session = await suite.bench().session()
    const from = session.dialect.table({ esquema: session.esquema, tabla: 'ventas' })
    const [[count, sum] = []] = await suite.target().read(`SELECT count(*), sum(monto) FROM ${from}`)
    const all = ROWS + half
    expect(Number(count)).toBe(all)
    // Every id once, a quarter more below the half and a half more above it.
    const total = (BigInt(all) * BigInt(all + 1) * 100n) / 2n + BigInt(half) * 25n + BigInt(ROWS) * 50n
    expect(BigInt(Math.round(Number(sum) * 100))).toBe(total)
  })
}
