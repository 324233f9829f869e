import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verdict } from '@shared/model/execution'
import { runExecution } from './run'
import type { ExecutionHooks, ExecutionRequest } from './types'

/** A throw-away folder with an input in it: what tests of executions run on. */
export class Bench {
  private constructor(readonly root: string) {}

  static async open(): Promise<Bench> {
    return new Bench(await mkdtemp(join(tmpdir(), 'sage-run-')))
  }

  get dir(): string {
    return join(this.root, 'ejecucion')
  }

  async input(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.root, name)
    await writeFile(path, content)
    return path
  }

  async run(
    name: string,
    content: string | Uint8Array,
    yamlText: string,
    more: Partial<Pick<ExecutionRequest, 'politica' | 'stage' | 'detailCap' | 'memoryLimit' | 'limits'>> &
      ExecutionHooks = {},
  ): Promise<Verdict> {
    const { signal, onProgress, ...options } = more
    return runExecution(
      {
        inputPath: await this.input(name, content),
        inputName: name,
        yamlText,
        executionId: crypto.randomUUID(),
        dir: this.dir,
        politica: 'todo_o_nada',
        stage: false,
        threads: 2,
        ...options,
      },
      { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) },
    )
  }

  read = (name: string): Promise<string> => readFile(join(this.dir, name), 'utf8')
  list = (folder = ''): Promise<string[]> => readdir(join(this.dir, folder)).then((names) => names.sort())
  close = (): Promise<void> => rm(this.root, { recursive: true, force: true })
}

export interface TestField {
  name: string
  type?: string
  more?: string
}

/** A YAML of one CSV catalog `datos` in the package `uno`. */
export function oneCatalog(
  fields: TestField[],
  options: { header?: boolean; delimiter?: string; extra?: string; format?: string } = {},
): string {
  const lines = fields.map(
    ({ name, type = 'texto', more }) =>
      `      - { name: ${JSON.stringify(name)}, type: ${type}${more ? `, ${more}` : ''} }`,
  )
  return `sage_yaml: { name: Prueba, description: d, version: "1", author: a }
catalogs:
  datos:
    name: Datos
    description: d
    filename: datos.csv
    file_format: { type: CSV, delimiter: ${JSON.stringify(options.delimiter ?? ',')}, header: ${options.header ?? true}${options.format ? `, ${options.format}` : ''} }
    fields:
${lines.join('\n')}
${options.extra ?? ''}
packages:
  uno: { name: Uno, description: d, file_format: { type: CSV }, catalogs: [datos] }
`
}

/** Failed checks as `rule count records`, for short expectations. */
export const failures = (verdict: Verdict): string[] =>
  verdict.checks.map((check) => `${check.rule} ${check.count} [${check.records.join(',')}]`)
