import type { TableJob } from '@engine/materialization/types'
import type { Ensayo } from '@shared/model/materializacion'
import { inspectTable } from './inspect'
import { planOf, textsOf } from './load'
import { formatOf } from './place'
import type { Shelves, Sight } from './shelf'

const SAMPLE = 50
type TableTrial = Ensayo['tablas'][number]

/**
 * What a load would do to tables of files, with none of them changed: counts, and some of the changes. A table that another load is writing
 * is looked at as it stands. Errors: those of a place (CARPETA_INACCESIBLE, NOMBRE_INVALIDO, RUTA_FUERA) and of DuckDB.
 */
export async function trialFiles(
  shelves: Shelves,
  jobs: readonly TableJob[],
  signal?: AbortSignal,
): Promise<Ensayo> {
  const ensayo: Ensayo = { problemas: [], tablas: [] }
  try {
    for (const [index, job] of jobs.entries()) {
      const { tabla, problems } = await trialOf(shelves, job, signal)
      ensayo.tablas.push(tabla)
      ensayo.problemas.push(...problems.map((problem) => ({ ...problem, tabla: index })))
    }
  } catch (error) {
    throw shelves.explain(error)
  }
  return ensayo
}

async function trialOf(shelves: Shelves, job: TableJob, signal: AbortSignal | undefined) {
  const sight = await shelves.look(job.tabla, signal)
  try {
    return await trialIn(sight, job)
  } finally {
    await sight.close()
  }
}

async function trialIn(sight: Sight, job: TableJob) {
  const { tabla, source } = job
  const { duck } = source
  // What leaves is shown: only where nothing does is it enough to know how many rows there are.
  const known = tabla.estrategia.tipo === 'append' ? await sight.known(tabla) : null
  const found = await inspectTable(duck, sight, tabla, known?.filas == null ? null : known)
  const columnas = found.mapped.map(({ nombre }) => nombre)
  const trial: TableTrial = {
    tabla: tabla.tabla,
    catalogo: tabla.catalogo,
    ddl: found.agregadas.map((nombre) => `Agregar la columna «${nombre}»`),
    existe: found.files.length > 0 || known !== null,
    filasAntes: found.filasAntes ?? 0,
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
