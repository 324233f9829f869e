import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openDuck } from '@engine/duckdb'
import { csvRelationSql, planCsv, repairCsv } from '@engine/formats'
import { AppError } from '@shared/errors/app-error'
import type {
  CatalogoInferido,
  CorreccionMuestra,
  DecisionEncabezado,
  FormatoMuestra,
  MuestraInferida,
} from '@shared/model/muestra'
import { plural, quoted, slug, unrepeated } from './cells'
import { type Sniffed, sniffDelimiter, splitHead } from './delimiter'
import { decideHeader } from './header'
import { candidateKeys } from './keys'
import { profileColumns } from './profile'
import { findRelations, type Related } from './relations'
import {
  formatOf,
  openSample,
  type SampleFile,
  type SampleText,
  type SampleWork,
  sampleText,
} from './sample-file'

const SHOWN_RECORDS = 20
const CELL_MOST = 200
const COLUMNS_MOST = 2000

export interface InferRequest {
  path: string
  name?: string
  corrections?: CorreccionMuestra[]
  /** A folder of ours to work in; what is written there goes away with the answer. */
  workRoot: string
  memoryLimit?: number
  signal?: AbortSignal
}

/**
 * Reads a sample whole and proposes a schema for files like it: format, header (with the reasons), types judged over every record,
 * nulls, distinct values, keys, value sets and, between the files of a ZIP, what refers to what. What `corrections` says of a file is
 * taken as it is. Errors: those of opening the formats, SAMPLE_EMPTY, SAMPLE_TOO_MANY, SAMPLE_COLUMNS, DISK_FULL, MEMORY_LIMIT, CANCELLED.
 */
export async function inferSample(request: InferRequest): Promise<MuestraInferida> {
  const { signal, memoryLimit } = request
  const name = request.name ?? basename(request.path)
  const dir = join(request.workRoot, `muestra-${randomUUID()}`)
  await mkdir(dir, { recursive: true })
  try {
    const duck = await openDuck({
      dir,
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      ...(signal ? { signal } : {}),
    })
    try {
      const work: SampleWork = { duck, dir, ...(signal ? { signal } : {}) }
      return await inferOpened(name, request, work)
    } finally {
      await duck.close()
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function inferOpened(name: string, request: InferRequest, work: SampleWork): Promise<MuestraInferida> {
  const opened = await openSample(request.path, name, work)
  const patterns = filePatterns(opened.files.map(({ origin }) => origin))
  const ids = new Set<string>()
  const tables: Related[] = []
  for (const [i, file] of opened.files.entries()) {
    const correction = request.corrections?.find(({ origen }) => origen === file.origin)
    const stem = (patterns.get(file.origin) ?? file.origin).replace(/\.[^.]*$/, '').replace(/^.*\//, '')
    const id = unrepeated(slug(stem, `catalogo_${i + 1}`), ids)
    const shape = await shapeOfFile(file, correction, work, i)
    tables.push(
      await inferTable({ id, file, shape, archivo: patterns.get(file.origin) ?? file.origin }, work, i),
    )
  }
  const stem = name.replace(/(\.[A-Za-z0-9]{1,8})+$/, '')
  return {
    nombre: titled(stem),
    archivo: name,
    empaquetado: opened.packed ? 'ZIP' : 'SIMPLE',
    catalogos: tables.map(({ catalog }) => catalog),
    relaciones: tables.length > 1 ? await findRelations(work.duck, tables) : [],
    avisos: opened.notices,
  }
}

/** Words out of a file name, without its dates. */
function titled(stem: string): string {
  const words = stem
    .replace(/\d{6,}/g, ' ')
    .replace(/[_\-.\s]+/g, ' ')
    .trim()
  return words === '' ? 'Casilla' : words.charAt(0).toUpperCase() + words.slice(1)
}

/** A date in a file's name becomes `*`, unless another file of the sample would then be the same. */
function filePatterns(origins: string[]): Map<string, string> {
  const loose = origins.map((origin) =>
    origin.replace(/\d{4}[-_]?\d{2}[-_]?\d{2}([-_]?\d{4,6})?|\d{6,}/g, '*'),
  )
  const folded = loose.map((pattern) => pattern.toLowerCase())
  return new Map(
    origins.map((origin, i) => {
      const pattern = loose[i] ?? origin
      const alone = folded.filter((other) => other === pattern.toLowerCase()).length === 1
      const bare = pattern.replace(/\.[^.]*$/, '').replace(/[*_\-.]/g, '') === ''
      return [origin, alone && !bare ? pattern : origin]
    }),
  )
}

/** How one file is read. */
interface FileShape {
  format: FormatoMuestra
  text: SampleText
  sniffed: Sniffed
  decision: DecisionEncabezado
  /** Columns that most of the first records have. */
  common: number
}

async function shapeOfFile(
  file: SampleFile,
  correction: CorreccionMuestra | undefined,
  work: SampleWork,
  index: number,
): Promise<FileShape> {
  const format = formatOf(file.kind)
  if (format === null) {
    throw new AppError('SAMPLE_FORMAT', {
      kind: 'unsupported',
      message: `«${file.origin}» no es un archivo de datos que se pueda leer.`,
      hint: 'Se admiten CSV, ZIP, gzip, Excel, Parquet y JSON por líneas.',
    })
  }
  const sheet = correction?.hoja === undefined ? {} : { sheet: correction.hoja }
  const text = await sampleText(file, format, work, { id: `m${index}`, header: true, columns: 1, ...sheet })
  const sniffed =
    format !== 'CSV'
      ? await splitHead(text.path, text.info, ',', work.signal)
      : correction?.delimitador !== undefined
        ? await splitHead(text.path, text.info, correction.delimitador, work.signal)
        : await sniffDelimiter(text.path, text.info, work.signal)
  const decision = decide(format, sniffed, correction)
  // A header gives the width of the file; without one, the most common of the first records does.
  const width = decision.encabezado ? (sniffed.head[0]?.length ?? sniffed.width) : sniffed.width
  if (width > COLUMNS_MOST) {
    throw new AppError('SAMPLE_COLUMNS', {
      kind: 'input',
      message: `«${file.origin}» tiene ${width} columnas; de una muestra se leen hasta ${COLUMNS_MOST}.`,
      hint: 'Comprobar que el delimitador es el correcto.',
    })
  }
  if (format !== 'EXCEL' || decision.encabezado)
    return { format, text, sniffed: { ...sniffed, width }, decision, common: sniffed.width }
  const widest = Math.max(...sniffed.head.map((cells) => cells.length), 1)
  const again = await sampleText(file, format, work, {
    id: `m${index}s`,
    header: false,
    columns: widest,
    ...sheet,
  })
  return { format, text: again, sniffed: { ...sniffed, width: widest, odd: 0 }, decision, common: widest }
}

function decide(
  format: FormatoMuestra,
  { head, width }: Sniffed,
  correction: CorreccionMuestra | undefined,
): DecisionEncabezado {
  if (format === 'JSONL' || format === 'PARQUET') {
    return {
      encabezado: true,
      seguridad: 'alta',
      razones: ['Este formato lleva los nombres de sus columnas.'],
      primeraFila: head[0] ?? [],
    }
  }
  const own = decideHeader(head, head[0]?.length ?? width)
  const said = correction?.encabezado
  if (said === undefined) return own
  if (said === own.encabezado) return { ...own, seguridad: 'persona' }
  return { ...own, encabezado: said, seguridad: 'persona', razones: ['Se decidió a mano.', ...own.razones] }
}

interface TableInput {
  id: string
  archivo: string
  file: SampleFile
  shape: FileShape
}

async function inferTable(input: TableInput, work: SampleWork, index: number): Promise<Related> {
  const { file, shape } = input
  const { format, text, sniffed, decision } = shape
  const { duck, signal } = work
  const stopping = signal ? { signal } : {}
  const relation = `muestra_${index}`
  let plan = await planCsv({
    name: file.origin,
    path: text.path,
    info: text.info,
    delimiter: sniffed.delimiter,
    header: decision.encabezado,
    columns: sniffed.width,
    ...stopping,
  })
  for (let attempt = 0; ; attempt++) {
    await duck.run(`CREATE TABLE ${relation} AS SELECT * FROM ${csvRelationSql(plan)}`)
    const [row] = await duck.rows(`SELECT count(*) AS n FROM ${relation}`)
    if (Number(row?.n) === plan.records || attempt === 2) break
    await duck.run(`DROP TABLE ${relation}`)
    plan = await repairCsv(plan, signal)
  }
  const { names, notices } = columnNames(shape)
  const delimiter = format === 'CSV' ? sniffed.delimiter : null
  const { columns, total } = await profileColumns({ duck, relation, names, delimiter })
  const faults = plan.total - total
  const catalog: CatalogoInferido = {
    id: input.id,
    nombre: titled(input.id),
    origen: file.origin,
    archivo: input.archivo,
    formato: format,
    delimitador: delimiter,
    hoja: text.converted?.sheet ?? null,
    hojas: text.converted?.sheets ?? [],
    codificacion: text.encoding,
    decision,
    registros: total,
    columnas: columns,
    claves: await candidateKeys(duck, relation, columns, total),
    filas: await firstRecords(work, relation, names.length),
    avisos: [
      ...notices,
      ...unevenNotices(shape),
      ...faultNotices(faults, sniffed.width),
      ...emptyNotices(total),
    ],
  }
  return { catalog, relation }
}

const faultNotices = (faults: number, width: number): string[] =>
  faults > 0
    ? [
        `${plural(faults, 'registro no tiene', 'registros no tienen')} ${plural(width, 'columna', 'columnas')} o no se puede leer: la prueba dirá cuáles.`,
      ]
    : []

/** A title above the header is the usual reason. */
function unevenNotices({ sniffed: { width }, decision, common }: FileShape): string[] {
  if (!decision.encabezado || width === common) return []
  return [
    `La primera fila tiene ${plural(width, 'columna', 'columnas')} y los registros ${common}: si arriba del encabezado hay un título, quitarlo.`,
  ]
}

const emptyNotices = (total: number): string[] =>
  total === 0 ? ['No hay registros: los tipos no se pueden saber. Usar una muestra con datos.'] : []

/** Names of the columns: those of the header, never empty nor repeated; COLUMNA_1... without one. */
function columnNames({ sniffed, decision }: FileShape): { names: string[]; notices: string[] } {
  const taken = new Set<string>()
  const notices: string[] = []
  const header = decision.encabezado ? (sniffed.head[0] ?? []) : []
  const names = Array.from({ length: sniffed.width }, (_, i) => {
    const own = (header[i] ?? '').trim()
    if (own === '') {
      if (decision.encabezado)
        notices.push(
          `La columna ${i + 1} no tiene nombre en el encabezado: pedirlo a quien envía el archivo.`,
        )
      return unrepeated(`COLUMNA_${i + 1}`, taken)
    }
    const name = unrepeated(own, taken)
    if (name !== own)
      notices.push(
        `El encabezado repite ${quoted(own)}: un archivo así se rechaza, hay que cambiar uno de los nombres.`,
      )
    return name
  })
  return { names, notices }
}

async function firstRecords(work: SampleWork, relation: string, width: number): Promise<(string | null)[][]> {
  const cells = Array.from({ length: width }, (_, i) => `left(k${i}, ${CELL_MOST}) AS k${i}`)
  const rows: (string | null)[][] = []
  await work.duck.each(`SELECT ${cells.join(', ')} FROM ${relation} LIMIT ${SHOWN_RECORDS}`, (row) => {
    rows.push(row.map((cell) => (cell === null || cell === undefined ? null : String(cell))))
  })
  return rows
}
