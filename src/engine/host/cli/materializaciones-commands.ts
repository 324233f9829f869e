import { AppError } from '@shared/errors/app-error'
import type { Carga, Ensayo, Materializacion } from '@shared/model/materializacion'
import { z } from 'zod'
import { findByName } from './casillas-commands'
import { type Services, withServices } from './data-folder'
import { untilLoaded } from './loading'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'
import { unlocked } from './secretos-commands'

const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

/** A materialization by its number or its whole name. @throws AppError MATERIALIZACION_NOT_FOUND, MATERIALIZACION_AMBIGUOUS */
export function findMaterializacion({ materialization }: Services, given: string): Materializacion {
  const { materializaciones } = materialization
  if (/^\d+$/.test(given)) return materializaciones.get(Number(given))
  const [only, ...more] = materializaciones.list(null).filter(({ nombre }) => nombre === given)
  if (only && more.length === 0) return only
  throw only
    ? new AppError('MATERIALIZACION_AMBIGUOUS', {
        kind: 'input',
        message: `Hay ${more.length + 1} materializaciones llamadas «${given}».`,
        hint: 'Usar su número, que da «sage materializaciones list».',
      })
    : new AppError('MATERIALIZACION_NOT_FOUND', {
        kind: 'not-found',
        message: `No existe la materialización «${given}».`,
        hint: 'Ver las que hay con «sage materializaciones list».',
      })
}

const ESTADO: Record<Carga['estado'], string> = {
  en_espera: 'en espera',
  en_proceso: 'en proceso',
  completado: 'completada',
  error: 'error',
  cancelado: 'cancelada',
}
const whenOf = ({ config: { cuando } }: Materializacion): string =>
  cuando.tipo === 'cada_ejecucion'
    ? 'tras cada ejecución'
    : cuando.tipo === 'manual'
      ? 'a mano'
      : cuando.frecuencia.tipo.replaceAll('_', ' ')

/** `sage materializaciones list [--casilla CASILLA]`. */
export async function materializacionesList(given: unknown): Promise<number> {
  const options = readOptions(z.object({ ...common, casilla: z.string().optional() }), given)
  const items = await withServices(options.data, (services) =>
    services.materialization.materializaciones.list(
      options.casilla === undefined ? null : findByName(services, options.casilla).id,
    ),
  )
  const rows = items.map((one) => [
    ...[String(one.id), one.nombre, one.casillaNombre, one.destinoNombre],
    ...[one.activa ? whenOf(one) : 'inactiva', String(one.pendientes), String(one.fallidas)],
    one.ultimaCarga ? ESTADO[one.ultimaCarga.estado] : '—',
  ])
  const head = ['N.º', 'MATERIALIZACIÓN', 'CASILLA', 'DESTINO', 'CUÁNDO', 'PENDIENTES', 'FALLIDAS', 'ÚLTIMA']
  if (options.json) await json({ materializaciones: items })
  else await print(table(head, rows))
  return EXIT.ok
}

const loadRows = (cargas: readonly Carga[]): string[][] =>
  cargas.map((one) => [
    ...[one.archivo, ESTADO[one.estado], String(one.totales.insertadas), String(one.totales.actualizadas)],
    ...[
      String(one.totales.eliminadas),
      one.repetida ? 'ya estaba cargada' : (one.error?.message ?? held(one)),
    ],
  ])
const held = ({ retenidaPor }: Carga): string =>
  retenidaPor === null ? '' : `espera a «${retenidaPor}», que falló`
const LOAD_HEAD = ['ARCHIVO', 'CARGA', 'INSERTADAS', 'ACTUALIZADAS', 'ELIMINADAS', 'DETALLE']

/** `sage materializaciones show MATERIALIZACION`: what it does, and its last loads. */
export async function materializacionesShow(which: string, given: unknown): Promise<number> {
  const options = readOptions(
    z.object({ ...common, limite: z.coerce.number().int().min(1).max(5000).default(20) }),
    given,
  )
  const { one, cargas } = await withServices(options.data, (services) => {
    const found = findMaterializacion(services, which)
    const { items } = services.materialization.cargas.list({
      ...{ materializacionId: found.id, limit: options.limite, offset: 0 },
      ...{ sort: 'creadaEn', direction: 'desc' },
    })
    return { one: found, cargas: items }
  })
  if (options.json) {
    await json({ ...one, cargas })
    return EXIT.ok
  }
  const lines = [
    ['Materialización', `${one.nombre} (${one.id}), ${one.activa ? 'activa' : 'inactiva'}`],
    ['Casilla', one.casillaNombre],
    ['Destino', `${one.destinoNombre} (${one.destinoTipo})`],
    ['Cuándo', whenOf(one)],
    ['Próxima', one.proximaCarga ?? '—'],
    ...one.config.tablas.map(({ catalogo, esquema, tabla, estrategia }) => [
      'Tabla',
      `${catalogo} → ${esquema === null ? '' : `${esquema}.`}${tabla} (${estrategia.tipo})`,
    ]),
  ]
  await print(lines.map(([title, value]) => `${(title ?? '').padEnd(17)}${value}\n`).join(''))
  if (cargas.length > 0) await print(`\n${table(LOAD_HEAD, loadRows(cargas))}`)
  return EXIT.ok
}

/** Asks for what opens the credential of a destination before its loads need it. */
async function openCredential(services: Services, destinoId: number): Promise<void> {
  const secretoId = services.materialization.destinos.list().find(({ id }) => id === destinoId)?.secretoId
  if (secretoId) await unlocked(services, () => services.secretos.reveal(secretoId))
}

/** Tells how loads ended: 1 when one of them did not. */
async function tell(services: Services, ids: readonly string[], asJson: boolean): Promise<number> {
  const cargas = services.materialization.cargas.named(ids)
  if (asJson) await json({ cargas })
  else if (cargas.length === 0) await print('No había nada que cargar.\n')
  else await print(table(LOAD_HEAD, loadRows(cargas)))
  return cargas.every(({ estado }) => estado === 'completado') ? EXIT.ok : EXIT.dataErrors
}

const collected = z.array(z.string()).default([])
const runOptions = z.object({
  ...common,
  ejecucion: collected,
  desde: z.string().optional(),
  hasta: z.string().optional(),
  rehacer: z.boolean().default(false),
})

/** `sage materializaciones run MATERIALIZACION`: loads what was not loaded, or what is named, and waits for it. */
export async function materializacionesRun(which: string, given: unknown): Promise<number> {
  const options = readOptions(runOptions, given)
  return withServices(options.data, async (services) => {
    const { id, destinoId } = findMaterializacion(services, which)
    await openCredential(services, destinoId)
    const { desde, hasta, rehacer, ejecucion } = options
    const made = await services.materialization.cargas.iniciar({
      materializacionId: id,
      rehacer,
      ...(ejecucion.length > 0 ? { executionIds: ejecucion } : {}),
      ...(desde === undefined ? {} : { desde }),
      ...(hasta === undefined ? {} : { hasta }),
    })
    await untilLoaded(services, made)
    return tell(services, made, options.json)
  })
}

/** `sage materializaciones retry MATERIALIZACION`: every load of it that failed. */
export async function materializacionesRetry(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object({ ...common, carga: collected }), given)
  return withServices(options.data, async (services) => {
    const { id, destinoId } = findMaterializacion(services, which)
    await openCredential(services, destinoId)
    const { cargas } = services.materialization
    const failed = cargas.list({
      ...{ materializacionId: id, estado: 'error', limit: 5000, offset: 0 },
      ...{ sort: 'creadaEn', direction: 'asc' },
    })
    const ids = options.carga.length > 0 ? options.carga : failed.items.map((one) => one.id)
    await cargas.reintentar(ids)
    await untilLoaded(services, ids)
    return tell(services, ids, options.json)
  })
}

function ensayoText({ problemas, tablas }: Ensayo): string {
  const head = ['TABLA', 'FILAS ANTES', 'LEÍDAS', 'INSERTARÍA', 'ACTUALIZARÍA', 'ELIMINARÍA', 'IGUALES']
  const rows = tablas.map((one) => [
    one.existe ? one.tabla : `${one.tabla} (nueva)`,
    ...[one.filasAntes, one.leidas, one.insertadas, one.actualizadas, one.eliminadas, one.sinCambio].map(
      String,
    ),
  ])
  const ddl = tablas.flatMap((one) => one.ddl).map((line) => `${line}\n`)
  const told = problemas.map(
    ({ severidad, mensaje, sugerencia }) => `${severidad}: ${mensaje} ${sugerencia ?? ''}\n`,
  )
  return [table(head, rows), ...ddl, ...told].join('')
}

/** `sage materializaciones dry-run MATERIALIZACION --ejecucion ID`: what a load would change; 1 when it would be refused. */
export async function materializacionesDryRun(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object({ ...common, ejecucion: z.string() }), given)
  const ensayo = await withServices(options.data, (services) => {
    const { casillaId, destinoId, config } = findMaterializacion(services, which)
    return unlocked(services, () =>
      services.materialization.materializaciones.ensayar(
        { executionId: options.ejecucion, casillaId, destinoId, config },
        new AbortController().signal,
      ),
    )
  })
  if (options.json) await json(ensayo)
  else await print(ensayoText(ensayo))
  return ensayo.problemas.some(({ severidad }) => severidad === 'error') ? EXIT.dataErrors : EXIT.ok
}
