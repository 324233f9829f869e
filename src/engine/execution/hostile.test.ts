import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseSageYamlBytes } from '@engine/sage-yaml'
import { AppError } from '@shared/errors/app-error'
import { hostileInputs } from '@testkit/hostile'
import { afterAll, describe, expect, it } from 'vitest'
import { checkRule } from './rule-checker'
import { runExecution } from './run'

const dir = mkdtempSync(join(tmpdir(), 'sage-hostile-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Answer {
  /** Every code that a person is told, from wherever it comes. */
  codes: string[]
  messages: string[]
  verdict: boolean
}

/** Judges one hostile input as the product does: the YAML first, then the file. */
async function judge(yamlPath: string, file: string, runDir: string): Promise<Answer> {
  const { schema, diagnostics } = parseSageYamlBytes(readFileSync(yamlPath), { checkRules: checkRule })
  const wrong = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  if (schema === null || wrong.length > 0) {
    return { codes: wrong.map((d) => d.code), messages: wrong.map((d) => d.message), verdict: false }
  }
  try {
    const verdict = await runExecution({
      inputPath: file,
      inputName: basename(file),
      yamlText: readFileSync(yamlPath, 'utf8'),
      executionId: crypto.randomUUID(),
      dir: runDir,
      politica: 'todo_o_nada',
      stage: true,
    })
    return {
      codes: [...verdict.fileErrors.map((error) => error.code), ...verdict.checks.map((check) => check.rule)],
      messages: [...verdict.fileErrors, ...verdict.checks].map((problem) => problem.message),
      verdict: true,
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.kind).not.toBe('bug')
    return { codes: [error.code], messages: [error.message], verdict: false }
  }
}

describe('hostile inputs, each through the whole engine', () => {
  const inputs = hostileInputs(join(dir, 'inputs'))
  it.each(inputs.map((input, i) => [input.name, input, i] as const))('%s', async (_name, input, i) => {
    const runDir = join(dir, `run-${i}`)
    const answer = await judge(input.yaml, input.file, runDir)
    const { expect: expected } = input
    const told =
      typeof expected === 'string'
        ? answer.codes.includes(expected)
        : answer.codes.some((c) => expected.test(c))
    expect(
      told,
      `esperado ${expected}, dicho ${answer.codes.join(', ')}: ${answer.messages.join(' | ')}`,
    ).toBe(true)
    expect(answer.messages.every((message) => message.trim().length > 0)).toBe(true)
    // Nothing half-done: a run that gave no verdict leaves at most the input it received.
    const left = existing(runDir)
    if (answer.verdict) expect(left).toContain('verdict.json')
    else expect(left.filter((name) => name !== 'input' && name !== 'input.yaml')).toEqual([])
    expect(left).not.toContain('tmp')
  })

  it('lives on: a good file is judged after all of them', async () => {
    const good = inputs.find((input) => input.name.startsWith('YAML'))
    const yaml = inputs.find((input) => !input.name.startsWith('YAML'))
    expect(good && yaml).toBeTruthy()
    if (!good || !yaml) return
    const answer = await judge(yaml.yaml, good.file, join(dir, 'run-good'))
    expect(answer).toEqual({ codes: [], messages: [], verdict: true })
  })
})

function existing(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
