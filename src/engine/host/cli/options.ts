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
