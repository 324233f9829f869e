import { existsSync } from 'node:fs'
import type { TableJob } from '@engine/materialization/types'
import { AppError } from '@shared/errors/app-error'
import type { Ensayo } from '@shared/model/materializacion'
import { filesError } from './errors'
import { inspectTable } from './inspect'
import { Ledger, type LedgerEntry } from './ledger'
import { planOf, textsOf } from './load'
import { formatOf, type Place, placeOf } from './place'

const SAMPLE = 50
type TableTrial = Ensayo['tablas'][number]

/**
 * What a load would do to tables of files, with none of them changed: counts, and some of the changes. A table that another load is writing
 * is looked at as it stands. Errors: those of a place (CARPETA_INACCESIBLE, NOMBRE_INVALIDO, RUTA_FUERA) and of DuckDB.
 */
export async function trialFiles(carpeta: string, jobs: readonly TableJob[]): Promise<Ensayo> {
  const ensayo: Ensayo = { problemas: [], tablas: [] }
  try {
    for (const [index, job] of jobs.entries()) {
      const { tabla, problems } = await trialOf(carpeta, job)
      ensayo.tablas.push(tabla)
      ensayo.problemas.push(...problems.map((problem) => ({ ...problem, tabla: index })))
    }
  } catch (error) {
    throw filesError(error, carpeta)
  }
  return ensayo
}

async function trialOf(carpeta: string, job: TableJob) {
  const { tabla, source } = job
  const { duck } = source
  const place = await placeOf(carpeta, tabla, false)
  const found = await inspectTable(duck, place, tabla, await lastEntry(place))
  const columnas = found.mapped.map(({ nombre }) => nombre)
  const trial: TableTrial = {
    tabla: tabla.tabla,
    catalogo: tabla.catalogo,
    ddl: found.agregadas.map((nombre) => `Agregar la columna «${nombre}»`),
    existe: found.files.length > 0,
    filasAntes: 0,
    leidas: source.filas,
    ...{ insertadas: 0, actualizadas: 0, eliminadas: 0, sinCambio: 0, columnas, muestra: [] },
  }
  if (found.problems.some(({ severidad }) => severidad === 'error'))
    return { tabla: trial, problems: found.problems }
  const { changes } = planOf(job, found)
  if (found.relation !== null)
    trial.filasAntes = await one(job, `SELECT count(*) AS n FROM ${found.relation}`, 'n')
  const [counts] = await duck.rows(changes.counts)
  trial.insertadas = Number(counts?.insertadas ?? 0)
  trial.actualizadas = Number(counts?.actualizadas ?? 0)
  trial.eliminadas = Number(counts?.eliminadas ?? 0)
  trial.sinCambio = Number(counts?.sin_cambio ?? 0)
  const sample = await duck.rows(changes.sample(SAMPLE))
  trial.muestra = sample.map(({ cambio, antes, despues }) => ({
    cambio: changeOf(String(cambio)),
    antes: Array.isArray(antes) ? textsOf(antes) : null,
    despues: Array.isArray(despues) ? textsOf(despues) : null,
  }))
  // Nothing of a workbook is read back: how many rows it loses is not known.
  if (formatOf(tabla).tipo === 'excel' && trial.existe) trial.ddl.push('Reemplazar el libro entero')
  return { tabla: trial, problems: found.problems }
}

const changeOf = (text: string): TableTrial['muestra'][number]['cambio'] =>
  text === 'eliminada' || text === 'actualizada' ? text : 'insertada'

async function one({ source }: TableJob, sql: string, name: string): Promise<number> {
  const [row] = await source.duck.rows(sql)
  return Number(row?.[name] ?? 0)
}

/** What the ledger says, where there is one and no load has it. */
async function lastEntry({ ledger: path, nombre }: Place): Promise<LedgerEntry | null> {
  if (!existsSync(path)) return null
  const ledger = await Ledger.open(path, nombre, 0).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'TABLA_OCUPADA') return null
    throw error
  })
  try {
    return ledger?.last() ?? null
  } finally {
    ledger?.close()
  }
}
