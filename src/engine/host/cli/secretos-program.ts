import type { Command } from 'commander'

type WithData = (command: Command) => Command
const collect = (value: string, former: string[]): string[] => [...former, value]

const STDIN = 'se lee de la entrada estándar, nunca de los argumentos'

/** `sage secretos ...`: what it needs is loaded when it is used. */
export function addSecretos(program: Command, withData: WithData): void {
  const secretos = program
    .command('secretos')
    .description('Credenciales selladas; sus valores no se muestran')
  withData(secretos.command('list').description('Los secretos que hay, sin sus valores'))
    .option('--por-vencer', 'solo los que vencen o conviene cambiar')
    .action(async (options: unknown) => {
      const { secretosList } = await import('./secretos-commands')
      process.exitCode = await secretosList(options)
    })
  withFields(
    withData(
      secretos
        .command('add')
        .description(`Guarda un secreto; lo que vale ${STDIN}: un objeto JSON, o una línea por cada --valor`)
        .argument('<nombre>', 'cómo se llama'),
    ),
  )
    .option('--tipo <tipo>', 'base_datos, s3, minio, azure, gcs, sftp u otro')
    .action(async (nombre: string, options: unknown) => {
      const { secretosAdd } = await import('./secretos-commands')
      process.exitCode = await secretosAdd(nombre, options)
    })
  withFields(
    withData(
      secretos
        .command('update')
        .description('Cambia un secreto; lo que no se da se conserva')
        .argument('<secreto>', 'su número o su nombre'),
    ),
  )
    .option('--nombre <nombre>', 'su nombre nuevo')
    .option('--valores', `valores nuevos en un objeto JSON, que ${STDIN}`)
    .option('--quitar <nombre>', 'un valor que ya no hace falta; se puede repetir', collect, [])
    .action(async (which: string, options: unknown) => {
      const { secretosUpdate } = await import('./secretos-commands')
      process.exitCode = await secretosUpdate(which, options)
    })
  withData(
    secretos
      .command('remove')
      .description('Elimina un secreto que nada usa')
      .argument('<secreto>', 'su número o su nombre'),
  ).action(async (which: string, options: unknown) => {
    const { secretosRemove } = await import('./secretos-commands')
    process.exitCode = await secretosRemove(which, options)
  })
  withData(secretos.command('rotate').description('Sella todo otra vez con una clave nueva')).action(
    async (options: unknown) => {
      const { secretosRotate } = await import('./secretos-commands')
      process.exitCode = await secretosRotate(options)
    },
  )
  withData(
    secretos.command('state').description('Dónde está la clave: 0 si los secretos se pueden usar, 1 si no'),
  ).action(async (options: unknown) => {
    const { secretosState } = await import('./secretos-commands')
    process.exitCode = await secretosState(options)
  })
  withData(
    secretos
      .command('lost-key')
      .description('Da por perdida la clave: lo que selló se tendrá que escribir otra vez'),
  ).action(async (options: unknown) => {
    const { secretosLostKey } = await import('./secretos-commands')
    process.exitCode = await secretosLostKey(options)
  })
  addVault(secretos, withData)
}

const withFields = (command: Command): Command =>
  command
    .option('--descripcion <texto>', 'para qué es')
    .option('--vence <fecha>', 'AAAA-MM-DD en que deja de valer; «nunca» lo quita')
    .option('--recordar <dias>', 'días antes de vencer en que se avisa')
    .option('--rotar-cada <dias>', 'cada cuántos días conviene cambiarlo; 0 lo quita')
    .option('--valor <nombre>', `nombre de un valor, que ${STDIN}; se puede repetir`, collect, [])

function addVault(secretos: Command, withData: WithData): void {
  const vault = secretos.command('vault').description('La bóveda con frase de paso, donde no hay llavero')
  withData(vault.command('create').description(`La crea; la frase ${STDIN}`)).action(
    async (options: unknown) => {
      const { vaultCreate } = await import('./secretos-commands')
      process.exitCode = await vaultCreate(options)
    },
  )
  withData(
    vault.command('passphrase').description(`Cambia su frase; la actual y la nueva, una por línea, ${STDIN}`),
  ).action(async (options: unknown) => {
    const { vaultPassphrase } = await import('./secretos-commands')
    process.exitCode = await vaultPassphrase(options)
  })
  withData(vault.command('leave').description('Lleva los secretos al llavero del sistema')).action(
    async (options: unknown) => {
      const { vaultLeave } = await import('./secretos-commands')
      process.exitCode = await vaultLeave(options)
    },
  )
}
