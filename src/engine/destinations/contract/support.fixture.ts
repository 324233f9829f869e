import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, openDuck, quoteLiteral } from '@engine/duckdb'
import {
  type LoadHooks,
  type LoadResult,
  type LoadRun,
  loadTables,
  type TableJob,
} from '@engine/materialization'
import { duckType } from '@engine/materialization/rows'
import { AppError } from '@shared/errors/app-error'
import {
  type TablaMaterializada,
  type TipoColumna,
  tablaMaterializadaSchema,
} from '@shared/model/materializacion'
import type { z } from 'zod'
import { REGISTRO, type RowSource, type Session } from '../types'

/** A real server that a destination is put to the proof on. */
export interface ContractTarget {
  /** A new session of the destination; ended by the suite. */
  open(signal?: AbortSignal): Promise<Session>
  /** Ends the session from outside, with no goodbye: as a power cut, a cable or an administrator does. Its next call must fail. */
  cut(session: Session): Promise<void>
  /** Runs SQL of the server by a connection of its own: what a person or another program does there. */
  sql(text: string): Promise<void>
  /** Rows as text, by a connection that is not the session's. */
  read(text: string): Promise<(string | null)[][]>
  /** SQL that gives a column as `textSql` writes it: digits as they are, ISO dates, instants in UTC with `+00`, true and false. */
  shown(tipo: TipoColumna, column: string): string
  has: {
    views: boolean
    /** A key `'a'` equals `'A'`. */
    foldsCase: boolean
    /** A reader is served while a FULL load is under way. */
    readsWhileWriting: boolean
    /** The session is a connection that may be lost, and the load tried again. */
    connection: boolean
    /** Digits of the widest decimal that is kept exact, up to 38. */
    digits: number
  }
}

type Wanted = z.input<typeof tablaMaterializadaSchema>
type Cell = string | number | boolean | null

/** A table by default appended to; columns of `campo` under their own name. */
export const tableOf = (
  columnas: Record<string, Wanted['columnas'][number]['tipo']>,
  estrategia: Wanted['estrategia'],
  more: Partial<Wanted> & { sinNulos?: string[] } = {},
): TablaMaterializada => {
  const { sinNulos = [], ...rest } = more
  return tablaMaterializadaSchema.parse({
    ...{ catalogo: 'datos', tabla: 'ventas', estrategia },
    columnas: Object.entries(columnas).map(([nombre, tipo]) => ({
      ...{ nombre, tipo, fuente: { de: 'campo', campo: nombre } },
      nulos: !sinNulos.includes(nombre),
    })),
    ...rest,
  })
}

export const runOf = (more: Partial<LoadRun> = {}): LoadRun => ({
  carga: randomUUID(),
  ejecucion: randomUUID(),
  materializacion: '7',
  en: new Date().toISOString(),
  ...more,
})

/** What a test of the contract works with: a server's destination and rows to load into it. */
export class ContractBench {
  private readonly sessions: Session[] = []
  private constructor(
    readonly target: ContractTarget,
    readonly duck: Duck,
    readonly dir: string,
  ) {}

  static async open(target: ContractTarget): Promise<ContractBench> {
    const dir = mkdtempSync(join(tmpdir(), 'sage-destino-'))
    return new ContractBench(target, await openDuck({ dir, memoryLimit: 512 * 1024 * 1024 }), dir)
  }

  async session(signal?: AbortSignal): Promise<Session> {
    const session = await this.target.open(signal)
    this.sessions.push(session)
    return session
  }

  /** Rows of a table as an execution would give them, numbered from 1. */
  rows(tabla: TablaMaterializada, cells: readonly (readonly Cell[])[]): RowSource {
    const width = tabla.columnas.length
    const values = cells.map((row, at) => `(${row.map(cellSql).join(', ')}, ${at + 1})`)
    const empty = `(${Array(width).fill('NULL').join(', ')}, 0)`
    return this.select(tabla, `(VALUES ${[empty, ...values].join(', ')})`, cells.length, `WHERE r > 0`)
  }

  /** Rows made by DuckDB: `exprs` over `i`, from 1 to `count`. */
  series(tabla: TablaMaterializada, exprs: readonly string[], count: number, duck = this.duck): RowSource {
    return {
      ...this.select(tabla, `(SELECT ${exprs.join(', ')}, i FROM range(1, ${count + 1}) AS n(i))`, count, ''),
      duck,
    }
  }

  private select({ columnas }: TablaMaterializada, from: string, filas: number, where: string): RowSource {
    const names = columnas.map((_, place) => `v${place}`)
    const cells = columnas.map(({ tipo }, place) => `CAST(v${place} AS ${duckType(tipo)})`)
    const sql = `SELECT ${cells.join(', ')}, CAST(r AS BIGINT) AS ${REGISTRO} FROM ${from} AS t(${[...names, 'r'].join(', ')}) ${where}`
    return { columnas, filas, duck: this.duck, dir: this.dir, sql }
  }

  /** Another reader of the same rows, so that two loads can run at once. */
  async ownDuck<T>(work: (duck: Duck) => Promise<T>): Promise<T> {
    const duck = await openDuck({ dir: this.dir, memoryLimit: 256 * 1024 * 1024 })
    try {
      return await work(duck)
    } finally {
      await duck.close()
    }
  }

  /** A load in a session of its own. */
  async load(
    jobs: readonly TableJob[],
    run: Partial<LoadRun> = {},
    hooks: LoadHooks = {},
  ): Promise<LoadResult> {
    const session = await this.session(hooks.signal)
    try {
      return await loadTables(session, jobs, runOf(run), hooks)
    } finally {
      await session.close()
    }
  }

  /** One table, its rows as text in the order of its first columns. */
  async table(
    name: string,
    columns: readonly string[],
    schema: string | null = null,
  ): Promise<(string | null)[][]> {
    const session = await this.session()
    try {
      const { ident, table } = session.dialect
      const list = columns.map(ident).join(', ')
      const order = columns.map((_, place) => place + 1).join(', ')
      return await this.target.read(
        `SELECT ${list} FROM ${table({ esquema: schema ?? session.esquema, tabla: name })} ORDER BY ${order}`,
      )
    } finally {
      await session.close()
    }
  }

  /** The columns of a mapping as they stand in its table, each as `textSql` writes it, in the order of the first. */
  async shown({ tabla, columnas }: TablaMaterializada): Promise<(string | null)[][]> {
    const session = await this.session()
    try {
      const { ident, table } = session.dialect
      const list = columnas.map(({ nombre, tipo }) => this.target.shown(tipo, ident(nombre))).join(', ')
      const from = table({ esquema: session.esquema, tabla })
      return await this.target.read(
        `SELECT ${list} FROM ${from} ORDER BY ${ident(columnas[0]?.nombre ?? '')}`,
      )
    } finally {
      await session.close()
    }
  }

  async drop(...names: string[]): Promise<void> {
    const session = await this.session()
    for (const name of names)
      await session.run(session.dialect.dropStage({ esquema: session.esquema, tabla: name }))
    await session.close()
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()))
    await this.duck.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

const cellSql = (cell: Cell): string =>
  typeof cell === 'string' ? quoteLiteral(cell) : String(cell ?? 'NULL')

/** The error that a load ends with; fails when it does not. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error ?? new Error('It was expected to fail')
}
