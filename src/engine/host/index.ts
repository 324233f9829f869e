import { parseArgs } from 'node:util'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { openEngine, openEngineLog } from './engine'
import { openTransport, parentPort } from './transport'
import { productVersion } from './version'

interface HostArgs {
  data: string
  resources: string
  migrations: string
}

function readArgs(argv: string[]): HostArgs {
  const option = { type: 'string' } as const
  const options = { data: option, resources: option, migrations: option }
  // Electron may add switches of its own.
  const { values } = parseArgs({ args: argv, options, strict: false })
  const parsed = z
    .object({ data: z.string(), resources: z.string(), migrations: z.string() })
    .safeParse(values)
  if (parsed.success) return parsed.data
  throw new AppError('ENGINE_ARGS', {
    kind: 'bug',
    message: 'El motor necesita --data, --resources y --migrations, cada una con una carpeta.',
  })
}

async function main(): Promise<void> {
  const port = parentPort()
  if (port === null) {
    process.stderr.write('El motor lo arranca SAGE Desktop. En la terminal: npm run sage -- --help\n')
    process.exit(2)
  }
  const version = productVersion()
  let warn = (line: string): void => void process.stderr.write(`${line}\n`)
  const transport = openTransport(port, { version, warn: (line) => warn(line) })
  try {
    const { data, resources, migrations } = readArgs(process.argv.slice(2))
    const log = openEngineLog(data)
    warn = (line) => log.warn('transport.warning', line)
    log.info('engine.starting', 'El motor arranca', { version, host: port.host, node: process.versions.node })
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        // The state is unknown from here on: main restarts us, and the executions that ran are marked.
        log.error('engine.unhandled', `El motor se detiene por un fallo (${event})`, { error })
        log.close()
        process.exit(70)
      })
    }
    const folders = { dataDir: data, resourcesDir: resources, migrationsDir: migrations }
    const engine = await openEngine(
      { ...folders, host: port.host, version, emit: transport.emit },
      log,
    ).catch((error: unknown) => {
      log.error('engine.fatal', 'El motor no pudo arrancar', { error })
      log.close()
      throw error
    })
    transport.onShutdown(async () => {
      log.info('engine.stopping', 'El motor se cierra')
      await engine.close()
      log.close()
    })
    transport.serve(engine.handlers)
    log.info('engine.ready', 'El motor está listo')
  } catch (error) {
    await transport.fatal(error)
    process.exit(1)
  }
}

void main()
