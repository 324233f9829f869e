import { REGISTRO, type RowSource } from '@engine/destinations/types'
import { type Duck, quoteIdent, quoteLiteral } from '@engine/duckdb'
import { type StagedCatalog, stagedSql } from '@engine/execution'
import { RECORD } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { Columna, Control, TablaMaterializada } from '@shared/model/materializacion'
import type { LoadRun } from '../types'
import { asText, type Cast, castOf, duckType, nombreTipo } from './cast'
import { readConstant } from './constant'
import { filterRows } from './filter'
import { type RowProblems, type ValueCheck, valueProblems } from './problems'

export interface RowsInput {
  /** Reaches the Parquet of `staged` and `dir`. */
  duck: Duck
  /** Folder for working files of the load. */
  dir: string
  staged: StagedCatalog
  tabla: TablaMaterializada
  run: LoadRun
}

export interface OpenedRows {
  source: RowSource
  /** Values that their column can't hold: with any of them the source must not be loaded. */
  problems: RowProblems
}

/**
 * The rows of one table of a load: the accepted records of its catalog that pass its filter, under the names and types of its mapping, and
 * the values that don't fit, each with its record. Errors: FIELD_MISSING, TYPE_CANT_HOLD, CONSTANT_INVALID, FILTER_INVALID, when the mapping
 * was saved for another YAML than the one that judged this execution.
 */
export async function openRows(input: RowsInput): Promise<OpenedRows> {
  const { duck, staged, tabla, run } = input
  const relation = filtered(staged, tabla, new Date(run.en))
  const columns = tabla.columnas.map((columna) => mappedColumn(columna, staged, run))
  const checks = columns.flatMap(({ checks: own }) => own)
  const { doubtful, ...problems } = await valueProblems(duck, {
    catalogo: staged.catalog,
    relation,
    registro: RECORD,
    checks,
  })
  const select = columns.map(({ sql, certain, columna: { nombre } }) => {
    const value = doubtful.has(nombre) ? sql : (certain ?? sql)
    return `${value} AS ${quoteIdent(nombre)}`
  })
  const source: RowSource = {
    columnas: tabla.columnas,
    filas: await countRows(duck, tabla.filtro === null ? stagedSql(staged) : relation),
    duck,
    dir: input.dir,
    // Of an execution of before the numbers were kept, a place says nothing of its file.
    ...(staged.numbering === 'unknown' ? {} : { archivos: staged.files }),
    sql: `SELECT ${[...select, `${RECORD} AS ${quoteIdent(REGISTRO)}`].join(', ')} FROM ${relation}`,
  }
  return { source, problems }
}

async function countRows(duck: Duck, relation: string): Promise<number> {
  const [row] = await duck.rows(`SELECT count(*) AS n FROM ${relation}`)
  return Number(row?.n ?? 0)
}

function filtered(staged: StagedCatalog, tabla: TablaMaterializada, now: Date): string {
  const relation = stagedSql(staged)
  if (tabla.filtro === null) return relation
  const found = filterRows(tabla.filtro, { catalog: staged.catalog, relation, columns: staged.columns }, now)
  if (found.ok) return found.relation
  const [first] = found.problems
  throw new AppError('FILTER_INVALID', {
    kind: 'config',
    message: `El filtro de «${tabla.tabla}» no se puede aplicar a esta ejecución: ${first?.message ?? ''}`,
    hint: first?.hint ?? 'Corregir el filtro en la materialización.',
    details: { problems: found.problems },
  })
}

interface MappedColumn {
  columna: Columna
  /** Over `_rec` and `x<i>`. */
  sql: string
  /** The same, cheaper, where no value of the column is doubtful. */
  certain?: string
  checks: ValueCheck[]
}

function mappedColumn(columna: Columna, staged: StagedCatalog, run: LoadRun): MappedColumn {
  const { fuente } = columna
  if (fuente.de === 'constante') return constantColumn(columna, fuente.valor)
  if (fuente.de === 'control') return controlColumn(columna, fuente.control, staged, run)
  const at = staged.columns.findIndex(({ name }) => name === fuente.campo)
  const field = staged.columns[at]
  if (!field) {
    throw new AppError('FIELD_MISSING', {
      kind: 'config',
      message: `Lo aceptado de «${staged.catalog}» en esta ejecución no trae el campo «${fuente.campo}».`,
      hint: 'Revisar la materialización con el YAML que juzgó el archivo.',
    })
  }
  const cast = castOf(field.type, columna.tipo)
  if (!cast) throw cantHold(columna, `un campo de tipo ${field.type}`)
  return castColumn(columna, cast, `x${at}`, asText(field.type))
}

function castColumn(columna: Columna, cast: Cast, x: string, text: (x: string) => string): MappedColumn {
  const checks: ValueCheck[] = []
  const add = (refused: string, motivo: string, doubtful?: string): void => {
    checks.push({
      columna: columna.nombre,
      refused,
      text: text(x),
      motivo,
      ...(doubtful ? { doubtful } : {}),
    })
  }
  if (!columna.nulos) add(`${x} IS NULL`, 'está vacía y la columna no admite nulos')
  if (cast.fits) {
    const given = `${x} IS NOT NULL AND`
    const doubtful = cast.quick && `(${given} (${cast.quick.doubtful(x)}))`
    add(`(${given} NOT (${cast.fits(x)}))`, cast.motivo, doubtful)
  }
  return { columna, sql: cast.value(x), ...(cast.quick ? { certain: cast.quick.certain(x) } : {}), checks }
}

const cantHold = (columna: Columna, what: string): AppError =>
  new AppError('TYPE_CANT_HOLD', {
    kind: 'config',
    message: `La columna «${columna.nombre}» (${nombreTipo(columna.tipo)}) no puede guardar ${what}.`,
    hint: 'Cambiar el tipo de la columna en la materialización.',
  })

function constantColumn(columna: Columna, valor: string | null): MappedColumn {
  const type = duckType(columna.tipo)
  if (valor === null) {
    if (!columna.nulos) throw badConstant(columna, 'es nula y la columna no admite nulos')
    return { columna, sql: `CAST(NULL AS ${type})`, checks: [] }
  }
  const read = readConstant(columna.tipo, valor)
  if (!read.ok) throw badConstant(columna, read.razon)
  return { columna, sql: `CAST(${quoteLiteral(read.texto)} AS ${type})`, checks: [] }
}

const badConstant = (columna: Columna, why: string): AppError =>
  new AppError('CONSTANT_INVALID', {
    kind: 'config',
    message: `La constante de «${columna.nombre}» ${why}.`,
    hint: 'Corregirla en la materialización.',
  })

const CONTROL_TYPES = {
  ejecucion: 'texto',
  archivo: 'texto',
  registro: 'entero',
  cargado_en: 'fecha',
  carga: 'texto',
} as const satisfies Record<Control, string>

/** Type of what the run knows of a row, as if it were a field. */
export const controlType = (control: Control): (typeof CONTROL_TYPES)[Control] => CONTROL_TYPES[control]

function controlColumn(
  columna: Columna,
  control: Control,
  staged: StagedCatalog,
  run: LoadRun,
): MappedColumn {
  const type = controlType(control)
  const cast = castOf(type, columna.tipo)
  if (!cast) throw cantHold(columna, `el control «${control}»`)
  return castColumn(columna, cast, `(${controlSql(control, staged, run)})`, asText(type))
}

function controlSql(control: Control, staged: StagedCatalog, run: LoadRun): string {
  switch (control) {
    case 'ejecucion':
      return quoteLiteral(run.ejecucion)
    case 'carga':
      return quoteLiteral(run.carga)
    case 'cargado_en':
      return `TIMESTAMP ${quoteLiteral(run.en.replace('T', ' ').replace('Z', ''))}`
    case 'registro':
      // A place among the accepted is not a record's number: nothing is better than a wrong one.
      return staged.numbering === 'unknown' ? 'CAST(NULL AS BIGINT)' : RECORD
    case 'archivo':
      return fileSql(staged.files)
  }
}

/** The file of each record; numbers run through the files in order. */
function fileSql(files: StagedCatalog['files']): string {
  const [first, ...rest] = files
  const cases = rest
    .toReversed()
    .map(({ file, before }) => `WHEN ${RECORD} > ${before} THEN ${nameLiteral(file)}`)
  const name = nameLiteral(first?.file ?? '')
  return cases.length > 0 ? `CASE ${cases.join(' ')} ELSE ${name} END` : name
}

const nameLiteral = (name: string): string => quoteLiteral(name.replaceAll('\0', '␀'))
