import { quoteIdent } from '@engine/duckdb'
import { refused } from '@engine/materialization/check-source'
import { refuseProblems } from '@engine/materialization/prepare'
import type { LoadHooks, LoadResult, LoadRun, TableJob, TableResult } from '@engine/materialization/types'
import { LISTED, strategyOf } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import type { Conteos, TablaMaterializada } from '@shared/model/materializacion'
import { REGISTRO } from '../types'
import { type Changes, changesOf } from './changes'
import { longestCsvSql } from './formats'
import { currentVersion, type Inspected, inspectTable, writtenAs } from './inspect'
import { type LedgerEntry, NO_COUNTS } from './ledger'
import { LINE } from './line-shape'
import { formatOf } from './place'
import { type RowShape, rowShape } from './row-shape'
import type { Shelf, Shelves } from './shelf'
import { type Written, writeNew } from './write'

const LOCK_WAIT_MS = 30_000

interface Work {
  index: number
  job: TableJob
  shelf: Shelf
}

interface ReadyWork extends Work {
  found: Inspected
  shape: RowShape
  changes: Changes
  conteos: Conteos
  written: Written
}

/**
 * Writes the rows of an execution into tables of files: each is written whole beside the one in force, checked, put in its place at once, and
 * the load is written down with the table. What is written down is not loaded again. Files have no transaction over
 * several tables: all are written before the first is switched, and a rerun goes on with those that were not. The rows must come from an
 * engine that reaches the place. Errors: MATERIALIZACION_INVALIDA, FILAS_RECHAZADAS, CARGA_REPETIDA, TABLA_OCUPADA, EXCEL_DEMASIADAS_FILAS,
 * EXCEL_TEXTO_LARGO, DISK_FULL, CANCELLED; of a folder CARPETA_INACCESIBLE, CARPETA_AUSENTE, RUTA_FUERA; of a provider those of `Connector`.
 */
export async function loadFiles(
  shelves: Shelves,
  jobs: readonly TableJob[],
  run: LoadRun,
  hooks: LoadHooks = {},
): Promise<LoadResult> {
  const load = new FilesLoad(shelves, jobs, run, hooks)
  try {
    return await load.run()
  } catch (error) {
    throw shelves.explain(error)
  } finally {
    await load.close()
  }
}

class FilesLoad {
  private readonly works: Work[] = []
  private bytes = 0

  constructor(
    private readonly shelves: Shelves,
    private readonly jobs: readonly TableJob[],
    private readonly load: LoadRun,
    private readonly hooks: LoadHooks,
  ) {}

  async run(): Promise<LoadResult> {
    await this.takeTables()
    const pending: Work[] = []
    for (const work of this.works) if (!(await this.alreadyLoaded(work))) pending.push(work)
    const ready: ReadyWork[] = []
    for (const one of await this.inspectAll(pending)) ready.push(await this.write(one))
    for (const work of ready) await this.switch(work)
    return this.result(ready)
  }

  async close(): Promise<void> {
    for (const { shelf } of this.works) await shelf.close()
  }

  private async takeTables(): Promise<void> {
    const { shelves } = this
    const wanted = this.jobs.map((job, index) => ({ index, job, key: shelves.keyOf(job.tabla) }))
    for (const { index, job } of wanted.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
      await this.step('bloquear la tabla')
      const shelf = await shelves.open(job.tabla, {
        waitMs: this.hooks.lockWaitMs ?? LOCK_WAIT_MS,
        signal: this.hooks.signal,
        ejecucion: this.load.ejecucion,
        carga: this.load.carga,
      })
      this.works.push({ index, job, shelf })
    }
    this.works.sort((a, b) => a.index - b.index)
  }

  private async alreadyLoaded({ shelf, job: { tabla } }: Work): Promise<boolean> {
    const before = await shelf.find(this.load.ejecucion, this.load.materializacion)
    if (before === null) return false
    // Done by an earlier try of this very load.
    if (!this.load.rehacer || before.carga === this.load.carga) return true
    if (tabla.estrategia.tipo !== 'append') return false
    throw new AppError('CARGA_REPETIDA', {
      kind: 'conflict',
      message: `«${tabla.tabla}»: esta ejecución ya está escrita, y agregarla otra vez repetiría sus filas.`,
      hint: 'Usar una estrategia con clave.',
    })
  }

  private async inspectAll(works: readonly Work[]): Promise<(Work & { found: Inspected })[]> {
    const inspected: (Work & { found: Inspected })[] = []
    for (const work of works) {
      const { tabla, source } = work.job
      this.progress('preparar', tabla.tabla, 0, source.filas)
      const known = await work.shelf.known(tabla)
      inspected.push({ ...work, found: await inspectTable(source.duck, work.shelf, tabla, known) })
    }
    const problems = inspected.flatMap(({ found, index }) =>
      found.problems.map((problem) => ({ ...problem, tabla: index })),
    )
    refuseProblems(
      problems,
      this.jobs.map(({ tabla }) => tabla.tabla),
    )
    return inspected
  }

  private async write(work: Work & { found: Inspected }): Promise<ReadyWork> {
    const { job, shelf, found } = work
    const { place } = shelf
    const { tabla, source } = job
    const formato = formatOf(tabla)
    this.progress('comprobar', tabla.tabla, 0, source.filas)
    await refuseKeys(job)
    const { shape, changes } = planOf(job, found)
    const conteos = await this.count(job, found, changes)
    await this.step('escribir los archivos')
    this.progress('enviar', tabla.tabla, 0, source.filas)
    const adds = place.disposicion === 'particiones' && tabla.estrategia.tipo === 'append'
    const folder = adds ? await currentVersion(place.path) : null
    const written = await writeNew({
      duck: source.duck,
      place,
      formato,
      changes,
      source: { ...source, columnas: shape.columnas },
      carga: this.load.carga,
      linked: folder === null ? null : { folder, files: found.files },
      signal: this.hooks.signal,
    })
    if (wholeLoad(tabla) && written.filas !== source.filas)
      throw missingRows(tabla.tabla, source.filas, written.filas)
    await this.step('enviar los archivos')
    await shelf.stage(written, (bytes) =>
      this.progress('enviar', tabla.tabla, source.filas, source.filas, bytes),
    )
    this.bytes += written.bytes
    this.progress('enviar', tabla.tabla, source.filas, source.filas)
    return { ...work, shape, changes, conteos, written }
  }

  private async count({ tabla, source }: TableJob, found: Inspected, changes: Changes): Promise<Conteos> {
    if (tabla.formato?.tipo === 'excel' || found.relation === null || tabla.estrategia.tipo === 'append') {
      const marked = tabla.estrategia.tipo === 'upsert' && tabla.estrategia.borrarSi !== undefined
      const eliminadas = tabla.estrategia.tipo === 'append' ? 0 : (found.filasAntes ?? 0)
      if (!marked) return { ...NO_COUNTS, leidas: source.filas, insertadas: source.filas, eliminadas }
    }
    const [row] = await source.duck.rows(changes.counts)
    return {
      leidas: source.filas,
      insertadas: Number(row?.insertadas ?? 0),
      actualizadas: Number(row?.actualizadas ?? 0),
      eliminadas: Number(row?.eliminadas ?? 0),
    }
  }

  private async switch(work: ReadyWork): Promise<void> {
    const { job, shelf, written, shape, conteos } = work
    const { tabla } = job
    const { carga, ejecucion, materializacion, en } = this.load
    const entry: LedgerEntry = {
      ...{ carga, ejecucion, materializacion, en, conteos },
      columnas: shape.columnas.map(({ nombre, tipo }) => ({ nombre, tipo })),
      formato: writtenAs(formatOf(tabla), shelf.place),
      lineaMayor: await this.longestLine(work),
    }
    this.progress('cambiar', tabla.tabla, conteos.leidas, conteos.leidas)
    await shelf.switch({ written, entry, tabla }, (what) => this.step(what))
  }

  private async longestLine({
    job: { tabla, source },
    shelf,
    found,
    shape,
    changes,
  }: ReadyWork): Promise<number> {
    const { tipo } = formatOf(tabla)
    if (tipo !== 'csv' && tipo !== 'jsonl') return 0
    const rows = `(${source.sql})`
    // A line that goes on with what it replaces is as long as both.
    const written = shape.noOld === '' ? `SELECT ${shape.fresh} FROM ${rows} n` : changes.result
    const lines = `SELECT coalesce(max(strlen(${LINE})), 0)::DOUBLE + 64 AS n FROM (${written})`
    const [row] = await source.duck.rows(tipo === 'csv' ? longestCsvSql(found.mapped, rows) : lines)
    return Math.max(Number(row?.n ?? 0), shelf.last?.lineaMayor ?? 0)
  }

  private async step(what: string): Promise<void> {
    await this.hooks.onStep?.(what)
  }

  private progress(
    fase: 'preparar' | 'enviar' | 'comprobar' | 'cambiar',
    tabla: string,
    filas: number,
    totalFilas: number,
    sending = 0,
  ): void {
    this.hooks.onProgress?.({ fase, tabla, filas, totalFilas, bytes: this.bytes + sending })
  }

  private result(ready: readonly ReadyWork[]): LoadResult {
    const tablas = this.jobs.map(({ tabla }, index): TableResult => {
      const done = ready.find((work) => work.index === index)
      return {
        tabla: tabla.tabla,
        catalogo: tabla.catalogo,
        repetida: !done,
        ...(done?.conteos ?? NO_COUNTS),
      }
    })
    const sum = (key: keyof Conteos): number => tablas.reduce((total, tabla) => total + tabla[key], 0)
    return {
      repetida: ready.length === 0,
      totales: {
        leidas: sum('leidas'),
        insertadas: sum('insertadas'),
        actualizadas: sum('actualizadas'),
        eliminadas: sum('eliminadas'),
      },
      bytes: this.bytes,
      tablas,
      ddl: ready.flatMap(({ job, found }) =>
        found.agregadas.map((name) => `${job.tabla.tabla}: agregar la columna «${name}»`),
      ),
      descartadas: ready.flatMap(({ job, found }) =>
        found.descartadas.map((name) => `${job.tabla.tabla}.${name}`),
      ),
    }
  }
}

/** What is written are the rows of the load and no others. */
const wholeLoad = ({ estrategia: { tipo } }: TablaMaterializada): boolean =>
  tipo === 'append' || tipo === 'full' || tipo === 'truncate_insert'

const missingRows = (tabla: string, wanted: number, there: number): AppError =>
  new AppError('FILAS_DE_MENOS', {
    kind: 'terminal',
    message: `«${tabla}»: se escribían ${wanted} filas y el archivo tiene ${there}.`,
    hint: 'No se cambió nada: reintentar.',
  })

/** The shape of the written rows and the queries of the strategy. */
export function planOf({ tabla, source }: TableJob, found: Inspected): { shape: RowShape; changes: Changes } {
  const { estrategia } = tabla
  const { mapped } = found
  const shape = rowShape({
    formato: formatOf(tabla),
    existing: found.existing,
    // What replaces all, or stands in a file of its own, has the columns of the mapping and no others.
    keepOthers: !wholeLoad(tabla),
    mapped,
    others: found.others,
  })
  return {
    shape,
    changes: changesOf({ estrategia, shape, mapped, fresh: `(${source.sql})`, existing: found.relation }),
  }
}

/** Null and repeated keys, named by their records. Throws FILAS_RECHAZADAS. */
async function refuseKeys({ tabla, source }: TableJob): Promise<void> {
  const { key } = strategyOf(tabla.estrategia)
  if (key === null) return
  const names = key.map(quoteIdent)
  const nulls = names.map((name) => `${name} IS NULL`).join(' OR ')
  const repeated = `SELECT ${names.join(', ')} FROM (${source.sql}) GROUP BY ALL HAVING count(*) > 1`
  const list = async (problema: string, where: string): Promise<void> => {
    const rows = await source.duck.rows(
      `SELECT ${quoteIdent(REGISTRO)}::DOUBLE AS r, [${names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ')}] AS k FROM (${source.sql}) WHERE ${where} ORDER BY 1 LIMIT ${LISTED + 1}`,
    )
    if (rows.length === 0) return
    throw refused({
      tabla: tabla.tabla,
      columnas: key,
      problema,
      total: rows.length > LISTED ? null : rows.length,
      filas: rows.map(({ r, k }) => ({ registro: Number(r), valores: textsOf(k) })),
      archivos: source.archivos,
    })
  }
  await list('sin valor en la clave', nulls)
  await list('con la clave repetida', `(${names.join(', ')}) IN (${repeated})`)
}

/** A list of DuckDB as its driver gives it. */
export const textsOf = (value: unknown): (string | null)[] =>
  Array.isArray(value) ? value.map((item) => (item === null || item === undefined ? null : String(item))) : []
