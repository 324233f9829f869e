import { randomUUID } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { politicaSchema, type Verdict } from '@shared/model/execution'
import { z } from 'zod'
import { EXIT, fail, print } from './output'
import { ProgressBar } from './progress-bar'
import { readYamlFile } from './read-yaml'

const optionsSchema = z.object({
  yaml: z.string(),
  out: z.string().optional(),
  json: z.boolean().default(false),
  politica: politicaSchema,
  aceptados: z.boolean().default(false),
})

/** Records listed per finding in `--json`. */
const LISTED = 1000

/** `sage process FILE --yaml YAML`: runs one execution in its own folder and tells its verdict. Gives the exit code. */
export async function processCommand(file: string, given: unknown): Promise<number> {
  const parsed = optionsSchema.safeParse(given)
  if (!parsed.success) {
    return fail(
      new AppError('OPTION_INVALID', {
        kind: 'input',
        message: 'La opción --politica es todo_o_nada, por_catalogo o solo_validos.',
      }),
      false,
    )
  }
  const options = parsed.data
  const bar = new ProgressBar()
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  try {
    const yamlText = await readYamlFile(options.yaml)
    const { runExecution } = await import('@engine/execution')
    const executionId = randomUUID()
    const dir = resolve(options.out ?? join('executions', executionId))
    const verdict = await runExecution(
      {
        inputPath: resolve(file),
        inputName: basename(file),
        yamlText,
        yamlName: basename(options.yaml),
        executionId,
        dir,
        politica: options.politica,
        stage: options.aceptados,
      },
      { signal: stop.signal, onProgress: (progress) => bar.show(progress) },
    )
    bar.clear()
    await print(options.json ? `${JSON.stringify(jsonOf(verdict, dir))}\n` : textOf(verdict, dir))
    return verdict.totals.errors > 0 ? EXIT.dataErrors : EXIT.ok
  } catch (error) {
    bar.clear()
    return fail(error, options.json)
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

/** The object of `--json`; its keys are a contract. */
export function jsonOf(verdict: Verdict, dir: string) {
  return {
    estado: verdict.estado,
    executionId: verdict.executionId,
    dir,
    records: verdict.records,
    errors: verdict.totals.errors,
    warnings: verdict.totals.warnings,
    findings: verdict.checks
      .filter((check) => check.count > 0)
      .map((check) => ({
        ...(check.scope === 'package' ? { package: check.target } : { catalog: check.target }),
        rule: check.rule,
        severity: check.severity,
        count: check.count,
        records: check.records.slice(0, LISTED),
        ...(check.kind === 'rule' || check.kind === 'structure' ? { message: check.message } : {}),
      })),
    fileErrors: verdict.fileErrors,
  }
}

const number = (n: number): string => n.toLocaleString('es-PE')

/** The verdict for a person at a terminal. */
export function textOf(verdict: Verdict, dir: string): string {
  const { totals } = verdict
  const lines = [
    `${verdict.estado}: ${verdict.inputFile} contra ${verdict.schemaName} ${verdict.schemaVersion}`,
    '',
    ...Object.entries(verdict.records).map(
      ([catalog, records]) => `  ${catalog}: ${number(records)} registros`,
    ),
    '',
    `  Errores ${number(totals.errors)} · Advertencias ${number(totals.warnings)} · Éxito ${totals.successRate} %`,
  ]
  for (const check of verdict.checks) {
    const where = check.records.length > 0 ? ` · registros ${check.records.slice(0, 5).join(', ')}` : ''
    const more = check.recordCount > 5 ? ` y ${number(check.recordCount - 5)} más` : ''
    lines.push(
      `  [${check.severity}] ${check.target} · ${check.rule} · ${number(check.count)}${where}${more}`,
    )
    if (check.kind === 'rule' || check.kind === 'structure') lines.push(`      ${check.message}`)
  }
  lines.push('', `Informe: ${join(dir, 'report.html')}`, '')
  return lines.join('\n')
}
