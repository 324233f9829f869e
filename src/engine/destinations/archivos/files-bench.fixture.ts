import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Connector, openConnector } from '@engine/connectors'
import { type Duck, openDuck, quoteLiteral } from '@engine/duckdb'
import type { LoadHooks, LoadResult, LoadRun } from '@engine/materialization/types'
import { type TablaMaterializada, tablaMaterializadaSchema } from '@shared/model/materializacion'
import type { z } from 'zod'
import { REGISTRO, type RowSource } from '../types'
import { folderShelves, loadFiles, providerShelves, type Shelves } from '.'

const copy = promisify(execFile)

type Wanted = z.input<typeof tablaMaterializadaSchema>

export const COLUMNS = [
  { nombre: 'id', tipo: { tipo: 'entero' }, nulos: false },
  { nombre: 'nombre', tipo: { tipo: 'texto' } },
  { nombre: 'monto', tipo: { tipo: 'decimal', precision: 30, escala: 4 } },
  { nombre: 'dia', tipo: { tipo: 'fecha' } },
] as const

/** A table with the columns of these tests; which field they come from does not matter to files. */
export const tableOf = (
  more: Partial<Omit<Wanted, 'columnas'>> & {
    columnas?: readonly Omit<Wanted['columnas'][number], 'fuente'>[]
  } = {},
): TablaMaterializada =>
  tablaMaterializadaSchema.parse({
    catalogo: 'datos',
    tabla: 'ventas',
    estrategia: { tipo: 'append' },
    formato: { tipo: 'parquet' },
    ...more,
    columnas: (more.columnas ?? COLUMNS).map((columna) => ({
      fuente: { de: 'campo', campo: columna.nombre },
      ...columna,
    })),
  })

/** The folder by itself, or as what a provider of kind `local` gives: the same files, reached as those of a cloud are. */
export const KINDS = ['carpeta', 'proveedor'] as const
export type Kind = (typeof KINDS)[number]

/** A folder of files and an engine that reaches it. */
export class FilesBench {
  private count = 0
  private constructor(
    readonly root: string,
    readonly duck: Duck,
    private readonly connector: Connector | null,
  ) {}

  static async open(kind: Kind = 'carpeta'): Promise<FilesBench> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'sage-archivos-')))
    const duck = await openDuck({ dir: root, memoryLimit: 256 * 1024 * 1024, threads: 2 })
    const folder = join(root, 'destino')
    await mkdir(folder)
    if (kind === 'carpeta') return new FilesBench(root, duck, null)
    return new FilesBench(root, duck, await openConnector({ kind: 'local', config: { folder } }))
  }

  get shelves(): Shelves {
    return this.connector ? providerShelves(this.connector, '', this.root) : folderShelves(this.carpeta)
  }

  get carpeta(): string {
    return join(this.root, 'destino')
  }

  /** Another execution each time it is asked. */
  run(more: Partial<LoadRun> = {}): LoadRun {
    this.count += 1
    const n = String(this.count).padStart(12, '0')
    return {
      carga: `00000000-0000-4000-8000-${n}`,
      ejecucion: `10000000-0000-4000-8000-${n}`,
      materializacion: '1',
      en: `2025-01-01T00:00:${String(this.count % 60).padStart(2, '0')}.000Z`,
      ...more,
    }
  }

  /** Rows of a SELECT that gives the columns of the table by place. */
  async source(tabla: TablaMaterializada, select: string): Promise<RowSource> {
    const names = tabla.columnas.map(({ nombre }) => `"${nombre.replaceAll('"', '""')}"`)
    const sql = `SELECT ${names.join(', ')}, row_number() OVER () AS ${REGISTRO} FROM (${select}) AS t(${names.join(', ')})`
    const [row] = await this.duck.rows(`SELECT count(*) AS n FROM (${select})`)
    return { columnas: tabla.columnas, filas: Number(row?.n), duck: this.duck, dir: this.root, sql }
  }

  async load(
    tabla: TablaMaterializada,
    select: string,
    run = this.run(),
    hooks: LoadHooks = {},
  ): Promise<LoadResult> {
    return loadFiles(this.shelves, [{ tabla, source: await this.source(tabla, select) }], run, hooks)
  }

  /** A load that is killed at a step: gives a copy of the folder as it was then, with nothing tidied up afterwards. */
  async killedAt(tabla: TablaMaterializada, select: string, run: LoadRun, step: string): Promise<string> {
    const left = join(this.root, 'como-quedo')
    const onStep = async (what: string): Promise<void> => {
      if (what !== step) return
      // Times to the nanosecond tell a file from another: Node's copy rounds them.
      await copy('cp', ['-a', this.carpeta, left])
      throw new Error(`muere en ${step}`)
    }
    const ended = await this.load(tabla, select, run, { onStep }).catch((error: unknown) => error)
    if (!(ended instanceof Error && ended.message === `muere en ${step}`))
      throw new Error(`Not killed at «${step}»`, { cause: ended })
    return left
  }

  /** Puts a copy in the place of the folder. */
  async become(copy: string): Promise<void> {
    await rm(this.carpeta, { recursive: true })
    await rename(copy, this.carpeta)
  }

  /** Rows of VALUES of the usual columns. */
  rows(...rows: string[]): string {
    return `SELECT id::BIGINT, nombre::VARCHAR, monto::DECIMAL(30,4), dia::DATE FROM (VALUES ${rows.join(', ')}) AS v(id, nombre, monto, dia)`
  }

  /** Every row of some Parquet as text, in the order of its first column. */
  async parquet(glob: string, columns = 'COLUMNS(*)'): Promise<(string | null)[][]> {
    const result = await this.duck.connection.runAndReadAll(
      `SELECT ${columns}::VARCHAR FROM read_parquet(${quoteLiteral(join(this.carpeta, glob))}, hive_partitioning = false, union_by_name = true) ORDER BY ALL`,
    )
    return result.getRowsJson().map((row) => row.map((cell) => (cell === null ? null : String(cell))))
  }

  text = (name: string): Promise<string> => readFile(join(this.carpeta, name), 'utf8')

  /** Files that a person sees: not those of the engine. */
  async files(): Promise<string[]> {
    const names = await readdir(this.carpeta, { recursive: true, withFileTypes: true })
    return names
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.carpeta.length + 1))
      .filter((name) => !name.startsWith('_sage_cargas'))
      .sort()
  }

  async close(): Promise<void> {
    await this.duck.close()
    await this.connector?.close()
    await rm(this.root, { recursive: true, force: true })
  }
}
