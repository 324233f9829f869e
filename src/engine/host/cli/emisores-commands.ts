import { AppError } from '@shared/errors/app-error'
import { type Emisor, emisorDatosSchema, permisoDatosSchema } from '@shared/model/emisor'
import { z } from 'zod'
import { findByName } from './casillas-commands'
import { type Services, withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'

const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

/** A sender by its number, its internal code or its whole name. @throws AppError EMISOR_NOT_FOUND, EMISOR_AMBIGUOUS */
function findEmisor({ emisores }: Services, given: string): Emisor {
  const [only, ...more] = emisores
    .list()
    .filter(({ id, nombre, codigoInterno }) => [String(id), nombre, codigoInterno].includes(given))
  if (only && more.length === 0) return only
  const hint = 'Usar su número, que da «sage emisores list».'
  if (!only)
    throw new AppError('EMISOR_NOT_FOUND', {
      kind: 'not-found',
      message: `No existe el emisor «${given}».`,
      hint,
    })
  throw new AppError('EMISOR_AMBIGUOUS', {
    kind: 'input',
    message: `Hay ${more.length + 1} emisores que responden a «${given}».`,
    hint,
  })
}

/** `sage emisores list [--casilla CASILLA]`. */
export async function emisoresList(given: unknown): Promise<number> {
  const options = readOptions(z.object({ ...common, casilla: z.string().optional() }), given)
  const { casilla } = options
  if (casilla !== undefined) {
    const permisos = await withServices(options.data, (services) =>
      services.emisores.permisos(findByName(services, casilla).id),
    )
    const rows = permisos.map((one) => [
      ...[String(one.emisorId), one.emisorNombre, one.metodos.join(', '), one.subdirectorio || '—'],
      ...[one.puntualidad.estado, one.puntualidad.proximaEsperada ?? '—'],
    ])
    if (options.json) await json({ permisos })
    else await print(table(['N.º', 'EMISOR', 'MÉTODOS', 'SUBCARPETA', 'SITUACIÓN', 'PRÓXIMO ENVÍO'], rows))
    return EXIT.ok
  }
  const items = await withServices(options.data, ({ emisores }) => emisores.list())
  const rows = items.map((one) => [
    ...[String(one.id), one.nombre, one.organizacion || '—', one.tipo, one.codigoInterno || '—'],
    ...[one.activo ? 'activo' : 'inactivo', one.casillas.map(({ nombre }) => nombre).join(', ') || '—'],
  ])
  if (options.json) await json({ emisores: items })
  else await print(table(['N.º', 'EMISOR', 'ORGANIZACIÓN', 'TIPO', 'CÓDIGO', 'ESTADO', 'CASILLAS'], rows))
  return EXIT.ok
}

const addOptions = z.object({
  ...common,
  organizacion: z.string().optional(),
  tipo: z.string().optional(),
  codigo: z.string().optional(),
  email: z.string().optional(),
  telefono: z.string().optional(),
})

/** `sage emisores add NOMBRE`. */
export async function emisoresAdd(nombre: string, given: unknown): Promise<number> {
  const { data, json: asJson, codigo, ...rest } = readOptions(addOptions, given)
  const datos = readOptions(
    emisorDatosSchema,
    { nombre, codigoInterno: codigo, ...rest },
    {
      codigoInterno: '--codigo',
      nombre: '<nombre>',
    },
  )
  const made = await withServices(data, ({ emisores }) => emisores.create(datos))
  if (asJson) await json(made)
  else await print(`Emisor ${made.id} creado: ${made.nombre}\n`)
  return EXIT.ok
}

const allowOptions = z.object({
  ...common,
  casilla: z.string(),
  metodo: z.array(z.string()).default([]),
  subcarpeta: z.string().optional(),
})

/** `sage emisores allow EMISOR --casilla CASILLA`: who answers for it and its frequency stay as they were. */
export async function emisoresAllow(which: string, given: unknown): Promise<number> {
  const options = readOptions(allowOptions, given)
  const permiso = await withServices(options.data, async (services) => {
    const casilla = findByName(services, options.casilla)
    const emisor = findEmisor(services, which)
    const former = services.emisores.permisos(casilla.id).find((one) => one.emisorId === emisor.id)
    const datos = readOptions(
      permisoDatosSchema,
      {
        metodos: options.metodo.length > 0 ? options.metodo : (former?.metodos ?? ['local']),
        subdirectorio: options.subcarpeta ?? former?.subdirectorio,
        responsable: former?.responsable,
        frecuencia: former?.frecuencia,
      },
      { metodos: '--metodo', subdirectorio: '--subcarpeta' },
    )
    return services.emisores.guardarPermiso({ casillaId: casilla.id, emisorId: emisor.id, datos })
  })
  const { emisorNombre, metodos, subdirectorio } = permiso
  const from = subdirectorio === '' ? '' : `, desde «${subdirectorio}»`
  if (options.json) await json(permiso)
  else await print(`${emisorNombre} puede enviar por ${metodos.join(', ')}${from}.\n`)
  return EXIT.ok
}

/** `sage emisores remove EMISOR`: what it sent keeps its name. */
export async function emisoresRemove(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const gone = await withServices(options.data, async (services) => {
    const one = findEmisor(services, which)
    await services.emisores.remove(one.id)
    return one
  })
  if (options.json) await json({ id: gone.id, nombre: gone.nombre, eliminado: true })
  else await print(`Emisor ${gone.id} eliminado: ${gone.nombre}. Lo que envió conserva su nombre.\n`)
  return EXIT.ok
}
