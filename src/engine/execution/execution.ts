import { copyFile, link } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, openDuck } from '@engine/duckdb'
import {
  type ContainerKind,
  DEFAULT_LIMITS,
  extractZip,
  type Limits,
  listZip,
  matchEntries,
} from '@engine/formats'
import type { Target } from '@engine/sage-yaml'
import { type CheckOutcome, Validator } from '@engine/validation'
import { AppError, isCancelled } from '@shared/errors/app-error'
import type { FileError, Verdict } from '@shared/model/execution'
import type { CatalogSpec, SageSchema } from '@shared/model/schema'
import type { Folder } from './folder'
import { type ArrivedFile, delimiterOf, openCatalog } from './intake/catalog-file'
import { type ReceivedInput, receiveInput } from './intake/input'
import { admitInput, targetOf } from './intake/target-file'
import { writeFindings } from './listing/findings'
import { ProgressTeller } from './progress'
import { sampleFindings } from './query/findings'
import { writeReports } from './report'
import { stageAccepted } from './stage/stage'
import { checkTransformations } from './stage/transformation-checks'
import { structureOutcomes } from './structure-outcomes'
import type { ExecutionHooks, ExecutionRequest } from './types'
import { buildVerdict, type CatalogFile, refusedCounts } from './verdict'

const DETAIL_CAP = 1000
/** Findings the reports may hold in all: they are read by people, the full list is on disk. */
const SAMPLE_MOST = 20_000

/** One run over an open folder. Made once, run once. */
export class Execution {
  private readonly started = new Date()
  private readonly clock = new Timings()
  private readonly progress: ProgressTeller
  private readonly cap: number
  private readonly limits: Limits
  private readonly fileErrors: FileError[] = []
  private readonly files = new Map<string, CatalogFile>()
  private readonly signal: AbortSignal | undefined

  constructor(
    private readonly request: ExecutionRequest,
    private readonly schema: SageSchema,
    private readonly folder: Folder,
    hooks: ExecutionHooks,
  ) {
    this.signal = hooks.signal
    this.limits = { ...DEFAULT_LIMITS, ...request.limits }
    this.cap = request.detailCap ?? DETAIL_CAP
    this.progress = new ProgressTeller(request.executionId, hooks.onProgress)
  }

  async run(): Promise<Verdict> {
    const { inputPath, inputName } = this.request
    const kind = await this.clock.time('sniff', () => admitInput(inputPath, inputName))
    const target = targetOf(this.schema, kind, inputName)
    const duck = await openDuck({
      dir: this.folder.dir,
      ...(this.request.memoryLimit ? { memoryLimit: this.request.memoryLimit } : {}),
      ...(this.request.threads ? { threads: this.request.threads } : {}),
      ...(this.signal ? { signal: this.signal } : {}),
    })
    try {
      return await this.judge(duck, kind, target)
    } finally {
      await duck.close()
    }
  }

  private async judge(duck: Duck, kind: ContainerKind, target: Target): Promise<Verdict> {
    const pack = target.packageId === null ? null : (this.schema.packages.get(target.packageId) ?? null)
    const validator = this.clock.timeSync(
      'compile',
      () =>
        new Validator(duck, {
          schema: this.schema,
          catalogs: target.catalogs,
          pack,
          detailCap: this.cap,
          ...(this.signal ? { signal: this.signal } : {}),
        }),
    )
    const single = kind === 'zip' ? undefined : this.catalog(target.catalogs[0])
    const input = await this.clock.time('copy', () => this.receive(single))
    if (kind === 'zip') await this.openZip(validator, duck, target, input)
    else if (single) await this.openSingle(validator, duck, single, { ...input, kind })
    const outcomes = await this.finish(validator, target)
    return await this.conclude(duck, validator, target, input, outcomes)
  }

  private catalog(id: string | undefined): CatalogSpec {
    const catalog = id === undefined ? undefined : this.schema.catalogs.get(id)
    if (catalog) return catalog
    throw new AppError('UNKNOWN_CATALOG', {
      kind: 'config',
      message: `El YAML no tiene el catálogo «${id ?? ''}».`,
    })
  }

  private receive(single: CatalogSpec | undefined): Promise<ReceivedInput> {
    return receiveInput(this.request.inputPath, this.request.inputName, this.folder, {
      ...(single ? { delimiter: delimiterOf(single) } : {}),
      ...(this.signal ? { signal: this.signal } : {}),
      onProgress: (done, total) => this.progress.tell('copiar', done, total, 'bytes'),
    })
  }

  private async openSingle(
    validator: Validator,
    duck: Duck,
    catalog: CatalogSpec,
    input: ReceivedInput & { kind: ContainerKind },
  ): Promise<void> {
    // What is derived from the input (transcoded, converted, rewritten) is made beside this link, not in `input/`.
    const path = join(this.folder.data, '0')
    await link(input.path, path).catch(() => copyFile(input.path, path))
    const { inspection, kind } = input
    await this.scan(validator, duck, catalog, [{ file: input.name, path, kind, inspection }], input.bytes)
  }

  private async openZip(
    validator: Validator,
    duck: Duck,
    target: Target,
    input: ReceivedInput,
  ): Promise<void> {
    const entries = await this.clock.time('list-zip', () => listZip(input.path, this.limits))
    const wanted = target.catalogs.map((id) => ({ catalog: id, filename: this.catalog(id).filename }))
    const match = matchEntries(
      entries.map((entry) => entry.name),
      wanted,
    )
    this.tellMatch(match)
    const wantedFiles = [...match.matched].map(([id, names]) => ({ catalog: this.catalog(id), names }))
    await this.extractAndScan(validator, duck, input.path, wantedFiles)
  }

  /** Catalogs are scanned while the next entries are still inflating: each waits only for its own files. */
  private async extractAndScan(
    validator: Validator,
    duck: Duck,
    zip: string,
    wanted: readonly { catalog: CatalogSpec; names: string[] }[],
  ): Promise<void> {
    const owners = new Map(wanted.flatMap((want) => want.names.map((name) => [name, want] as const)))
    const targets = new Map([...owners.keys()].map((entry, i) => [entry, `${i}.csv`]))
    const arrived = new Map<string, ArrivedFile>()
    let scans: Promise<void> = Promise.resolve()
    const failed = new AbortController()
    const stop = this.signal ? AbortSignal.any([this.signal, failed.signal]) : failed.signal
    let scanFailure: { error: unknown } | undefined
    const unpacking = this.clock.time('unzip', () =>
      extractZip(zip, this.folder.data, (entry) => targets.get(entry) ?? null, {
        signal: stop,
        limits: this.limits,
        encoding: (entry) => owners.get(entry)?.catalog.format.encoding,
        delimiter: (entry) => {
          const catalog = owners.get(entry)?.catalog
          return catalog?.format.type === 'CSV' ? delimiterOf(catalog) : undefined
        },
        onProgress: (done, total) => this.progress.tell('desempaquetar', done, total, 'bytes'),
        onEntry: (entry, path, info) => {
          arrived.set(entry, {
            file: entry,
            path,
            extracted: { kind: info.kind, info, damaged: info.damaged },
          })
          const owner = owners.get(entry)
          const files = owner?.names.flatMap((name) => arrived.get(name) ?? []) ?? []
          if (!owner || files.length < owner.names.length) return
          const bytes = files.reduce((sum, file) => sum + (file.extracted?.info.bytes ?? 0), 0)
          scans = scans
            .then(() => (stop.aborted ? undefined : this.scan(validator, duck, owner.catalog, files, bytes)))
            .catch((error: unknown) => {
              scanFailure ??= { error }
              failed.abort()
            })
        },
      }),
    )
    const unpackFailure = await unpacking.then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    await scans
    // A ZIP that fails takes its files away under the scans; unpacking stopped because of a scan only says that it was stopped.
    if (unpackFailure && !(scanFailure && isCancelled(unpackFailure.error))) throw unpackFailure.error
    if (scanFailure) throw scanFailure.error
  }

  private tellMatch(match: ReturnType<typeof matchEntries>): void {
    for (const { catalog, filename, entry } of match.inexact) {
      this.problem({
        file: entry,
        catalog,
        code: 'FILE_NAME_INEXACT',
        message: `«${entry}» se tomó como «${filename}».`,
        hint: 'Escribir el nombre del archivo igual que en el YAML.',
        expected: filename,
        found: entry,
        severity: 'warning',
      })
    }
    for (const { catalog, filename } of match.missing) {
      this.files.set(catalog, { catalog, file: filename, state: 'faltante', bytes: 0, encoding: null })
      const others = match.extra.slice(0, 10)
      const packed = others.find((name) => /\.(zip|7z|rar|gz)$/i.test(name))
      this.problem({
        file: filename,
        catalog,
        code: 'FILE_MISSING',
        message: `Falta el archivo «${filename}» del catálogo «${catalog}».`,
        hint: packed
          ? `El ZIP trae «${packed}», que no se abre: poner los archivos de datos directamente en el ZIP.`
          : others.length > 0
            ? `El ZIP trae además: ${others.join(', ')}.`
            : 'Agregarlo al ZIP y volver a enviarlo.',
        expected: filename,
        severity: 'error',
      })
    }
    for (const { catalog, filename, entries } of match.ambiguous) {
      this.problem({
        file: filename,
        catalog,
        code: 'FILE_AMBIGUOUS',
        message: `Varios archivos pueden ser «${filename}»: ${entries.slice(0, 5).join(', ')}.`,
        hint: 'Dejar en el ZIP uno solo con ese nombre.',
        expected: filename,
        found: entries.join(', '),
        severity: 'error',
      })
    }
  }

  private problem(error: FileError): void {
    this.fileErrors.push(error)
    if (error.severity !== 'error' || error.catalog === null || this.files.has(error.catalog)) return
    this.files.set(error.catalog, {
      catalog: error.catalog,
      file: error.file ?? '',
      state: 'error',
      bytes: 0,
      encoding: null,
    })
  }

  private async scan(
    validator: Validator,
    duck: Duck,
    catalog: CatalogSpec,
    files: ArrivedFile[],
    bytes: number,
  ): Promise<void> {
    this.progress.tell('inspeccionar', this.files.size, this.schema.catalogs.size, 'files')
    const opened = await this.clock.time('structure', () =>
      openCatalog(catalog, files, {
        duck,
        workDir: this.folder.data,
        limits: this.limits,
        id: `c${this.files.size}`,
        ...(this.signal ? { signal: this.signal } : {}),
      }),
    )
    this.files.set(catalog.id, {
      catalog: catalog.id,
      file: files.map(({ file }) => file).join(', '),
      state: opened.source ? 'procesado' : 'error',
      bytes,
      encoding: opened.encoding,
      ...(opened.sheet === null ? {} : { sheet: opened.sheet }),
    })
    for (const error of opened.problems) this.problem(error)
    const { source } = opened
    if (!source) return
    this.progress.tell(
      'validar',
      validator.scanned.size,
      this.schema.catalogs.size,
      'files',
      `Validando ${catalog.name}`,
    )
    await this.clock.time('scan', () => validator.scan(source))
  }

  private async finish(validator: Validator, target: Target): Promise<CheckOutcome[]> {
    const unavailable = new Set(target.catalogs.filter((id) => !validator.scanned.has(id)))
    this.progress.tell('validar', validator.scanned.size, target.catalogs.length, 'files')
    return this.clock.time('rules', () => validator.finish(unavailable))
  }

  private async conclude(
    duck: Duck,
    validator: Validator,
    target: Target,
    input: ReceivedInput,
    ruleOutcomes: CheckOutcome[],
  ): Promise<Verdict> {
    // Files of a ZIP are ready in any order; the verdict is always told in the one of the package.
    const order = (catalog: string | null): number =>
      catalog === null ? -1 : target.catalogs.indexOf(catalog)
    this.fileErrors.sort((a, b) => order(a.catalog) - order(b.catalog))
    const structure = structureOutcomes(this.fileErrors, validator, target, this.cap)
    const judged = [...structure.outcomes, ...ruleOutcomes]
    const scanned = target.catalogs.flatMap((id) => validator.scanned.get(id) ?? [])
    const transformed = await this.clock.time('transform', () =>
      checkTransformations(duck, {
        scanned,
        outcomes: judged,
        nextId: validator.nextId,
        detailCap: this.cap,
      }),
    )
    const outcomes = [...judged, ...transformed]
    this.progress.tell('listar', 0, scanned.length, 'files')
    await this.clock.time('list', () =>
      writeFindings(duck, {
        dir: this.folder.dir,
        temp: this.folder.temp,
        outcomes,
        scanned,
        structure: structure.links,
        ...(this.signal ? { signal: this.signal } : {}),
        onCatalog: (done) => this.progress.tell('listar', done, scanned.length, 'files'),
      }),
    )
    const refused = await refusedCounts(duck, validator.scanned, outcomes)
    if (this.request.stage) {
      this.progress.tell('preparar', 0, scanned.length, 'files')
      await this.clock.time('stage', () =>
        stageAccepted(duck, { folder: this.folder, politica: this.request.politica, scanned, outcomes }),
      )
    }
    this.progress.tell('informar', 0, 1, 'files')
    const pack = target.packageId === null ? undefined : this.schema.packages.get(target.packageId)
    const verdict = buildVerdict(
      {
        head: {
          executionId: this.request.executionId,
          packageId: target.packageId ?? target.catalogs[0] ?? '',
          packageName: pack?.name ?? this.catalog(target.catalogs[0]).name,
          schemaName: this.schema.name,
          schemaVersion: this.schema.version,
          inputFile: input.name,
          inputBytes: input.bytes,
          inputSha256: input.sha256,
          startedAt: this.started.toISOString(),
          detailCap: this.cap,
        },
        politica: this.request.politica,
        files: target.catalogs.flatMap((id) => this.files.get(id) ?? []),
        scanned: validator.scanned,
        outcomes,
        fileErrors: this.fileErrors,
        timings: this.clock.seconds,
      },
      refused,
    )
    const samples = await sampleFindings(duck, this.cap, SAMPLE_MOST)
    await this.clock.time('report', () => writeReports(this.folder.dir, verdict, samples))
    this.progress.tell('informar', 1, 1, 'files')
    return verdict
  }
}

/** Seconds spent in each part; parts that overlap (unpacking and scanning) each count their own. */
class Timings {
  readonly seconds: Record<string, number> = {}

  private add(name: string, started: number): void {
    this.seconds[name] = (this.seconds[name] ?? 0) + (performance.now() - started) / 1000
  }

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await work()
    } finally {
      this.add(name, started)
    }
  }

  timeSync<T>(name: string, work: () => T): T {
    const started = performance.now()
    try {
      return work()
    } finally {
      this.add(name, started)
    }
  }
}
