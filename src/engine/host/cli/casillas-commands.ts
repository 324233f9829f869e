import { basename, resolve } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import type { Casilla } from '@shared/model/casilla'
import { politicaSchema } from '@shared/model/execution'
import { type OrigenRemoto, vigilanciaSchema } from '@shared/model/recepcion'
import { z } from 'zod'
import { type Services, withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'
import { readYamlFile } from './read-yaml'

/** A casilla by its number or its whole name. @throws AppError CASILLA_NOT_FOUND, CASILLA_AMBIGUOUS */
export function findByName({ casillas }: Services, given: string): Casilla {
  if (/^\d+$/.test(given)) return casillas.get(Number(given))
  const [only, ...more] = casillas.list().filter(({ nombre }) => nombre === given)
  if (only && more.length === 0) return only
  if (only) {
    throw new AppError('CASILLA_AMBIGUOUS', {
      kind: 'input',
      message: `Hay ${more.length + 1} casillas llamadas «${given}».`,
      hint: 'Usar su número, que da «sage casillas list».',
    })
  }
  throw new AppError('CASILLA_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe la casilla «${given}».`,
    hint: 'Ver las que hay con «sage casillas list».',
  })
}

const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

/** `sage casillas list`. */
export async function casillasList(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const items = await withServices(options.data, ({ casillas }) => casillas.list())
  if (options.json) await json({ casillas: items })
  else
    await print(
      table(
        ['N.º', 'CASILLA', 'ESTADO', 'RECIBE DE', 'ÚLTIMA EJECUCIÓN'],
        items.map((one) => [
          ...[String(one.id), one.nombre, stateOf(one), placeOf(one) ?? '—'],
          one.ultimaEjecucion ? (one.ultimaEjecucion.estado ?? one.ultimaEjecucion.fase) : '—',
        ]),
      ),
    )
  return EXIT.ok
}

const stateOf = (one: Casilla): string =>
  !one.activa ? 'inactiva' : one.pausadaEn !== null ? 'pausada' : 'activa'

const addOptions = z.object({
  ...common,
  yaml: z.string(),
  carpeta: z.string().optional(),
  proveedor: z.coerce.number().int().positive().optional(),
  prefijo: z.string().default(''),
  etiquetar: z.boolean().default(false),
  descripcion: z.string().max(255).default(''),
  politica: politicaSchema.default('todo_o_nada'),
  zona: z.string().optional(),
  patron: z.array(z.string()).default([]),
  asentamiento: z.coerce.number().int().optional(),
  sondeo: z.boolean().default(false),
  duplicados: z.enum(['omitir', 'procesar']).default('omitir'),
})

/** `sage casillas add NOMBRE --yaml YAML [--carpeta CARPETA | --proveedor ID --prefijo PREFIJO]`. */
export async function casillasAdd(nombre: string, given: unknown): Promise<number> {
  const options = readOptions(addOptions, given)
  if (options.proveedor === undefined && (options.prefijo !== '' || options.etiquetar)) {
    throw new AppError('INPUT_INVALID', {
      kind: 'input',
      message: '«--prefijo» y «--etiquetar» son de un proveedor.',
      hint: 'Añadir «--proveedor ID».',
    })
  }
  const yaml = await readYamlFile(options.yaml)
  const vigilancia = readOptions(
    vigilanciaSchema,
    {
      patrones: options.patron,
      sondeo: options.sondeo,
      duplicados: options.duplicados,
      ...(options.asentamiento === undefined ? {} : { asentamientoMs: options.asentamiento }),
    },
    { patrones: '--patron', asentamientoMs: '--asentamiento' },
  )
  const made = await withServices(options.data, ({ casillas }) =>
    casillas.create({
      nombre,
      descripcion: options.descripcion,
      politica: options.politica,
      nombreYaml: basename(options.yaml),
      yaml,
      vigilancia,
      ...(options.zona === undefined ? {} : { zonaHoraria: options.zona }),
      ...(options.carpeta === undefined ? {} : { carpeta: { path: resolve(options.carpeta) } }),
      ...(options.proveedor === undefined ? {} : { origenRemoto: remoteOrigin(options, options.proveedor) }),
    }),
  )
  if (options.json) await json(made)
  else await print(`Casilla ${made.id} creada: ${made.nombre}\n`)
  return EXIT.ok
}

const remoteOrigin = (
  { prefijo, etiquetar }: z.output<typeof addOptions>,
  proveedorId: number,
): OrigenRemoto => ({ proveedorId, prefijo, alTerminar: etiquetar ? 'etiquetar' : 'mover' })

/** Where a casilla receives, in a few words. */
const placeOf = ({ carpeta, origenRemoto }: Casilla): string | null =>
  origenRemoto === null ? carpeta : `proveedor ${origenRemoto.proveedorId}: /${origenRemoto.prefijo}`

/** `sage casillas show CASILLA`. */
export async function casillasShow(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const one = await withServices(options.data, (services) => findByName(services, which))
  if (options.json) {
    await json(one)
    return EXIT.ok
  }
  const lines = [
    ['Casilla', `${one.nombre} (${one.id}), ${stateOf(one)}`],
    ['Descripción', one.descripcion],
    ['YAML', `${one.nombreYaml}, versión ${one.yamlVersion}`],
    ['Catálogos', one.catalogos.map(({ id, archivo }) => `${id} (${archivo})`).join(', ')],
    ['Política', one.politica],
    ['Recibe de', placeOf(one) ?? 'nadie: solo lo que una persona le da'],
    ['Zona horaria', one.zonaHoraria],
    ['Frecuencia', one.frecuencia?.tipo ?? 'sin frecuencia'],
    ['Próximo envío', one.puntualidad.proximaEsperada ?? '—'],
    ['Emisores', String(one.emisores)],
  ]
  await print(lines.map(([title, value]) => `${(title ?? '').padEnd(14)}${value}\n`).join(''))
  return EXIT.ok
}

/** `sage casillas remove CASILLA`: its executions stay. */
export async function casillasRemove(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const gone = await withServices(options.data, async (services) => {
    const one = findByName(services, which)
    await services.casillas.remove(one.id)
    return one
  })
  if (options.json) await json({ id: gone.id, nombre: gone.nombre, eliminada: true })
  else await print(`Casilla ${gone.id} eliminada: ${gone.nombre}. Sus ejecuciones se conservan.\n`)
  return EXIT.ok
}
