import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Cancellable, Connector, TestStepName } from '@engine/connectors'
import { joinPath } from '@engine/connectors/shared/paths'
import { AppError } from '@shared/errors/app-error'
import type { PruebaDestino } from '@shared/model/destino'
import { runTestSteps } from '../../shared/connection-test'
import { hasCode } from './objects'

/** What says that the provider is reached; that it can be written to is tried in the folder of the destination. */
const REACHED: readonly TestStepName[] = ['dns', 'connect', 'login', 'list']

const body = (content: string): { stream: Readable; bytes: number } => ({
  stream: Readable.from([Buffer.from(content)], { objectMode: false }),
  bytes: Buffer.byteLength(content),
})

/**
 * "Probar conexión" of a folder of a provider: reached, written to, a file put in the place of another (how a table is replaced), and of two
 * writers one refused (how a load is written down). Leaves nothing. Never throws for what it finds.
 */
export async function probarProveedor(
  open: () => Promise<Connector>,
  carpeta: string,
  options: Cancellable,
): Promise<PruebaDestino> {
  const own = joinPath(carpeta, `_sage_prueba-${randomUUID()}`)
  const [first, second] = [`${own}-1`, `${own}-2`]
  const held: { connector: Connector | null } = { connector: null }
  const connector = (): Connector => {
    if (held.connector) return held.connector
    throw new RangeError('Not opened')
  }
  const none = async (work: Promise<unknown>): Promise<null> => {
    await work
    return null
  }
  try {
    return await runTestSteps(
      [
        {
          paso: 'Llegar al proveedor',
          run: async () => {
            held.connector = await open()
            return reach(connector(), options)
          },
        },
        { paso: 'Escribir y leer un archivo', run: () => none(writeAndRead(connector(), first, options)) },
        { paso: 'Escribir solo lo que no está', run: () => none(refuseSecond(connector(), first, options)) },
        {
          paso: 'Reemplazar un archivo por otro',
          run: () => none(replace(connector(), first, second, options)),
        },
      ],
      () => held.connector?.place ?? null,
    )
  } finally {
    for (const path of [first, second]) await held.connector?.remove(path).catch(() => undefined)
    await held.connector?.close()
  }
}

async function reach(connector: Connector, options: Cancellable): Promise<string> {
  const steps = await connector.test(options)
  const failed = steps.find(({ step, status }) => status === 'failed' && REACHED.includes(step))
  if (!failed) return connector.place
  throw new AppError(failed.code ?? 'REMOTE_FAILED', {
    kind: 'config',
    message: failed.message,
    ...(failed.hint === undefined ? {} : { hint: failed.hint }),
  })
}

async function readBack(connector: Connector, path: string, options: Cancellable): Promise<string> {
  return text((await connector.read(path, options)).stream)
}

const unfaithful = (connector: Connector, what: string, hint: string): AppError =>
  new AppError('PROVEEDOR_INFIEL', { kind: 'unsupported', message: `${what} en ${connector.place}.`, hint })

async function writeAndRead(connector: Connector, path: string, options: Cancellable): Promise<void> {
  await connector.write(path, body('prueba'), options)
  if ((await readBack(connector, path, options)) === 'prueba') return
  throw unfaithful(connector, 'Lo que se escribe no es lo que se lee', 'Revisar el almacenamiento.')
}

async function refuseSecond(connector: Connector, path: string, options: Cancellable): Promise<void> {
  try {
    await connector.write(path, body('otra'), { ...options, ifAbsent: true })
  } catch (error) {
    if (hasCode(error, 'REMOTE_EXISTS')) return
    throw error
  }
  throw unfaithful(
    connector,
    'Un archivo se reemplaza con la orden de escribirlo solo si falta',
    'Dos equipos que carguen la misma tabla no se verían: usar otro almacenamiento, o una versión más nueva.',
  )
}

async function replace(
  connector: Connector,
  target: string,
  path: string,
  options: Cancellable,
): Promise<void> {
  await connector.write(path, body('nueva'), options)
  await connector.move(path, target, options)
  if ((await readBack(connector, target, options)) === 'nueva') return
  throw unfaithful(connector, 'Lo movido no quedó en su sitio', 'Revisar el almacenamiento.')
}
