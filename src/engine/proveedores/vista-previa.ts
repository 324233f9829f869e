import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type Connector, download } from '@engine/connectors'
import { type Duck, openDuck, quoteLiteral } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import type { VistaPrevia } from '@shared/model/proveedor'

const HEAD_BYTES = 64 * 1024
const ROWS = 100
/** A Parquet's map is at its end: it is brought whole, so only when it is not large. */
const PARQUET_BYTES = 64 * 1024 * 1024
const DELIMITERS = [',', ';', '|', '\t']

const nothing = (motivo: string): VistaPrevia => ({
  ...{ tipo: 'ninguna', texto: null, columnas: [], filas: [], cortado: true },
  motivo,
})

/**
 * The beginning of a file: rows of a Parquet or a CSV, the text of what is text.
 * @throws AppError those of `Connector.read`
 */
export async function preview(connector: Connector, path: string, signal: AbortSignal): Promise<VistaPrevia> {
  const entry = await connector.stat(path, { signal })
  if (entry.kind === 'folder') return nothing('Es una carpeta.')
  if (/\.parquet$/i.test(path)) {
    if (entry.bytes > PARQUET_BYTES)
      return nothing('El Parquet es demasiado grande para verlo sin descargarlo.')
    return inFolder(async (dir, duck) => {
      const file = join(dir, 'vista.parquet')
      await download(connector, path, file, { signal })
      const table = await tableOf(duck, `read_parquet(${quoteLiteral(file)})`)
      return table ?? nothing('El archivo está dañado o no es un Parquet.')
    }, signal)
  }
  const head = await buffer((await connector.read(path, { to: HEAD_BYTES, signal })).stream)
  if (head.includes(0)) return nothing('No es un texto.')
  const cortado = entry.bytes > head.length
  const texto = decoded(head)
  const table = /\.(csv|tsv|txt|psv)$/i.test(path) ? await csvTable(texto, cortado, signal) : null
  return table ?? { tipo: 'texto', texto, columnas: [], filas: [], cortado, motivo: null }
}

/** UTF-8, less a letter cut in two at the end; what is not UTF-8 is what Windows wrote. */
function decoded(head: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(head)
  }
}

async function csvTable(texto: string, cortado: boolean, signal: AbortSignal): Promise<VistaPrevia | null> {
  // The last line may be half a record.
  const whole = cortado ? texto.slice(0, texto.lastIndexOf('\n') + 1) : texto
  const first = whole.split('\n', 1)[0] ?? ''
  const count = (delimiter: string) => first.split(delimiter).length
  const delimiter = DELIMITERS.toSorted((a, b) => count(b) - count(a))[0] ?? ','
  if (count(delimiter) < 2) return null
  return inFolder(async (dir, duck) => {
    const file = join(dir, 'vista.csv')
    await writeFile(file, whole)
    const source = `read_csv(${quoteLiteral(file)}, delim=${quoteLiteral(delimiter)}, quote='"', escape='"', header=true,
      all_varchar=true, null_padding=true, strict_mode=false, sample_size=-1)`
    const table = await tableOf(duck, source)
    return table === null ? null : { ...table, texto, cortado: table.cortado || cortado }
  }, signal)
}

async function inFolder<T>(work: (dir: string, duck: Duck) => Promise<T>, signal: AbortSignal): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'sage-vista-'))
  const duck = await openDuck({ dir, threads: 1, signal })
  try {
    return await work(dir, duck)
  } finally {
    await duck.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** null when it can't be read as a table: the text is shown, or why not. @throws AppError CANCELLED */
async function tableOf(duck: Duck, source: string): Promise<VistaPrevia | null> {
  try {
    const described = await duck.rows(`DESCRIBE SELECT * FROM ${source}`)
    const columnas = described.map((row) => String(row.column_name))
    const filas: (string | null)[][] = []
    const cell = (value: unknown) => (value === null ? null : String(value))
    await duck.each(`SELECT COLUMNS(*)::VARCHAR FROM ${source} LIMIT ${ROWS + 1}`, (row) => {
      filas.push(row.map(cell))
    })
    const cortado = filas.length > ROWS
    return { tipo: 'tabla', texto: null, columnas, filas: filas.slice(0, ROWS), cortado, motivo: null }
  } catch (error) {
    if (error instanceof AppError && error.kind === 'cancelled') throw error
    return null
  }
}
