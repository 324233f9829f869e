import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { tiposProveedor } from '@engine/proveedores'
import { AppError } from '@shared/errors/app-error'
import { type Proveedor, redProveedorSchema, type TipoProveedor } from '@shared/model/proveedor'
import { secretoNuevoSchema, tipoSecretoSchema } from '@shared/model/secreto'
import { z } from 'zod'
import { type Services, withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'
import { readValues } from './read-secret'
import { unlocked } from './secretos-commands'

export const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

/** A provider by its number or its whole name. @throws AppError PROVEEDOR_NOT_FOUND */
export function findByName({ proveedores }: Services, given: string): Proveedor {
  const found = proveedores.proveedores
    .list()
    .find(({ id, nombre }) => (/^\d+$/.test(given) ? id === Number(given) : nombre === given))
  if (found) return found
  throw new AppError('PROVEEDOR_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el proveedor «${given}».`,
    hint: 'Ver los que hay con «sage providers list».',
  })
}

/** `sage providers list`. */
export async function providersList(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const items = await withServices(options.data, ({ proveedores }) => proveedores.proveedores.list())
  const rows = items.map(({ id, nombre, tipo, ultimaPrueba }) => [
    ...[String(id), nombre, tipo],
    ultimaPrueba === null ? 'sin probar' : ultimaPrueba.ok ? 'conecta' : 'no conecta',
    ultimaPrueba?.en ?? '—',
  ])
  if (options.json) await json({ proveedores: items })
  else await print(table(['N.º', 'PROVEEDOR', 'TIPO', 'ESTADO', 'PROBADO'], rows))
  return EXIT.ok
}

const propertiesSchema = z.record(z.string(), z.looseObject({ type: z.unknown().optional() })).default({})
const schemaSchema = z.looseObject({
  properties: propertiesSchema,
  required: z.array(z.string()).default([]),
})

/** `sage providers kinds`: what `add` can be told of each one. */
export async function providersKinds(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const tipos = tiposProveedor()
  if (options.json) await json({ tipos })
  else {
    for (const tipo of tipos) {
      const { properties } = schemaSchema.parse(tipo.esquema)
      const names = Object.keys(properties).filter((name) => name !== 'version' && name !== tipo.lugar)
      const secretos = tipo.secretos.map(({ nombre }) => nombre)
      await print(
        `${tipo.tipo}: ${tipo.resumen.es}\n  opciones: ${names.join(', ') || '—'}\n  secretos: ${secretos.join(', ') || '—'}\n`,
      )
    }
  }
  return EXIT.ok
}

const addOptions = z.object({
  ...common,
  tipo: z.string(),
  opcion: z.array(z.string().regex(/^[^=]+=/)),
  carpeta: z.string().optional(),
  valor: z.array(z.string()),
  valores: z.boolean().default(false),
  secreto: z.string().optional(),
  proxy: z.string().optional(),
  proxyUsuario: z.string().optional(),
  ca: z.string().optional(),
  limite: z.coerce.number().int().optional(),
  descripcion: z.string().max(1000).default(''),
})
type AddOptions = z.output<typeof addOptions>

/** `port=22` as the schema of the kind has it: a number, a yes or no, or a text. @throws AppError PROVIDER_KIND_UNKNOWN */
function configFrom({ tipo, opcion }: AddOptions, kind: TipoProveedor | undefined): Record<string, unknown> {
  if (!kind) {
    throw new AppError('PROVIDER_KIND_UNKNOWN', {
      kind: 'config',
      message: `No hay ningún proveedor de tipo «${tipo}».`,
      hint: 'Ver los que hay con «sage providers kinds».',
    })
  }
  const { properties } = schemaSchema.parse(kind.esquema)
  return Object.fromEntries(
    opcion.map((one) => {
      const [name = '', value] = [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]
      const type = properties[name]?.type
      if (type === 'integer' || type === 'number') return [name, Number(value)]
      return [name, type === 'boolean' ? value === 'true' || value === 'sí' : value]
    }),
  )
}

/** The credential: one that is saved, a new one whose values come by standard input, or none. */
async function credentialOf(services: Services, nombre: string, options: AddOptions): Promise<number | null> {
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
  if (options.valor.length === 0 && !options.valores) return null
  const valores = await readValues(options.valor)
  const tipo = tipoSecretoSchema.safeParse(options.tipo).data ?? 'otro'
  const nuevo = secretoNuevoSchema.parse({ nombre: `Proveedor ${nombre}`, tipo, valores })
  return (await unlocked(services, () => secretos.create(nuevo))).id
}

/** `sage providers add NOMBRE --tipo TIPO`. */
export async function providersAdd(nombre: string, given: unknown): Promise<number> {
  const options = readOptions(addOptions, given, { opcion: '--opcion (clave=valor)' })
  const { tipo, descripcion, carpeta } = options
  const config = configFrom(
    options,
    tiposProveedor().find((one) => one.tipo === tipo),
  )
  const red = readOptions(
    redProveedorSchema,
    {
      proxy: options.proxy ?? null,
      proxyUsuario: options.proxyUsuario ?? null,
      ca: options.ca === undefined ? null : await readFile(options.ca, 'utf8'),
      bytesPorSegundo: options.limite ?? null,
    },
    { proxyUsuario: '--proxy-usuario', bytesPorSegundo: '--limite' },
  )
  const lugar = carpeta === undefined ? null : { path: resolve(carpeta) }
  const made = await withServices(options.data, async (services) => {
    const { proveedores } = services.proveedores
    proveedores.requireFree(nombre)
    const secretoId = await credentialOf(services, nombre, options)
    return proveedores.create({ nombre, descripcion, tipo, config, lugar, red, secretoId })
  })
  if (options.json) await json(made)
  else await print(`Proveedor ${made.id} creado: ${made.nombre} (${made.tipo})\n`)
  return EXIT.ok
}

const MARK = { bien: '✓', mal: '✗', omitido: '·' } as const
const PASO = {
  ...{ dns: 'dirección', connect: 'conexión', login: 'entrada', list: 'listado', write: 'escritura' },
  delete: 'borrado',
} as const

/** `sage providers test PROVEEDOR`: 0 when every step went well, 1 when not. */
export async function providersTest(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const prueba = await withServices(options.data, (services) => {
    const { id } = findByName(services, which)
    const { proveedores } = services.proveedores
    return unlocked(services, () => proveedores.probar({ id }, new AbortController().signal))
  })
  if (options.json) await json(prueba)
  else {
    for (const { paso, estado, mensaje, sugerencia } of prueba.pasos)
      await print(`${MARK[estado]} ${PASO[paso]}: ${mensaje}${sugerencia ? ` ${sugerencia}` : ''}\n`)
  }
  return prueba.ok ? EXIT.ok : EXIT.dataErrors
}

/** `sage providers remove PROVEEDOR`: what is in it stays. */
export async function providersRemove(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const gone = await withServices(options.data, async (services) => {
    const one = findByName(services, which)
    await services.proveedores.proveedores.remove(one.id)
    return one
  })
  if (options.json) await json({ id: gone.id, nombre: gone.nombre, eliminado: true })
  else await print(`Proveedor ${gone.id} eliminado: ${gone.nombre}. Lo que hay en él se conserva.\n`)
  return EXIT.ok
}
