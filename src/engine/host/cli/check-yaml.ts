import { basename } from 'node:path'
import type { Diagnostic } from '@shared/model/schema'
import { z } from 'zod'
import { EXIT, fail, print } from './output'
import { readYamlFile } from './read-yaml'

const optionsSchema = z.object({ json: z.boolean().default(false) })

/** `sage check-yaml YAML`: every mistake of a YAML, rules included, in one pass. Exit 0 without errors, 2 with them. */
export async function checkYamlCommand(file: string, given: unknown): Promise<number> {
  const { json } = optionsSchema.parse(given)
  try {
    const diagnostics = await diagnose(file)
    const errors = diagnostics.filter((item) => item.severity === 'error').length
    if (json) {
      await print(
        `${JSON.stringify({ valid: errors === 0, errors, warnings: diagnostics.length - errors, diagnostics })}\n`,
      )
    } else {
      await print(textOf(file, diagnostics, errors))
    }
    return errors === 0 ? EXIT.ok : EXIT.couldNotRun
  } catch (error) {
    return fail(error, json)
  }
}

async function diagnose(file: string): Promise<Diagnostic[]> {
  const text = await readYamlFile(file)
  const { parseSageYaml } = await import('@engine/sage-yaml')
  const { checkRule } = await import('@engine/execution/rule-checker')
  return parseSageYaml(text, { fileName: basename(file), checkRules: checkRule }).diagnostics
}

function textOf(file: string, diagnostics: readonly Diagnostic[], errors: number): string {
  const name = basename(file)
  if (diagnostics.length === 0) return `${name}: sin errores.\n`
  const lines = diagnostics.map(({ position, severity, message, hint, path }) => {
    const word = severity === 'error' ? 'error' : 'advertencia'
    const where = path === '' ? '' : ` (${path})`
    return `${name}:${position.line}:${position.column}: ${word}: ${message}${hint ? ` ${hint}` : ''}${where}`
  })
  const warnings = diagnostics.length - errors
  return `${lines.join('\n')}\n${errors} errores, ${warnings} advertencias.\n`
}
