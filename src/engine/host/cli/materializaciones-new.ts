import { readFile } from 'node:fs/promises'
import { AppError } from '@shared/errors/app-error'
import {
  ESTRATEGIAS,
  type Estrategia,
  type MaterializacionConfig,
  materializacionConfigSchema,
  type ProblemaMaterializacion,
  type TablaMaterializada,
} from '@shared/model/materializacion'
import { parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { findByName } from './casillas-commands'
import { type Services, withServices } from './data-folder'
import { findDestinoByName } from './destinos-commands'
import { findMaterializacion } from './materializaciones-commands'
import { common, readOptions, refuseUnused } from './options'
import { EXIT, print } from './output'

const collected = z.array(z.string()).default([])
const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

const mapping = { casilla: z.string(), destino: z.string(), catalogo: collected }
const newOptions = z.object({
  ...common,
  ...mapping,
  estrategia: z.enum(ESTRATEGIAS).optional(),
  clave: z.string().optional(),
  tabla: z.string().optional(),
})
type NewOptions = z.output<typeof newOptions>
const NAMES = { estrategia: '--estrategia' }

const needsKey = (tipo: string): AppError =>
  new AppError('OPTION_INVALID', {
    kind: 'input',
    message: `La estrategia ${tipo} necesita su clave.`,
    hint: 'Dar las columnas con --clave, separadas por comas.',
  })

/** The strategy asked for; what it does not say is written in a file instead. @throws AppError OPTION_INVALID */
function strategyOf(options: NewOptions): Estrategia | null {
  const { estrategia, clave: given } = options
  if (estrategia !== 'upsert' && estrategia !== 'delete_insert')
    refuseUnused(options, ['clave'], {
      why: estrategia === undefined ? 'sin --estrategia' : `con la estrategia ${estrategia}`,
      hint: 'Dar --estrategia upsert o delete_insert, o quitar --clave.',
    })
  if (estrategia === undefined) return null
  const clave = (given ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const keyed = estrategia === 'upsert' || estrategia === 'delete_insert'
  if (keyed && clave.length === 0) throw needsKey(estrategia)
  if (estrategia === 'upsert') return { tipo: estrategia, clave }
  if (estrategia === 'delete_insert') return { tipo: estrategia, borrar: { por: 'clave', clave } }
  return estrategia === 'full' ? { tipo: estrategia, conservar: 0 } : { tipo: estrategia }
}

/** A first mapping with what was asked in it, and what is worth knowing of it. */
async function proposed(services: Services, options: NewOptions) {
  const casillaId = findByName(services, options.casilla).id
  const destinoId = findDestinoByName(services, options.destino).id
  const { tablas, avisos } = await services.materialization.materializaciones.proponer({
    ...{ casillaId, destinoId },
    ...(options.catalogo.length > 0 ? { catalogos: options.catalogo } : {}),
  })
  if (options.tabla !== undefined && tablas.length !== 1) {
    throw new AppError('OPTION_INVALID', {
      kind: 'input',
      message: `Con --tabla va un solo catálogo, y hay ${tablas.length}.`,
      hint: 'Elegirlo con --catalogo, o escribir los nombres en un archivo con «propose» y --config.',
    })
  }
  const estrategia = strategyOf(options)
  const asked: Partial<TablaMaterializada> = {
    ...(estrategia ? { estrategia } : {}),
    ...(options.tabla === undefined ? {} : { tabla: options.tabla }),
  }
  const config = materializacionConfigSchema.parse({
    tablas: tablas.map((tabla) => ({ ...tabla, ...asked })),
  })
  return { casillaId, destinoId, config, avisos }
}

const tell = (problemas: readonly ProblemaMaterializacion[]): void => {
  for (const { severidad, columna, mensaje, sugerencia } of problemas)
    process.stderr.write(
      `${severidad}: ${columna === null ? '' : `${columna}: `}${mensaje} ${sugerencia ?? ''}\n`.replace(
        / +\n/,
        '\n',
      ),
    )
}

/** `sage materializaciones propose --casilla CASILLA --destino DESTINO`: a configuration to be changed, as YAML. */
export async function materializacionesPropose(given: unknown): Promise<number> {
  const options = readOptions(newOptions, given, NAMES)
  const { config, avisos } = await withServices(options.data, (services) => proposed(services, options))
  tell(avisos)
  if (options.json) await json(config)
  else await print(stringify(config, { aliasDuplicateObjects: false }))
  return EXIT.ok
}

/** A configuration written by a person. @throws AppError FILE_NOT_FOUND, CONFIG_INVALID (with the place) */
async function configFrom(file: string): Promise<MaterializacionConfig> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_NOT_FOUND', {
      kind: 'input',
      message: `No se puede leer «${file}».`,
      hint: 'Comprobar la ruta y el permiso.',
      cause,
    })
  })
  const document = parseDocument(text)
  const [broken] = document.errors
  const parsed = broken ? null : materializacionConfigSchema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (parsed?.success) return parsed.data
  const issue = parsed?.error.issues[0]
  throw new AppError('CONFIG_INVALID', {
    kind: 'input',
    message: broken
      ? `«${file}» no es un YAML: ${broken.message.split('\n')[0]}`
      : `«${file}», ${issue?.path.join('.') || 'raíz'}: no vale lo escrito.`,
    hint: 'Partir de lo que escribe «sage materializaciones propose».',
  })
}

/** `sage materializaciones add NOMBRE --casilla CASILLA --destino DESTINO`: as proposed, or as a file says. */
export async function materializacionesAdd(nombre: string, given: unknown): Promise<number> {
  const options = readOptions(newOptions.extend({ config: z.string().optional() }), given, NAMES)
  if (options.config !== undefined)
    refuseUnused(options, ['catalogo', 'estrategia', 'clave', 'tabla'], {
      why: 'con --config',
      hint: 'Escribirlo en el archivo, o quitar --config.',
    })
  const made = await withServices(options.data, async (services) => {
    const casillaId = findByName(services, options.casilla).id
    const destinoId = findDestinoByName(services, options.destino).id
    const config =
      options.config === undefined
        ? (await proposed(services, options)).config
        : await configFrom(options.config)
    const { materializaciones } = services.materialization
    const problemas = await materializaciones.revisar({ casillaId, destinoId, config })
    // The first error is told by what refuses it.
    const refused = problemas.find(({ severidad }) => severidad === 'error')
    tell(problemas.filter((one) => one !== refused))
    return materializaciones.create({
      ...{ nombre, descripcion: '', casillaId, destinoId, activa: true, config },
    })
  })
  if (options.json) await json(made)
  else
    await print(
      `Materialización ${made.id} creada: ${made.nombre} (${made.casillaNombre} → ${made.destinoNombre})\n`,
    )
  return EXIT.ok
}

/** `sage materializaciones remove MATERIALIZACION`: what it wrote stays. */
export async function materializacionesRemove(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const gone = await withServices(options.data, async (services) => {
    const one = findMaterializacion(services, which)
    await services.materialization.materializaciones.remove(one.id)
    return one
  })
  if (options.json) await json({ id: gone.id, nombre: gone.nombre, eliminada: true })
  else await print(`Materialización ${gone.id} eliminada: ${gone.nombre}. Lo que escribió se conserva.\n`)
  return EXIT.ok
}
