import { createHash } from 'node:crypto'
import {
  type ColumnSpec,
  type Dialect,
  LEDGER,
  type Session,
  type Statement,
  type TableRef,
} from '@engine/destinations/types'
import { LEDGER_NAME_MAX, ledgerName } from '@engine/strategies'
import type { Conteos, TablaMaterializada } from '@shared/model/materializacion'
import type { LoadRun } from './types'

const texto = (nombre: string, largo: number): ColumnSpec => ({
  nombre,
  tipo: { tipo: 'texto', largo },
  nulos: false,
})
const entero = (nombre: string): ColumnSpec => ({ nombre, tipo: { tipo: 'entero' }, nulos: false })

/** What was loaded, one row for each execution, materialization and table; written in the transaction of its rows. */
export const LEDGER_COLUMNS: readonly ColumnSpec[] = [
  texto('clave', 64),
  texto('materializacion', 64),
  texto('ejecucion', 64),
  texto('tabla', LEDGER_NAME_MAX),
  texto('carga', 36),
  { nombre: 'cargado_en', tipo: { tipo: 'fecha_hora', zona: true }, nulos: false },
  texto('estrategia', 20),
  // Of the mapping, the strategy and the filter: says whether a load was made with what the materialization says today.
  texto('huella', 64),
  ...['leidas', 'insertadas', 'actualizadas', 'eliminadas', 'vigente'].map(entero),
]

export const ledgerRef = (defaultSchema: string | null): TableRef => ({
  esquema: defaultSchema,
  tabla: LEDGER,
})

const sha = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** One text for an execution, a materialization and a table: short enough for the key of any database. */
export const ledgerKey = (run: LoadRun, target: TableRef): string =>
  sha([run.materializacion, run.ejecucion, ledgerName(target)])

export const fingerprint = ({ columnas, estrategia, filtro }: TablaMaterializada): string =>
  sha([columnas, estrategia, filtro])

/** The control UUID of the load that the ledger has under a key, or null. */
export async function findLoad(session: Session, key: string): Promise<string | null> {
  const { ident, table, param } = session.dialect
  const [row] = await session.rows({
    sql: `SELECT ${ident('carga')} FROM ${table(ledgerRef(session.esquema))} WHERE ${ident('clave')} = ${param(1, { tipo: 'texto', largo: 64 })}`,
    params: [key],
  })
  return row?.[0] ?? null
}

interface Entry {
  run: LoadRun
  tabla: TablaMaterializada
  target: TableRef
  conteos: Conteos
}

/** What writes a load in the ledger. One made again takes the place of its former; one that replaced all rows is the one in force. */
export function entryStatements(
  dialect: Dialect,
  ledger: TableRef,
  { run, tabla, target, conteos }: Entry,
): Statement[] {
  const { ident, table, param } = dialect
  const key = ledgerKey(run, target)
  const replaces = tabla.estrategia.tipo === 'full'
  const values: Record<string, string> = {
    clave: key,
    materializacion: run.materializacion,
    ejecucion: run.ejecucion,
    tabla: ledgerName(target),
    carga: run.carga,
    cargado_en: run.en,
    estrategia: tabla.estrategia.tipo,
    huella: fingerprint(tabla),
    leidas: String(conteos.leidas),
    insertadas: String(conteos.insertadas),
    actualizadas: String(conteos.actualizadas),
    eliminadas: String(conteos.eliminadas),
    vigente: replaces ? '1' : '0',
  }
  const typeOf = (name: string) =>
    LEDGER_COLUMNS.find(({ nombre }) => nombre === name)?.tipo ?? { tipo: 'texto' as const }
  const whole = table(ledger)
  const names = LEDGER_COLUMNS.map(({ nombre }) => nombre)
  const statements: Statement[] = [
    { sql: `DELETE FROM ${whole} WHERE ${ident('clave')} = ${param(1, typeOf('clave'))}`, params: [key] },
    {
      sql: `INSERT INTO ${whole} (${names.map(ident).join(', ')}) VALUES (${names.map((name, at) => param(at + 1, typeOf(name))).join(', ')})`,
      params: names.map((name) => values[name] ?? null),
    },
  ]
  if (!replaces) return statements
  const former = `UPDATE ${whole} SET ${ident('vigente')} = 0 WHERE ${ident('tabla')} = ${param(1, typeOf('tabla'))} AND ${ident('vigente')} = 1`
  return [{ sql: former, params: [ledgerName(target)] }, ...statements]
}
