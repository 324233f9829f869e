import { textBatches } from '@engine/destinations/shared/text-batches'
import { project } from '@engine/destinations/shared/text-sql'
import type { RowSource, Session } from '@engine/destinations/types'
import { type Rehearsal, SAMPLED } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import type { Ensayo, ProblemaMaterializacion } from '@shared/model/materializacion'
import { checkSource } from './check-source'
import { sendRows } from './named-refusal'
import { inspectTables, type PreparedTable, problemsOf } from './prepare'
import { checkStep } from './steps'
import type { LoadHooks, LoadRun, TableJob } from './types'

type TableRehearsal = Ensayo['tablas'][number]
type Change = TableRehearsal['muestra'][number]

/**
 * What a load would do, with nothing written: the DDL, the counts, the first changes of each table, and as problems what would refuse it,
 * rows included. The rows are compared in a stage that goes at once. Throws only what the destination can't answer.
 */
export async function rehearseTables(
  session: Session,
  jobs: readonly TableJob[],
  run: LoadRun,
  hooks: Pick<LoadHooks, 'signal'> = {},
): Promise<Ensayo> {
  const tablas = jobs.map(({ tabla }, place) => ({ place, tabla }))
  const { tables } = await inspectTables(session, tablas, run)
  const problemas = problemsOf(tables)
  const told: TableRehearsal[] = []
  for (const table of tables) {
    const source = jobs[table.place]?.source
    if (!source) continue
    const one = new TableRehearser(session, table, source, hooks.signal)
    told.push(await one.tell(problemas))
  }
  return { problemas, tablas: told }
}

class TableRehearser {
  /** Of the table as it is: a column that is yet to be added has nothing to be compared with. */
  private readonly compared: PreparedTable['context']
  private readonly source: RowSource

  constructor(
    private readonly session: Session,
    private readonly table: PreparedTable,
    source: RowSource,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { agregadas, columnas } = table.check
    const compared = columnas.filter(({ nombre }) => !agregadas.includes(nombre))
    this.compared = { ...table.context, columnas: compared }
    this.source = project(source, compared)
  }

  async tell(problemas: ProblemaMaterializacion[]): Promise<TableRehearsal> {
    const { tabla, check } = this.table
    const told: TableRehearsal = {
      ...{ tabla: tabla.tabla, catalogo: tabla.catalogo, existe: check.existe },
      ddl: check.ddl.map(({ sql }) => sql),
      filasAntes: check.existe ? await this.rowsBefore() : 0,
      ...{ leidas: this.source.filas, insertadas: 0, actualizadas: 0, eliminadas: 0, sinCambio: 0 },
      columnas: this.compared.columnas.map(({ nombre }) => nombre),
      muestra: [],
    }
    if (check.problems.some(({ severidad }) => severidad === 'error')) return told
    for (const nombre of check.existe ? check.agregadas : []) problemas.push(this.uncompared(nombre))
    try {
      await checkSource(this.source, check, tabla.tabla)
      const rehearsal = check.existe
        ? this.table.strategy.rehearse(this.compared)
        : { stage: [], check: [], drop: [], counts: [], todas: true, samples: [] }
      await this.ask(rehearsal, told)
    } catch (error) {
      // What it refuses now, the load would be refused for too.
      if (!(error instanceof AppError) || error.kind !== 'input') throw error
      problemas.push(this.asProblem(error))
    }
    return told
  }

  private async rowsBefore(): Promise<number> {
    const { context, check } = this.table
    if (check.problems.some(({ codigo }) => codigo === 'NO_ES_TABLA')) return 0
    return this.number(`SELECT count(*) FROM ${this.session.dialect.table(context.target)}`)
  }

  private async ask(rehearsal: Rehearsal, told: TableRehearsal): Promise<void> {
    try {
      for (const step of rehearsal.stage) {
        if (step.do === 'sql') await this.session.run(step.statement)
        if (step.do === 'load')
          await sendRows(
            this.session,
            this.source,
            {
              ...{ into: step.into, numbered: step.numbered, signal: this.signal },
              onSent: () => undefined,
            },
            this.table.tabla.tabla,
          )
      }
      for (const step of rehearsal.check)
        if (step.do === 'check') await checkStep(this.session, step, this.source, this.table.tabla.tabla)
      for (const { of, statement } of rehearsal.counts)
        told[of] += await this.number(statement.sql, statement.params)
      told.muestra = await this.sample(rehearsal)
    } finally {
      for (const step of rehearsal.drop)
        if (step.do === 'sql') await this.session.run(step.statement).catch(() => undefined)
    }
    if (rehearsal.todas) told.insertadas = this.source.filas
  }

  /** Some of each kind: the first kind never fills the sample alone when there are others. */
  private async sample({ samples, todas }: Rehearsal): Promise<Change[]> {
    const width = this.compared.columnas.length
    const kinds: Change[][] = []
    for (const { cambio, statement } of samples) {
      const rows = await this.session.rows(statement)
      kinds.push(
        rows.map((row) => ({
          cambio,
          antes: cambio === 'insertada' ? null : row.slice(0, width),
          despues: cambio === 'eliminada' ? null : row.slice(-width),
        })),
      )
    }
    if (todas) kinds.push(await this.firstRows())
    const shown: Change[] = []
    for (let at = 0; shown.length < SAMPLED && kinds.some((kind) => at < kind.length); at++)
      shown.push(...kinds.flatMap((kind) => kind.slice(at, at + 1)))
    return shown.slice(0, SAMPLED)
  }

  private async firstRows(): Promise<Change[]> {
    const first = { ...this.source, sql: `SELECT * FROM (${this.source.sql}) LIMIT ${SAMPLED}` }
    const shown: Change[] = []
    for await (const { rows } of textBatches(first, SAMPLED, this.signal))
      shown.push(...rows.map((row): Change => ({ cambio: 'insertada', antes: null, despues: row })))
    return shown
  }

  private async number(sql: string, params: readonly (string | null)[] = []): Promise<number> {
    const [row] = await this.session.rows({ sql, params })
    return Number(row?.[0] ?? 0)
  }

  private uncompared(columna: string): ProblemaMaterializacion {
    return {
      ...{ severidad: 'aviso', codigo: 'COLUMNA_NUEVA', tabla: this.table.place, columna },
      mensaje: `«${columna}» se agrega a la tabla: el ensayo no compara sus valores.`,
      sugerencia: null,
    }
  }

  private asProblem({ code, message, hint, details }: AppError): ProblemaMaterializacion {
    const columnas = details?.columnas
    const columna = Array.isArray(columnas) && typeof columnas[0] === 'string' ? columnas[0] : null
    return {
      ...{ severidad: 'error', codigo: code, tabla: this.table.place, columna },
      mensaje: message,
      sugerencia: hint ?? null,
    }
  }
}
