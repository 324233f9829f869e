import type { Command } from 'commander'
import { runConformance } from '../../rules/conformance'

interface ConformanceFlags {
  rules: string
  data: string
  schema: string
}

/**
 * Adds `conformance`: runs a file of rules (the form of `shared/conformance/rules.jsonl`) on its data. Prints each mismatch
 * and `N passed, N failed`; exit code 1 when any failed, 2 when a file can't be read.
 */
export function registerConformance(program: Command): void {
  program
    .command('conformance')
    .description('Ejecuta un archivo de reglas con su veredicto esperado y dice en qué difiere el motor')
    .requiredOption('--rules <archivo>', 'reglas, una por línea (JSON)')
    .requiredOption('--data <carpeta>', 'carpeta con un CSV por catálogo')
    .requiredOption('--schema <archivo>', 'tipos de las columnas (JSON)')
    .action(async (flags: ConformanceFlags) => {
      try {
        const result = await runConformance({
          rulesFile: flags.rules,
          dataDir: flags.data,
          schemaFile: flags.schema,
        })
        for (const line of result.lines) console.log(line)
        console.log(`${result.passed} passed, ${result.failed} failed`)
        process.exitCode = result.failed > 0 ? 1 : 0
      } catch (error) {
        console.error(`No se pudo ejecutar: ${error instanceof Error ? error.message : String(error)}`)
        process.exitCode = 2
      }
    })
}
