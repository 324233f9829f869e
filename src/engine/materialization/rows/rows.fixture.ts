import { Bench, oneCatalog, type TestField } from '@engine/execution/testing-bench'
import { type TablaMaterializada, tablaMaterializadaSchema } from '@shared/model/materializacion'
import type { z } from 'zod'
import type { LoadRun } from '../types'
import { type Accepted, type OpenedRows, openAccepted, openRows } from '.'

export const RUN: LoadRun = {
  carga: '00000000-0000-4000-8000-00000000000a',
  ejecucion: '00000000-0000-4000-8000-000000000001',
  materializacion: 'm',
  en: '2025-03-04T05:06:07.089Z',
}

type Wanted = z.input<typeof tablaMaterializadaSchema>

/** A table of `datos`, by default appended to; a column from the field of its name unless it says otherwise. */
export const tableOf = (
  columnas: (Omit<Wanted['columnas'][number], 'fuente'> & {
    fuente?: Wanted['columnas'][number]['fuente']
  })[],
  more: Partial<Wanted> = {},
): TablaMaterializada =>
  tablaMaterializadaSchema.parse({
    catalogo: 'datos',
    tabla: 'datos',
    estrategia: { tipo: 'append' },
    ...more,
    columnas: columnas.map((columna) => ({ fuente: { de: 'campo', campo: columna.nombre }, ...columna })),
  })

/** An execution of one catalog whose accepted records are mapped; what a test of rows stands on. */
export class RowsBench {
  private accepted: Accepted | undefined
  private constructor(readonly bench: Bench) {}

  static async open(): Promise<RowsBench> {
    return new RowsBench(await Bench.open())
  }

  async execute(
    fields: TestField[],
    csv: string,
    more: { extra?: string; yaml?: string; name?: string; bytes?: Uint8Array } = {},
  ): Promise<void> {
    await this.forget()
    await this.bench.run(
      more.name ?? 'datos.csv',
      more.bytes ?? csv,
      more.yaml ?? oneCatalog(fields, more.extra ? { extra: more.extra } : {}),
      {
        stage: true,
        politica: 'solo_validos',
      },
    )
  }

  async rows(tabla: TablaMaterializada): Promise<OpenedRows> {
    this.accepted ??= await openAccepted(this.bench.dir, { threads: 2 })
    const { duck, dir } = this.accepted
    return openRows({ duck, dir, staged: this.accepted.catalog(tabla.catalogo), tabla, run: RUN })
  }

  /** What is read next is opened again. */
  async forget(): Promise<void> {
    await this.accepted?.close()
    this.accepted = undefined
  }

  async close(): Promise<void> {
    await this.forget()
    await this.bench.close()
  }
}

/** Every row of a source as text, the record's number last. */
export async function textOf({ source }: OpenedRows): Promise<(string | null)[][]> {
  const result = await source.duck.connection.runAndReadAll(
    `SELECT COLUMNS(*)::VARCHAR FROM (${source.sql}) AS t ORDER BY _sage_registro`,
  )
  return result.getRowsJson().map((row) => row.map((cell) => (cell === null ? null : String(cell))))
}

/** DuckDB's types of the columns of a source. */
export async function typesOf({ source }: OpenedRows): Promise<string[]> {
  return (await source.duck.rows(`DESCRIBE ${source.sql}`)).map((row) => String(row.column_type))
}
