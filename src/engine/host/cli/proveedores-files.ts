import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { EntradaProveedor } from '@shared/model/proveedor'
import { z } from 'zod'
import { type Services, withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'
import { findByName, json } from './proveedores-commands'
import { unlocked } from './secretos-commands'

/** Ctrl-C stops the transfer, not the process in the middle of it: nothing half done stays. */
async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const onInterrupt = () => stop.abort()
  process.once('SIGINT', onInterrupt)
  try {
    return await work(stop.signal)
  } finally {
    process.off('SIGINT', onInterrupt)
  }
}

const inside = <T>(
  data: string | undefined,
  which: string,
  work: (services: Services, id: number, signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withServices(data, (services) =>
    stoppable((signal) =>
      unlocked(services, async () => work(services, findByName(services, which).id, signal)),
    ),
  )

/** `sage providers ls PROVEEDOR [RUTA]`: page by page, so that a folder of any size is listed. */
export async function providersLs(which: string, ruta: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const items = await inside(options.data, which, async ({ proveedores }, id, signal) => {
    const all: EntradaProveedor[] = []
    let cursor: string | null = null
    do {
      const page = await proveedores.explorador.explorar({ id, ruta, cursor, limite: 1000 }, signal)
      all.push(...page.items)
      cursor = page.cursor
    } while (cursor !== null)
    return all
  })
  const rows = items.map((one) => [
    one.clase === 'carpeta' ? '—' : String(one.bytes),
    one.modificado ?? '—',
    one.clase === 'carpeta' ? `${one.ruta}/` : one.ruta,
  ])
  if (options.json) await json({ entradas: items })
  else await print(table(['BYTES', 'MODIFICADO', 'RUTA'], rows))
  return EXIT.ok
}

/** `sage providers get PROVEEDOR RUTA [CARPETA]`. */
export async function providersGet(
  which: string,
  ruta: string,
  carpeta: string,
  given: unknown,
): Promise<number> {
  const options = readOptions(z.object(common), given)
  const taken = await inside(options.data, which, ({ proveedores }, id, signal) =>
    proveedores.explorador.descargar(
      { id, ruta, lugar: { path: resolve(carpeta) }, transferencia: randomUUID() },
      signal,
    ),
  )
  if (options.json) await json(taken)
  else await print(`${taken.archivo} (${taken.bytes} bytes)\n`)
  return EXIT.ok
}

/** `sage providers put PROVEEDOR ARCHIVO [CARPETA]`. */
export async function providersPut(
  which: string,
  archivo: string,
  carpeta: string,
  given: unknown,
): Promise<number> {
  const options = readOptions(z.object({ ...common, reemplazar: z.boolean().default(false) }), given)
  const { reemplazar } = options
  const sent = await inside(options.data, which, ({ proveedores }, id, signal) =>
    proveedores.explorador.subir(
      { id, carpeta, lugar: { path: resolve(archivo) }, reemplazar, transferencia: randomUUID() },
      signal,
    ),
  )
  if (options.json) await json(sent)
  else await print(`${sent.ruta} (${sent.bytes} bytes)\n`)
  return EXIT.ok
}
