import { z } from 'zod'
import { runConformance } from '../../rules/conformance'

const flagsSchema = z.object({ rules: z.string(), data: z.string(), schema: z.string() })

/**
 * Runs a file of rules (the form of `shared/conformance/rules.jsonl`) on its data. Prints each mismatch and `N passed, N failed`.
 * Gives the exit code: 0 all passed, 1 when any failed; an unreadable file throws and ends as exit code 2.
 */
export async function conformanceCommand(options: unknown): Promise<number> {
  const flags = flagsSchema.parse(options)
  const { passed, failed, lines } = await runConformance({
    rulesFile: flags.rules,
    dataDir: flags.data,
    schemaFile: flags.schema,
  })
  for (const line of lines) console.log(line)
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}
