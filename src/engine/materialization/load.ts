import { project } from '@engine/destinations/shared/text-sql'
import type { RowSource, Session } from '@engine/destinations/types'
import type { Step, TablePlan } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import type { Conteos } from '@shared/model/materializacion'
import { checkSource } from './check-source'
import { entryStatements, findLoad, ledgerKey, ledgerRef } from './ledger'
import { namedRefusal, refuseByRules, refuseByUnique, sendRows } from './named-refusal'
import { type PreparedTable, prepareTables, targetOf } from './prepare'
import { checkStep, sameCount } from './steps'
import type { Fase, LoadHooks, LoadResult, LoadRun, TableJob, TableResult } from './types'

/** How long a load waits for another of the same table before it is refused as transient. */
const LOCK_WAIT_MS = 30_000

interface TableWork extends PreparedTable {
  plan: TablePlan
  source: RowSource
  catalogo: string
  conteos: Conteos
}

const NOTHING: Conteos = { leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 }

/**
 * Writes the rows of an execution into the tables of a materialization, all or none: prepares the tables, sends the rows to their stages,
 * checks them, and switches all in one transaction with the ledger. What the ledger has is not loaded again. `jobs` come in the order of
 * their references. Throws AppError: MATERIALIZACION_INVALIDA, FILAS_RECHAZADAS, CARGA_REPETIDA, CANCELLED, or one of the destination's.
 */
export async function loadTables(
  session: Session,
  jobs: readonly TableJob[],
  run: LoadRun,
  hooks: LoadHooks = {},
): Promise<LoadResult> {
  return new Load(session, jobs, run, hooks).run()
}

class Load {
  private bytes = 0
  private readonly waitMs: number
  /** The table of the last step. */
  private refusing: TableWork | null = null

  constructor(
    private readonly session: Session,
    private readonly jobs: readonly TableJob[],
    private readonly load: LoadRun,
    private readonly hooks: LoadHooks,
  ) {
    this.waitMs = hooks.lockWaitMs ?? LOCK_WAIT_MS
  }

  async run(): Promise<LoadResult> {
    await this.session.sweep()
    const done = await this.alreadyLoaded()
    const pending = this.jobs
      .map(({ tabla }, place) => ({ place, tabla }))
      .filter(({ place }) => !done.has(place))
    if (pending.length === 0) return this.result([], [], [])
    this.progress('preparar', null, 0, 0)
    const { tables, ddl } = await prepareTables(this.session, pending, this.load, this.waitMs)
    const works = tables.map((table) => this.work(table))
    for (const { source, check, tabla } of works) await checkSource(source, check, tabla.tabla)
    try {
      for (const work of works) await this.steps(work, work.plan.stage, 'enviar')
      for (const work of works) await this.steps(work, work.plan.check, 'comprobar')
      const written = await this.switchAll(works).catch((error: unknown) => this.explained(works, error))
      const discarded = works.flatMap(({ tabla, check }) =>
        check.descartadas.map((name) => `${tabla.tabla}.${name}`),
      )
      return this.result(written, ddl, discarded)
    } finally {
      await this.dropStages(works)
    }
  }

  private work(table: PreparedTable): TableWork {
    const job = this.jobs[table.place]
    if (!job)
      throw new AppError('INTERNAL', { kind: 'bug', message: 'Una tabla de la carga no tiene filas.' })
    const source = project(job.source, table.check.columnas)
    return {
      ...table,
      plan: table.strategy.plan(table.context),
      source,
      catalogo: job.tabla.catalogo,
      conteos: { ...NOTHING, leidas: source.filas },
    }
  }

  /** Places of the tables that the ledger has for this execution; none when they are to be loaded again. */
  private async alreadyLoaded(): Promise<Set<number>> {
    const { session } = this
    const done = new Set<number>()
    if ((await session.inspect(ledgerRef(session.esquema))) === null) return done
    for (const [place, { tabla }] of this.jobs.entries()) {
      const target = targetOf(tabla, session.dialect, session.esquema)
      if ((await findLoad(session, ledgerKey(this.load, target))) === null) continue
      if (!this.load.rehacer) done.add(place)
      else if (tabla.estrategia.tipo === 'append') throw wouldDouble(tabla.tabla)
    }
    return done
  }

  private async switchAll(works: readonly TableWork[]): Promise<TableWork[]> {
    const { session } = this
    this.progress('esperar', null, 0, 0)
    await session.begin()
    try {
      const refs = works.map(({ target, plan }) => ({ ref: target, exclusive: plan.exclusive }))
      await this.step('bloquear las tablas', () => session.lock(refs, this.waitMs))
      // Again, now that no other load can write it: the same execution may have been loaded while this one waited.
      const done = await this.alreadyLoaded()
      const fresh = works.filter(({ place }) => !done.has(place))
      for (const work of [...fresh].reverse()) await this.steps(work, work.plan.clear, 'cambiar')
      for (const work of fresh) await this.steps(work, work.plan.write, 'cambiar')
      for (const { tabla, target, conteos } of fresh)
        for (const statement of entryStatements(session.dialect, ledgerRef(session.esquema), {
          run: this.load,
          tabla,
          target,
          conteos,
        }))
          await this.step('anotar la carga', () => session.run(statement))
      await this.step('confirmar', () => session.commit())
      return fresh
    } catch (error) {
      await session.rollback()
      throw error
    }
  }

  /** What the database refused to write, told by its records: a stage outlives the transaction that was undone. */
  private async explained(works: readonly TableWork[], error: unknown): Promise<never> {
    if (!(error instanceof AppError) || error.kind !== 'input') throw error
    const repeated = error.code === 'CLAVE_REPETIDA'
    if (repeated)
      for (const { plan, source, tabla } of works)
        for (const step of plan.explain ?? []) await checkStep(this.session, step, source, tabla.tabla)
    // One refused at the end, when all are written, is known only by what the server says.
    const refusing = works.find(({ target }) => target.tabla === error.details?.tabla) ?? this.refusing
    if (refusing === null) throw error
    const named = await namedRefusal(error, refusing.source, refusing.tabla.tabla)
    if (named !== error || refusing.plan.stage.length === 0) throw named
    if (repeated) await refuseByUnique(this.session, refusing)
    else
      await refuseByRules(
        this.session,
        refusing,
        works.map(({ target }) => target),
      )
    throw error
  }

  private async steps(work: TableWork, steps: readonly Step[], fase: Fase): Promise<void> {
    this.refusing = work
    for (const step of steps) {
      this.progress(fase, work.tabla.tabla, 0, work.source.filas)
      await this.step('what' in step ? step.what : step.do, () => this.one(work, step, fase))
    }
  }

  private async one(work: TableWork, step: Step, fase: Fase): Promise<void> {
    const { session } = this
    switch (step.do) {
      case 'sql': {
        const changed = await session.run(step.statement)
        if (step.counts) work.conteos[step.counts] += changed
        return
      }
      case 'tally': {
        const [row = []] = await session.rows(step.statement)
        for (const [at, counter] of step.counts.entries()) work.conteos[counter] += Number(row[at] ?? 0)
        return
      }
      case 'count':
        work.conteos[step.counts] += await this.number(step.statement)
        return
      case 'load': {
        const taken = await this.send(work, step.into, step.numbered, fase)
        if (step.counts) work.conteos[step.counts] += taken
        return
      }
      case 'check':
        await checkStep(session, step, work.source, work.tabla.tabla)
    }
  }

  private async send(
    work: TableWork,
    into: PreparedTable['target'],
    numbered: boolean,
    fase: Fase,
  ): Promise<number> {
    const before = this.bytes
    const { source } = work
    const options = {
      ...{ into, numbered, signal: this.hooks.signal },
      onSent: (rows: number, bytes: number): void => {
        this.bytes = before + bytes
        this.progress(fase, work.tabla.tabla, rows, source.filas)
      },
    }
    const taken = await sendRows(this.session, source, options, work.tabla.tabla)
    sameCount(taken, source, work.tabla.tabla)
    return taken
  }

  private async number(statement: Parameters<Session['rows']>[0]): Promise<number> {
    const [row] = await this.session.rows(statement)
    return Number(row?.[0] ?? 0)
  }

  private async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    await this.hooks.onStep?.(what)
    return work()
  }

  /** What could not be dropped is found by its name and dropped by a later load. */
  private async dropStages(works: readonly TableWork[]): Promise<void> {
    this.progress('limpiar', null, 0, 0)
    for (const { plan } of works)
      for (const step of plan.drop)
        if (step.do === 'sql') await this.session.run(step.statement).catch(() => undefined)
  }

  private progress(fase: Fase, tabla: string | null, filas: number, totalFilas: number): void {
    this.hooks.onProgress?.({ fase, tabla, filas, totalFilas, bytes: this.bytes })
  }

  private result(written: readonly TableWork[], ddl: string[], descartadas: string[]): LoadResult {
    const tablas = this.jobs.map(({ tabla }, place): TableResult => {
      const work = written.find((one) => one.place === place)
      const { tabla: nombre, catalogo } = tabla
      return { tabla: nombre, catalogo, repetida: !work, ...(work?.conteos ?? NOTHING) }
    })
    const sum = (key: keyof Conteos): number => tablas.reduce((total, table) => total + table[key], 0)
    return {
      repetida: written.length === 0,
      totales: {
        leidas: sum('leidas'),
        insertadas: sum('insertadas'),
        actualizadas: sum('actualizadas'),
        eliminadas: sum('eliminadas'),
      },
      bytes: this.bytes,
      tablas,
      ddl,
      descartadas,
    }
  }
}

const wouldDouble = (tabla: string): AppError =>
  new AppError('CARGA_REPETIDA', {
    kind: 'conflict',
    message: `«${tabla}»: esta ejecución ya está en la tabla, y agregarla otra vez repetiría sus filas.`,
    hint: 'Borrar sus filas de la tabla y de _sage_cargas, o usar una estrategia con clave.',
  })
