import { Command, CommanderError } from 'commander'
import { fail } from './output'

/**
 * The `sage` command. Exit codes: 0 no errors in the data, 1 errors in the data, 2 it could not run. Each command loads what it needs
 * when it is used: a small file is judged in less time than the whole engine would take to load.
 */
function build(): Command {
  const program = new Command('sage')
  program
    .description('Valida archivos de datos contra un SAGE YAML')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })

  program
    .command('process')
    .description('Valida un ZIP o CSV y escribe su veredicto')
    .argument('<archivo>', 'archivo ZIP o CSV')
    .requiredOption('--yaml <yaml>', 'SAGE YAML que lo juzga')
    .option('--out <carpeta>', 'carpeta donde queda la ejecución (por defecto ./executions/<id>)')
    .option('--json', 'escribe en la salida un solo objeto JSON')
    .option('--politica <politica>', 'todo_o_nada, por_catalogo o solo_validos', 'todo_o_nada')
    .option('--aceptados', 'escribe los registros aceptados como Parquet en aceptados/')
    .action(async (file: string, options: unknown) => {
      const { processCommand } = await import('./process')
      process.exitCode = await processCommand(file, options)
    })

  program
    .command('check-yaml')
    .description('Revisa un SAGE YAML y dice todos sus errores')
    .argument('<yaml>', 'archivo YAML')
    .option('--json', 'escribe en la salida un solo objeto JSON')
    .action(async (file: string, options: unknown) => {
      const { checkYamlCommand } = await import('./check-yaml')
      process.exitCode = await checkYamlCommand(file, options)
    })

  program
    .command('conformance')
    .description('Ejecuta un archivo de reglas con su veredicto esperado y dice en qué difiere el motor')
    .requiredOption('--rules <archivo>', 'reglas, una por línea (JSON)')
    .requiredOption('--data <carpeta>', 'carpeta con un CSV por catálogo')
    .requiredOption('--schema <archivo>', 'tipos de las columnas (JSON)')
    .action(async (options: unknown) => {
      const { conformanceCommand } = await import('./conformance')
      process.exitCode = await conformanceCommand(options)
    })

  return program
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json')
  try {
    await build().parseAsync(process.argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2
      return
    }
    process.exitCode = fail(error, json)
  }
}

void main()
