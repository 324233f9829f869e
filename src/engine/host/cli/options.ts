import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'

/** What a command was given, checked; the message names the option in the words of the terminal. @throws AppError OPTION_INVALID */
export function readOptions<T extends z.ZodType>(
  schema: T,
  given: unknown,
  names: Record<string, string> = {},
): z.output<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const key = String(issue?.path[0] ?? '')
  throw new AppError('OPTION_INVALID', {
    kind: 'input',
    message: `La opción ${names[key] ?? `--${key}`} no vale.`,
    hint: 'Ver las opciones con --help.',
  })
}

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== true && !(Array.isArray(value) && value.length === 0)

/** What was given is never left aside in silence. @throws AppError OPTION_INVALID */
export function refuseUnused(
  given: Record<string, unknown>,
  unused: readonly string[],
  { why, hint }: { why: string; hint: string },
): void {
  const name = unused.find((key) => isGiven(given[key]))
  if (name === undefined) return
  // Those that a person takes away are true unless told.
  const option = given[name] === false ? `--no-${name}` : `--${name}`
  throw new AppError('OPTION_INVALID', {
    kind: 'input',
    message: `La opción ${option} no dice nada ${why}.`,
    hint,
  })
}

/** A table of aligned columns, for people. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return `${[head, ...rows].map(line).join('\n')}\n`
}

export const common = { json: z.boolean().default(false), data: z.string().optional() }
