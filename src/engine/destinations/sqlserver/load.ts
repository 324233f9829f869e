import sql from 'mssql'
import { textBatches } from '../shared/text-batches'
import { type ColumnSpec, type LoadOptions, REGISTRO, type RowSource, STAGE_PREFIX } from '../types'
import { sqlserverDialect } from './dialect'

/** Where the texts land, before the server makes values of them. */
const LANDING = `#${STAGE_PREFIX}textos`
const BATCH = 5_000
/** The longest text of a value that is not one. */
const VALUE_LENGTH = 64
const MAX_NVARCHAR = 4000

export interface Requests {
  batch(text: string): Promise<number>
  bulk(table: sql.Table): Promise<number>
}

const lengthOf = ({ tipo }: ColumnSpec): number => {
  if (tipo.tipo !== 'texto') return VALUE_LENGTH
  return tipo.largo !== undefined && tipo.largo * 2 <= MAX_NVARCHAR ? tipo.largo * 2 : sql.MAX
}

/**
 * Bulk load of texts into a temporary table, from where one INSERT reads them into the target. The driver would send a decimal through a
 * JavaScript number, and lose its digits; the server reads them from the text.
 */
export async function loadBulk(
  requests: Requests,
  rows: RowSource,
  { into, numbered, signal, onSent }: LoadOptions,
): Promise<number> {
  const lengths = rows.columnas.map(lengthOf)
  const names = rows.columnas.map((_, place) => `c${place}`)
  const declared = names.map((name, at) => {
    const length = lengths[at]
    return `${name} nvarchar(${length === sql.MAX ? 'max' : length}) NULL`
  })
  await requests.batch(
    `DROP TABLE IF EXISTS ${LANDING}; CREATE TABLE ${LANDING} (${[...declared, 'r bigint NULL'].join(', ')})`,
  )
  let sent = 0
  let bytes = 0
  for await (const batch of textBatches(rows, BATCH, signal)) {
    const table = landing(lengths)
    for (const [at, cells] of batch.rows.entries()) {
      table.rows.add(...cells, String(batch.registros[at]))
      for (const cell of cells) bytes += (cell?.length ?? 0) * 2
    }
    sent += await requests.bulk(table)
    onSent(sent, bytes)
  }
  const written = await requests.batch(insertFromLanding(rows.columnas, into, numbered))
  await requests.batch(`DROP TABLE ${LANDING}`)
  return written
}

function landing(lengths: readonly number[]): sql.Table {
  const table = new sql.Table(LANDING)
  for (const [place, length] of lengths.entries())
    table.columns.add(`c${place}`, sql.NVarChar(length), { nullable: true })
  table.columns.add('r', sql.BigInt, { nullable: true })
  return table
}

/** Each text becomes the value of its column; an instant gets the minutes of its zone, which SQL Server asks for. */
export function insertFromLanding(
  columnas: readonly ColumnSpec[],
  into: LoadOptions['into'],
  numbered: boolean,
): string {
  const { ident, table } = sqlserverDialect
  const names = columnas.map(({ nombre }) => ident(nombre))
  const cells = columnas.map(({ tipo }, place) =>
    tipo.tipo === 'fecha_hora' && tipo.zona ? `c${place} + ':00'` : `c${place}`,
  )
  if (numbered) {
    names.push(ident(REGISTRO))
    cells.push('r')
  }
  return `INSERT INTO ${table(into)} (${names.join(', ')}) SELECT ${cells.join(', ')} FROM ${LANDING}`
}
