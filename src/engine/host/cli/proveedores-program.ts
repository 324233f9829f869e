import type { Command } from 'commander'

type WithData = (command: Command) => Command
const collect = (value: string, former: string[]): string[] => [...former, value]

const WHICH = 'su número o su nombre'

/** `sage providers ...`: what it needs is loaded when it is used. */
export function addProveedores(program: Command, withData: WithData): void {
  const providers = program
    .command('providers')
    .description('Nubes, servidores SFTP y carpetas de donde vienen y a donde van archivos')
  withData(providers.command('list').description('Los proveedores que hay')).action(
    async (options: unknown) => {
      const { providersList } = await import('./proveedores-commands')
      process.exitCode = await providersList(options)
    },
  )
  withData(providers.command('kinds').description('Los tipos de proveedor y sus opciones')).action(
    async (options: unknown) => {
      const { providersKinds } = await import('./proveedores-commands')
      process.exitCode = await providersKinds(options)
    },
  )
  addAdd(providers, withData)
  addInside(providers, withData)
}

function addAdd(providers: Command, withData: WithData): void {
  withData(
    providers
      .command('add')
      .description('Crea un proveedor; sus secretos se leen de la entrada estándar, nunca de los argumentos')
      .argument('<nombre>', 'cómo se llama'),
  )
    .requiredOption('--tipo <tipo>', 'uno de los de «sage providers kinds»')
    .option('--opcion <clave=valor>', 'una opción de su tipo; se puede repetir', collect, [])
    .option('--carpeta <carpeta>', 'la carpeta, para el tipo local')
    .option('--valor <nombre>', 'un valor secreto que se lee de una línea; se puede repetir', collect, [])
    .option('--valores', 'los valores secretos se leen como un objeto JSON')
    .option('--secreto <secreto>', 'un secreto ya guardado, en vez de leerlo')
    .option('--proxy <url>', 'proxy por el que se sale, sin usuario ni contraseña')
    .option('--proxy-usuario <usuario>', 'usuario del proxy; su contraseña es el valor proxyPassword')
    .option('--ca <archivo>', 'certificado de la autoridad propia, en PEM')
    .option('--limite <bytes>', 'bytes por segundo, como mucho')
    .option('--descripcion <texto>', 'para qué es')
    .action(async (nombre: string, options: unknown) => {
      const { providersAdd } = await import('./proveedores-commands')
      process.exitCode = await providersAdd(nombre, options)
    })
  withData(
    providers
      .command('test')
      .description('Prueba la conexión paso a paso: 0 si todo va bien, 1 si no')
      .argument('<proveedor>', WHICH),
  ).action(async (which: string, options: unknown) => {
    const { providersTest } = await import('./proveedores-commands')
    process.exitCode = await providersTest(which, options)
  })
  withData(
    providers
      .command('remove')
      .description('Elimina un proveedor; lo que hay en él se conserva')
      .argument('<proveedor>', WHICH),
  ).action(async (which: string, options: unknown) => {
    const { providersRemove } = await import('./proveedores-commands')
    process.exitCode = await providersRemove(which, options)
  })
}

function addInside(providers: Command, withData: WithData): void {
  withData(
    providers
      .command('ls')
      .description('Lo que hay en una carpeta de un proveedor')
      .argument('<proveedor>', WHICH)
      .argument('[ruta]', 'carpeta', ''),
  ).action(async (which: string, ruta: string, options: unknown) => {
    const { providersLs } = await import('./proveedores-files')
    process.exitCode = await providersLs(which, ruta, options)
  })
  withData(
    providers
      .command('get')
      .description('Trae un archivo de un proveedor')
      .argument('<proveedor>', WHICH)
      .argument('<ruta>', 'archivo del proveedor')
      .argument('[carpeta]', 'carpeta de este equipo', '.'),
  ).action(async (which: string, ruta: string, carpeta: string, options: unknown) => {
    const { providersGet } = await import('./proveedores-files')
    process.exitCode = await providersGet(which, ruta, carpeta, options)
  })
  withData(
    providers
      .command('put')
      .description('Envía un archivo a una carpeta de un proveedor')
      .argument('<proveedor>', WHICH)
      .argument('<archivo>', 'archivo de este equipo')
      .argument('[carpeta]', 'carpeta del proveedor', ''),
  )
    .option('--reemplazar', 'escribe sobre el archivo si ya existe')
    .action(async (which: string, archivo: string, carpeta: string, options: unknown) => {
      const { providersPut } = await import('./proveedores-files')
      process.exitCode = await providersPut(which, archivo, carpeta, options)
    })
}
