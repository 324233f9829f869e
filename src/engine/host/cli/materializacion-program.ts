import type { Command } from 'commander'

type WithData = (command: Command) => Command
const collect = (value: string, former: string[]): string[] => [...former, value]

/** `sage destinos ...`, `sage materializaciones ...` and `sage sql`: what they need is loaded when it is used. */
export function addMaterializacion(program: Command, withData: WithData): void {
  addDestinos(program, withData)
  addMaterializaciones(program, withData)
  withData(
    program
      .command('sql')
      .description('Consulta los datos de la consola; sin consulta, dice qué tablas hay')
      .argument('[consulta]', 'un SELECT'),
  )
    .option('--limite <n>', 'cuántas filas', '100')
    .option('--out <archivo>', 'escribe el resultado entero en un .csv, .parquet, .jsonl o .xlsx')
    .action(async (sql: string | undefined, options: unknown) => {
      const { sqlCommand } = await import('./sql-command')
      process.exitCode = await sqlCommand(sql, options)
    })
}

function addDestinos(program: Command, withData: WithData): void {
  const destinos = program
    .command('destinos')
    .description('Bases de datos y carpetas donde se escribe lo aceptado')
  withData(destinos.command('list').description('Los destinos que hay')).action(async (options: unknown) => {
    const { destinosList } = await import('./destinos-commands')
    process.exitCode = await destinosList(options)
  })
  withData(
    destinos
      .command('add')
      .description('Crea un destino; la contraseña se lee de la entrada estándar, nunca de los argumentos')
      .argument('<nombre>', 'cómo se llama'),
  )
    .requiredOption('--tipo <tipo>', 'postgres, mysql, sqlserver, sqlite, duckdb, archivos o proveedor')
    .option('--servidor <servidor>', 'nombre o dirección')
    .option('--puerto <puerto>', 'por defecto, el de su tipo')
    .option('--base <base>', 'base de datos')
    .option('--usuario <usuario>', 'usuario de la base')
    .option('--esquema <esquema>', 'esquema de las tablas')
    .option('--ca <archivo>', 'certificado de la autoridad propia, en PEM')
    .option('--no-tls', 'sin cifrar: solo para un servidor de este equipo o de una red de confianza')
    .option('--ruta <ruta>', 'archivo (sqlite, duckdb) o carpeta (archivos)')
    .option('--proveedor <proveedor>', 'un proveedor guardado (proveedor), por su número o su nombre')
    .option('--carpeta <carpeta>', 'carpeta dentro del proveedor; sin ella, su base')
    .option('--secreto <secreto>', 'una credencial ya guardada, en vez de leer la contraseña')
    .option('--no-contrasena', 'se conecta sin contraseña')
    .option('--descripcion <texto>', 'para qué es')
    .action(async (nombre: string, options: unknown) => {
      const { destinosAdd } = await import('./destinos-commands')
      process.exitCode = await destinosAdd(nombre, options)
    })
  withData(
    destinos
      .command('test')
      .description('Prueba la conexión: 0 si conecta, 1 si no')
      .argument('<destino>', 'su número o su nombre'),
  ).action(async (which: string, options: unknown) => {
    const { destinosTest } = await import('./destinos-commands')
    process.exitCode = await destinosTest(which, options)
  })
  withData(
    destinos
      .command('remove')
      .description('Elimina un destino que nada usa; lo escrito en él se conserva')
      .argument('<destino>', 'su número o su nombre'),
  ).action(async (which: string, options: unknown) => {
    const { destinosRemove } = await import('./destinos-commands')
    process.exitCode = await destinosRemove(which, options)
  })
}

type One = (name: string, description: string) => Command

function addNew(all: Command, one: One, withData: WithData): void {
  const mapped = (command: Command): Command =>
    withData(command)
      .requiredOption('--casilla <casilla>', 'de qué casilla, por su número o su nombre')
      .requiredOption('--destino <destino>', 'a qué destino, por su número o su nombre')
      .option('--catalogo <catalogo>', 'solo este catálogo; se puede repetir', collect, [])
      .option('--estrategia <tipo>', 'append, upsert, delete_insert, truncate_insert o full')
      .option('--clave <columnas>', 'de upsert y delete_insert, separadas por comas')
      .option('--tabla <nombre>', 'nombre de la tabla, con un solo catálogo')
  mapped(
    all
      .command('propose')
      .description('Escribe una configuración en YAML para cambiarla y darla a «add --config»'),
  ).action(async (options: unknown) => {
    const { materializacionesPropose } = await import('./materializaciones-new')
    process.exitCode = await materializacionesPropose(options)
  })
  mapped(
    all
      .command('add')
      .description('Crea una materialización: como se propone, o como dice un archivo')
      .argument('<nombre>', 'cómo se llama'),
  )
    .option('--config <archivo>', 'la configuración, en YAML o JSON')
    .action(async (nombre: string, options: unknown) => {
      const { materializacionesAdd } = await import('./materializaciones-new')
      process.exitCode = await materializacionesAdd(nombre, options)
    })
  one('remove', 'Elimina una materialización; lo que escribió se conserva').action(
    async (which: string, options: unknown) => {
      const { materializacionesRemove } = await import('./materializaciones-new')
      process.exitCode = await materializacionesRemove(which, options)
    },
  )
}

function addMaterializaciones(program: Command, withData: WithData): void {
  const all = program
    .command('materializaciones')
    .description('Cómo pasan los registros aceptados a sus destinos, y sus cargas')
  const one: One = (name, description) =>
    withData(
      all.command(name).description(description).argument('<materializacion>', 'su número o su nombre'),
    )
  withData(all.command('list').description('Las materializaciones que hay'))
    .option('--casilla <casilla>', 'solo las de una casilla')
    .action(async (options: unknown) => {
      const { materializacionesList } = await import('./materializaciones-commands')
      process.exitCode = await materializacionesList(options)
    })
  addNew(all, one, withData)
  one('show', 'Una materialización y sus últimas cargas')
    .option('--limite <n>', 'cuántas cargas', '20')
    .action(async (which: string, options: unknown) => {
      const { materializacionesShow } = await import('./materializaciones-commands')
      process.exitCode = await materializacionesShow(which, options)
    })
  one(
    'run',
    'Carga lo aceptado que no se ha cargado y espera a que termine: 0 si todo se cargó, 1 si algo no',
  )
    .option('--ejecucion <id>', 'solo esta ejecución; se puede repetir', collect, [])
    .option('--desde <fecha>', 'AAAA-MM-DD: recibidas desde ese día')
    .option('--hasta <fecha>', 'AAAA-MM-DD, incluida')
    .option('--rehacer', 'carga otra vez lo ya cargado')
    .action(async (which: string, options: unknown) => {
      const { materializacionesRun } = await import('./materializaciones-commands')
      process.exitCode = await materializacionesRun(which, options)
    })
  one('retry', 'Reintenta sus cargas fallidas y espera a que terminen')
    .option('--carga <id>', 'solo esta carga; se puede repetir', collect, [])
    .action(async (which: string, options: unknown) => {
      const { materializacionesRetry } = await import('./materializaciones-commands')
      process.exitCode = await materializacionesRetry(which, options)
    })
  one('dry-run', 'Dice qué cambiaría la carga de una ejecución, sin escribir nada')
    .requiredOption('--ejecucion <id>', 'la ejecución')
    .action(async (which: string, options: unknown) => {
      const { materializacionesDryRun } = await import('./materializaciones-commands')
      process.exitCode = await materializacionesDryRun(which, options)
    })
}
