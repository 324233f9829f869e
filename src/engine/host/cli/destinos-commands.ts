import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { type Destino, destinoEntradaSchema, type PruebaDestino } from '@shared/model/destino'
import { secretoNuevoSchema } from '@shared/model/secreto'
import { z } from 'zod'
import { type Services, withServices } from './data-folder'
import { common, readOptions, refuseUnused, table } from './options'
import { EXIT, print } from './output'
import { findByName } from './proveedores-commands'
import { readValues } from './read-secret'
import { unlocked } from './secretos-commands'

const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

/** A destination by its number or its whole name. @throws AppError DESTINO_NOT_FOUND */
export function findDestinoByName({ materialization }: Services, given: string): Destino {
  const items = materialization.destinos.list()
  const found = items.find(({ id, nombre }) =>
    /^\d+$/.test(given) ? id === Number(given) : nombre === given,
  )
  if (found) return found
  throw new AppError('DESTINO_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el destino «${given}».`,
    hint: 'Ver los que hay con «sage destinos list».',
  })
}

const placeOf = ({ lugar }: Destino): string => lugar || 'esta consola'

/** `sage destinos list`. */
export async function destinosList(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const items = await withServices(options.data, ({ materialization }) => materialization.destinos.list())
  const rows = items.map((one) => [
    ...[String(one.id), one.nombre, one.tipo, placeOf(one), String(one.usos)],
    one.ultimaPrueba === null ? 'sin probar' : one.ultimaPrueba.ok ? 'conecta' : 'no conecta',
  ])
  if (options.json) await json({ destinos: items })
  else await print(table(['N.º', 'DESTINO', 'TIPO', 'DÓNDE', 'USOS', 'ESTADO'], rows))
  return EXIT.ok
}

const addOptions = z.object({
  ...common,
  tipo: z.string(),
  descripcion: z.string().max(1000).default(''),
  servidor: z.string().optional(),
  puerto: z.coerce.number().int().optional(),
  base: z.string().optional(),
  usuario: z.string().optional(),
  esquema: z.string().optional(),
  ca: z.string().optional(),
  tls: z.boolean().default(true),
  ruta: z.string().optional(),
  proveedor: z.string().optional(),
  carpeta: z.string().optional(),
  secreto: z.string().optional(),
  contrasena: z.boolean().default(true),
})
type AddOptions = z.output<typeof addOptions>

const NAMES = {
  ...{ tipo: '--tipo', servidor: '--servidor', puerto: '--puerto', base: '--base', usuario: '--usuario' },
  ...{ esquema: '--esquema', ca: '--ca', ruta: '--ruta', proveedorId: '--proveedor', carpeta: '--carpeta' },
}

const SERVER = ['servidor', 'puerto', 'base', 'usuario', 'ca', 'tls', 'secreto', 'contrasena']
/** The options that each kind takes. */
const TAKES: Record<string, readonly string[]> = {
  postgres: [...SERVER, 'esquema'],
  mysql: SERVER,
  sqlserver: [...SERVER, 'esquema'],
  sqlite: ['ruta'],
  duckdb: ['ruta'],
  archivos: ['ruta'],
  proveedor: ['proveedor', 'carpeta'],
}

const isTaken = (tipo: string, name: string): boolean => TAKES[tipo]?.includes(name) === true

/** @throws AppError OPTION_INVALID */
function refuseOthers(options: AddOptions): void {
  const takes = TAKES[options.tipo]
  // Of a kind that is not there the schema tells.
  if (!takes) return
  const others = new Set(Object.values(TAKES).flat())
  refuseUnused(
    options,
    [...others].filter((name) => !takes.includes(name)),
    {
      why: `en un destino ${options.tipo}`,
      hint: `Toma ${takes.map((name) => (name === 'tls' || name === 'contrasena' ? `--no-${name}` : `--${name}`)).join(', ')}.`,
    },
  )
}

/** Where it lies: a folder that is there, a file that is there, or a file that will be in a folder. */
async function placeFrom({
  tipo,
  ruta,
}: AddOptions): Promise<{ lugar: { path: string } | null; archivo?: string }> {
  if (ruta === undefined) return { lugar: null }
  const path = resolve(ruta)
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere || tipo === 'archivos') return { lugar: { path } }
  return { lugar: { path: dirname(path) }, archivo: basename(path) }
}

const providerOf = (services: Services, { proveedor, carpeta }: AddOptions) => ({
  proveedorId: proveedor === undefined ? undefined : findByName(services, proveedor).id,
  carpeta,
})

/** The credential: one that is saved, or a new one whose password comes by standard input; none for files. */
async function credentialOf(services: Services, nombre: string, options: AddOptions): Promise<number | null> {
  if (!isTaken(options.tipo, 'contrasena') || !options.contrasena) return null
  const { secretos } = services
  if (options.secreto !== undefined) {
    const found = secretos
      .list()
      .find((one) => one.nombre === options.secreto || String(one.id) === options.secreto)
    if (found) return found.id
    throw new AppError('SECRET_NOT_FOUND', {
      kind: 'not-found',
      message: `No existe el secreto «${options.secreto}».`,
      hint: 'Ver los que hay con «sage secretos list».',
    })
  }
  const valores = await readValues(['contrasena'])
  const made = await unlocked(services, () =>
    secretos.create(secretoNuevoSchema.parse({ nombre: `Destino ${nombre}`, tipo: 'base_datos', valores })),
  )
  return made.id
}

/** `sage destinos add NOMBRE --tipo TIPO`: the password comes by standard input. */
export async function destinosAdd(nombre: string, given: unknown): Promise<number> {
  const options = readOptions(addOptions, given)
  refuseOthers(options)
  const { tipo, servidor, puerto, base, usuario, esquema } = options
  const { lugar, archivo } = await placeFrom(options)
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8')
  const server = { servidor, puerto, base, usuario, esquema, ca, ...(options.tls ? {} : { tls: 'no' }) }
  const made = await withServices(options.data, async (services) => {
    const { destinos } = services.materialization
    const fields =
      tipo === 'proveedor' ? providerOf(services, options) : isTaken(tipo, 'ruta') ? { archivo } : server
    const config = readOptions(
      destinoEntradaSchema,
      // What was not given is not there: the schema says what is missing and what has a default.
      Object.fromEntries(Object.entries({ tipo, ...fields }).filter(([, value]) => value !== undefined)),
      NAMES,
    )
    destinos.requireFree(nombre)
    const secretoId = await credentialOf(services, nombre, options)
    return destinos.create({ nombre, descripcion: options.descripcion, config, lugar, secretoId })
  })
  if (options.json) await json(made)
  else await print(`Destino ${made.id} creado: ${made.nombre} (${placeOf(made)})\n`)
  return EXIT.ok
}

const MARK: Record<PruebaDestino['pasos'][number]['estado'], string> = { bien: '✓', mal: '✗', omitido: '·' }

/** `sage destinos test DESTINO`: 0 when it connects, 1 when not. */
export async function destinosTest(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const prueba = await withServices(options.data, (services) => {
    const { id } = findDestinoByName(services, which)
    const { destinos } = services.materialization
    return unlocked(services, () => destinos.probar({ id }, new AbortController().signal))
  })
  if (options.json) await json(prueba)
  else {
    for (const { paso, estado, mensaje, sugerencia } of prueba.pasos)
      await print(
        `${MARK[estado]} ${paso}${mensaje ? `: ${mensaje}` : ''}${sugerencia ? ` ${sugerencia}` : ''}\n`,
      )
    if (prueba.servidor !== null) await print(`${prueba.servidor}\n`)
  }
  return prueba.ok ? EXIT.ok : EXIT.dataErrors
}

/** `sage destinos remove DESTINO`: what was written to it stays. */
export async function destinosRemove(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const gone = await withServices(options.data, async (services) => {
    const one = findDestinoByName(services, which)
    await services.materialization.destinos.remove(one.id)
    return one
  })
  if (options.json) await json({ id: gone.id, nombre: gone.nombre, eliminado: true })
  else await print(`Destino ${gone.id} eliminado: ${gone.nombre}. Lo escrito en él se conserva.\n`)
  return EXIT.ok
}
