import { Command, CommanderError } from 'commander'
import { productVersion } from '../version'
import { addMaterializacion } from './materializacion-program'
import { fail } from './output'
import { addProveedores } from './proveedores-program'
import { addSecretos } from './secretos-program'

/**
 * The `sage` command. Exit codes: 0 done and no errors in the data, 1 errors in the data, 2 it could not run. Each command loads what it needs
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

  addCasillas(program)
  addEmisores(program)
  addProveedores(program, withData)
  addSecretos(program, withData)
  addExecutions(program)
  addMaterializacion(program, withData)
  addDaemon(program)
  return program
}

const withData = (command: Command): Command =>
  command
    .option('--data <carpeta>', 'carpeta de datos (por defecto SAGE_DATA, o la de SAGE Desktop)')
    .option('--json', 'escribe en la salida un solo objeto JSON')

const collect = (value: string, former: string[]): string[] => [...former, value]

function addCasillas(program: Command): void {
  const casillas = program.command('casillas').description('Las casillas de una carpeta de datos')
  withData(casillas.command('list').description('Las casillas que hay')).action(async (options: unknown) => {
    const { casillasList } = await import('./casillas-commands')
    process.exitCode = await casillasList(options)
  })
  withData(
    casillas.command('add').description('Crea una casilla').argument('<nombre>', 'nombre de la casilla'),
  )
    .requiredOption('--yaml <yaml>', 'SAGE YAML que juzga lo que llega')
    .option('--carpeta <carpeta>', 'carpeta vigilada')
    .option('--proveedor <id>', 'recibe de un proveedor, por su número, en lugar de una carpeta')
    .option('--prefijo <prefijo>', 'carpeta dentro del proveedor, como data/5')
    .option('--etiquetar', 'deja los originales del proveedor donde están, con una etiqueta')
    .option('--descripcion <texto>', 'para qué es')
    .option('--politica <politica>', 'todo_o_nada, por_catalogo o solo_validos', 'todo_o_nada')
    .option('--zona <zona>', 'zona horaria, como America/Lima')
    .option('--patron <patron>', 'nombres que se toman, con * y ?; se puede repetir', collect, [])
    .option('--asentamiento <ms>', 'milisegundos sin cambios para dar un archivo por entero')
    .option('--sondeo', 'revisa la carpeta cada tanto: para unidades de red')
    .option('--duplicados <que>', 'omitir o procesar el mismo contenido otra vez', 'omitir')
    .action(async (nombre: string, options: unknown) => {
      const { casillasAdd } = await import('./casillas-commands')
      process.exitCode = await casillasAdd(nombre, options)
    })
  withData(
    casillas.command('show').description('Una casilla').argument('<casilla>', 'su número o su nombre'),
  ).action(async (which: string, options: unknown) => {
    const { casillasShow } = await import('./casillas-commands')
    process.exitCode = await casillasShow(which, options)
  })
  withData(
    casillas
      .command('remove')
      .description('Elimina una casilla; sus ejecuciones se conservan')
      .argument('<casilla>', 'su número o su nombre'),
  ).action(async (which: string, options: unknown) => {
    const { casillasRemove } = await import('./casillas-commands')
    process.exitCode = await casillasRemove(which, options)
  })
}

function addEmisores(program: Command): void {
  const emisores = program.command('emisores').description('Quién envía archivos a las casillas')
  withData(emisores.command('list').description('Los emisores que hay'))
    .option('--casilla <casilla>', 'solo los que pueden enviar a ella, con su situación')
    .action(async (options: unknown) => {
      const { emisoresList } = await import('./emisores-commands')
      process.exitCode = await emisoresList(options)
    })
  withData(emisores.command('add').description('Crea un emisor').argument('<nombre>', 'su nombre'))
    .option('--organizacion <texto>', 'su organización')
    .option('--tipo <tipo>', 'interno, corporativo, distribuidora, bot, cadena mt, eccomerce, erp u otros')
    .option('--codigo <codigo>', 'código interno: minúsculas, cifras, punto y guion')
    .option('--email <correo>', 'correo de contacto')
    .option('--telefono <telefono>', 'teléfono de contacto')
    .action(async (nombre: string, options: unknown) => {
      const { emisoresAdd } = await import('./emisores-commands')
      process.exitCode = await emisoresAdd(nombre, options)
    })
  withData(
    emisores
      .command('allow')
      .description('Le permite enviar a una casilla, o cambia lo que tiene permitido')
      .argument('<emisor>', 'su número o su nombre'),
  )
    .requiredOption('--casilla <casilla>', 'su número o su nombre')
    .option(
      '--metodo <metodo>',
      'local, sftp, bucket, email, direct_upload o api; se puede repetir',
      collect,
      [],
    )
    .option('--subcarpeta <ruta>', 'la suya, dentro de la carpeta de la casilla')
    .action(async (which: string, options: unknown) => {
      const { emisoresAllow } = await import('./emisores-commands')
      process.exitCode = await emisoresAllow(which, options)
    })
  withData(
    emisores
      .command('remove')
      .description('Elimina un emisor y sus permisos; lo que envió conserva su nombre')
      .argument('<emisor>', 'su número o su nombre'),
  ).action(async (which: string, options: unknown) => {
    const { emisoresRemove } = await import('./emisores-commands')
    process.exitCode = await emisoresRemove(which, options)
  })
}

function addExecutions(program: Command): void {
  const executions = program.command('executions').description('Las ejecuciones de una carpeta de datos')
  withData(executions.command('list').description('Las últimas ejecuciones'))
    .option('--casilla <casilla>', 'su número o su nombre')
    .option('--estado <estado>', 'Éxito, Parcial o Fallido')
    .option('--fase <fase>', 'en_espera, en_curso, terminada, cancelada, interrumpida o error')
    .option('--metodo <metodo>', 'cómo llegó: local, direct_upload...')
    .option('--desde <fecha>', 'AAAA-MM-DD')
    .option('--hasta <fecha>', 'AAAA-MM-DD, incluida')
    .option('--buscar <texto>', 'en el archivo, la casilla, el emisor o el estado')
    .option('--limite <n>', 'cuántas', '50')
    .action(async (options: unknown) => {
      const { executionsList } = await import('./executions-commands')
      process.exitCode = await executionsList(options)
    })
  withData(
    executions
      .command('show')
      .description('El veredicto de una ejecución')
      .argument('<id>', 'su identificador'),
  ).action(async (which: string, options: unknown) => {
    const { executionsShow } = await import('./executions-commands')
    process.exitCode = await executionsShow(which, options)
  })
  withData(
    executions
      .command('export')
      .description('Escribe sus hallazgos en un CSV')
      .argument('<id>', 'su identificador'),
  )
    .option('--out <archivo>', 'por defecto hallazgos-<id>.csv')
    .option('--reemplazar', 'escribe sobre el archivo si ya existe')
    .action(async (which: string, options: unknown) => {
      const { executionsExport } = await import('./executions-commands')
      process.exitCode = await executionsExport(which, options)
    })
}

function addDaemon(program: Command): void {
  withData(program.command('daemon').description('Vigila las casillas y procesa lo que llega, sin ventana'))
    .option(
      '--once',
      'procesa lo que hay y termina: 0 si todo se aceptó, 1 si algo se rechazó o quedó pendiente',
    )
    .action(async (options: unknown) => {
      const { daemonCommand } = await import('./daemon-command')
      process.exitCode = await daemonCommand(options, productVersion())
    })
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
