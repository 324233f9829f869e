import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quoteLiteral } from '@engine/duckdb'
import { duckType } from '@engine/materialization/rows'
import { mariaDbMissing, startMariaDb } from '@testkit/mariadb'
import { startPostgres } from '@testkit/postgres'
import { FilesBench, tableOf as filesTableOf } from '../archivos/files-bench.fixture'
import { duckdbTarget } from '../duckdb/target.fixture'
import { mariaDbTarget } from '../mysql/target.fixture'
import { postgresTarget } from '../postgres/target.fixture'
import { sqliteTarget } from '../sqlite/target.fixture'
import { ContractBench, type ContractTarget } from './support.fixture'
import { type VolumeTarget, volumeLoads, volumeTypes } from './volume-load.fixture'
import { sqlVolume } from './volume-sql.fixture'

export const VOLUME_KINDS = ['postgres', 'mysql', 'sqlite', 'duckdb', 'parquet', 'csv'] as const
export type VolumeKind = (typeof VOLUME_KINDS)[number]

export interface VolumeResult {
  /** Milliseconds of each load. */
  first: number
  second: number
  /** The most memory that this process has had. */
  peakMb: number
}

/** So many rows over as many in one destination (see `volumeLoads`). Null where its server can't be had. */
export async function volumeOf(kind: VolumeKind, rows: number): Promise<VolumeResult | null> {
  if (kind === 'mysql' && mariaDbMissing) return null
  const times = await withTarget(kind, (target) => volumeLoads(target, rows))
  return { ...times, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }
}

type Work<T> = (target: VolumeTarget) => Promise<T>

async function withTarget<T>(kind: VolumeKind, work: Work<T>): Promise<T> {
  switch (kind) {
    case 'postgres': {
      const server = await startPostgres()
      try {
        const base = await server.createDatabase()
        return await inSql(postgresTarget(server, base, await server.connect(base)), work)
      } finally {
        await server.stop()
      }
    }
    case 'mysql': {
      const server = await startMariaDb()
      const base = await server.createDatabase()
      const admin = await server.connect(base)
      try {
        return await inSql(mariaDbTarget(server, base, admin), work)
      } finally {
        await admin.end()
        await server.stop()
      }
    }
    case 'sqlite':
    case 'duckdb': {
      const dir = mkdtempSync(join(tmpdir(), `sage-volumen-${kind}-`))
      try {
        return await inSql(kind === 'sqlite' ? sqliteTarget(dir) : duckdbTarget(dir), work)
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    }
    case 'parquet':
    case 'csv':
      return inFiles(kind, work)
  }
}

async function inSql<T>(target: ContractTarget, work: Work<T>): Promise<T> {
  const bench = await ContractBench.open(target)
  try {
    return await work(sqlVolume(bench))
  } finally {
    await bench.close()
  }
}

async function inFiles<T>(tipo: 'parquet' | 'csv', work: Work<T>): Promise<T> {
  const bench = await FilesBench.open()
  const types = volumeTypes(38)
  const tabla = filesTableOf({
    columnas: Object.entries(types).map(([nombre, one]) => ({ nombre, tipo: one })),
    estrategia: { tipo: 'upsert', clave: ['id'] },
    formato: { tipo },
  })
  const duckTypes = Object.values(types).map(duckType)
  try {
    return await work({
      load: (exprs, rows) => {
        const cells = exprs.map((expr, place) => `CAST(${expr} AS ${duckTypes[place]})`)
        return bench.load(tabla, `SELECT ${cells.join(', ')} FROM range(1, ${rows + 1}) AS n(i)`)
      },
      async read() {
        const files = (await bench.files()).map((name) => quoteLiteral(join(bench.carpeta, name)))
        const [row] = await bench.duck.rows(
          `SELECT count(*)::DOUBLE AS n, sum(monto)::DOUBLE AS s FROM read_${tipo}([${files.join(', ')}])`,
        )
        return { count: Number(row?.n), sum: Number(row?.s) }
      },
    })
  } finally {
    await bench.close()
  }
}
