import { AppError } from '@shared/errors/app-error'
import {
  type EstadoSecretos,
  FRASE_MIN,
  type Rotacion,
  type SecretoInfo,
  secretoCambioSchema,
  secretoNuevoSchema,
  type Vigencia,
} from '@shared/model/secreto'
import { z } from 'zod'
import { type Services, withServices } from './data-folder'
import { common, readOptions, table } from './options'
import { EXIT, print } from './output'
import { askHidden, interactive, readPhrases, readValues } from './read-secret'

const json = (value: unknown): Promise<void> => print(`${JSON.stringify(value)}\n`)

/** A secret by its number or its whole name. @throws AppError SECRET_NOT_FOUND */
function findByName({ secretos }: Services, given: string): SecretoInfo {
  if (/^\d+$/.test(given)) return secretos.get(Number(given))
  const found = secretos.list().find(({ nombre }) => nombre === given)
  if (found) return found
  throw new AppError('SECRET_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el secreto «${given}».`,
    hint: 'Ver los que hay con «sage secretos list».',
  })
}

/** Runs `work`; where the vault is locked and a person is at the keyboard, asks for its passphrase and runs it again. */
export async function unlocked<T>({ secretos }: Services, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (AppError.from(error).code !== 'VAULT_LOCKED' || !interactive()) throw error
    await secretos.unlock(await askHidden('Frase de paso de la bóveda'))
    return work()
  }
}

const VIGENCIA: Record<Vigencia['estado'], string> = {
  sin_plazo: '—',
  vigente: 'vigente',
  por_rotar: 'conviene cambiarlo',
  por_vencer: 'por vencer',
  vencido: 'vencido',
}

/** `sage secretos list [--por-vencer]`: names and dates, never values. */
export async function secretosList(given: unknown): Promise<number> {
  const options = readOptions(z.object({ ...common, porVencer: z.boolean().default(false) }), given)
  const items = await withServices(options.data, ({ secretos }) =>
    options.porVencer ? secretos.due() : secretos.list(),
  )
  const rows = items.map((one) => [
    ...[String(one.id), one.nombre, one.tipo, one.valores.map(({ nombre }) => nombre).join(', ')],
    ...[one.rotadoEn.slice(0, 10), one.venceEn ?? '—'],
    one.legible ? VIGENCIA[one.vigencia.estado] : 'ilegible: se perdió su clave',
  ])
  if (options.json) await json({ secretos: items })
  else await print(table(['N.º', 'SECRETO', 'TIPO', 'VALORES', 'CAMBIADO', 'VENCE', 'ESTADO'], rows))
  return EXIT.ok
}

const fields = {
  descripcion: z.string().optional(),
  vence: z.string().optional(),
  recordar: z.coerce.number().int().optional(),
  rotarCada: z.coerce.number().int().optional(),
  valor: z.array(z.string()).default([]),
}
const NAMES = {
  ...{ venceEn: '--vence', recordarDias: '--recordar', rotarCadaDias: '--rotar-cada', valores: '--valor' },
  ...{ nombre: '<nombre>', tipo: '--tipo' },
}

/** `sage secretos add NOMBRE`: the values come by standard input. */
export async function secretosAdd(nombre: string, given: unknown): Promise<number> {
  const options = readOptions(z.object({ ...common, ...fields, tipo: z.string().optional() }), given)
  const { tipo, descripcion } = options
  const datos = readOptions(
    secretoNuevoSchema,
    {
      ...{ nombre, tipo, descripcion, venceEn: options.vence },
      ...{ recordarDias: options.recordar, rotarCadaDias: options.rotarCada },
      valores: await readValues(options.valor),
    },
    NAMES,
  )
  const made = await withServices(options.data, (services) =>
    unlocked(services, () => services.secretos.create(datos)),
  )
  if (options.json) await json(made)
  else await print(`Secreto ${made.id} guardado: ${made.nombre}\n`)
  return EXIT.ok
}

const updateOptions = z.object({
  ...common,
  ...fields,
  nombre: z.string().optional(),
  valores: z.boolean().default(false),
  quitar: z.array(z.string()).default([]),
})

/** `sage secretos update SECRETO`: what is not given stays; values only by standard input. */
export async function secretosUpdate(which: string, given: unknown): Promise<number> {
  const options = readOptions(updateOptions, given)
  const typed = options.valores || options.valor.length > 0 ? await readValues(options.valor) : {}
  const valores = { ...typed, ...Object.fromEntries(options.quitar.map((nombre) => [nombre, null])) }
  const { nombre, descripcion } = options
  const datos = readOptions(
    secretoCambioSchema,
    {
      ...{ nombre, descripcion, valores, recordarDias: options.recordar },
      venceEn: options.vence === 'nunca' ? null : options.vence,
      rotarCadaDias: options.rotarCada === 0 ? null : options.rotarCada,
    },
    NAMES,
  )
  const changed = await withServices(options.data, (services) => {
    const { id } = findByName(services, which)
    return unlocked(services, () => services.secretos.update(id, datos))
  })
  if (options.json) await json(changed)
  else await print(`Secreto ${changed.id} cambiado: ${changed.nombre}\n`)
  return EXIT.ok
}

/** `sage secretos remove SECRETO`: refused while something uses it. */
export async function secretosRemove(which: string, given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const gone = await withServices(options.data, async (services) => {
    const one = findByName(services, which)
    await services.secretos.remove(one.id)
    return one
  })
  if (options.json) await json({ id: gone.id, nombre: gone.nombre, eliminado: true })
  else await print(`Secreto ${gone.id} eliminado: ${gone.nombre}.\n`)
  return EXIT.ok
}

async function tellRotation(done: Rotacion, asJson: boolean): Promise<number> {
  const where = done.lugar === 'boveda' ? 'la bóveda' : 'el llavero del sistema'
  const left = done.ilegibles > 0 ? ` ${done.ilegibles} siguen ilegibles: se perdió su clave.` : ''
  if (asJson) await json(done)
  else await print(`${done.secretos} secretos sellados con una clave nueva, en ${where}.${left}\n`)
  return EXIT.ok
}

/** `sage secretos rotate`: seals everything again under a new key. */
export async function secretosRotate(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const done = await withServices(options.data, (services) =>
    unlocked(services, () => services.secretos.rotateDataKey()),
  )
  return tellRotation(done, options.json)
}

const SITUACION: Record<EstadoSecretos['situacion'], string> = {
  lista: 'Los secretos se pueden guardar y usar.',
  por_crear: 'Todavía no hay clave: el primer secreto la crea en el llavero del sistema.',
  sin_llavero: 'No hay un llavero del sistema: crear una bóveda con «sage secretos vault create».',
  boveda_bloqueada:
    'La bóveda está bloqueada: dar su frase de paso, o un archivo con ella en SAGE_PASSPHRASE_FILE.',
  llavero_inaccesible:
    'No se llega al llavero que guarda la clave: iniciar la sesión de escritorio y desbloquearlo.',
  clave_perdida:
    'La clave no está en el llavero: restaurarlo, o darla por perdida con «sage secretos lost-key» y escribir otra vez los valores.',
}

/** `sage secretos state`: 0 when secrets can be used, 1 when not. */
export async function secretosState(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const estado = await withServices(options.data, ({ secretos }) => secretos.state())
  const place = { keytar: 'llavero (keytar)', napi: 'llavero (@napi-rs/keyring)', boveda: 'bóveda' }
  if (options.json) await json(estado)
  else
    await print(
      `${SITUACION[estado.situacion]}\n${[
        ['Clave en', estado.lugar === null ? '—' : place[estado.lugar]],
        ['Desde', estado.claveDesde ?? '—'],
        ['Llavero', estado.llavero.disponible ? 'disponible' : `no disponible: ${estado.llavero.motivo}`],
        ['Secretos', String(estado.secretos)],
        ['Ilegibles', String(estado.ilegibles)],
      ]
        .map(([title, value]) => `${(title ?? '').padEnd(12)}${value}\n`)
        .join('')}`,
    )
  return estado.situacion === 'lista' || estado.situacion === 'por_crear' ? EXIT.ok : EXIT.dataErrors
}

/** @throws AppError PASSPHRASE_SHORT, PASSPHRASE_DIFFERS */
async function readNewPhrase(former: readonly string[]): Promise<string[]> {
  const repeat = interactive() ? ['La misma, otra vez'] : []
  const phrases = await readPhrases([...former, 'Frase de paso nueva', ...repeat])
  const fresh = phrases[former.length] ?? ''
  if (fresh.length < FRASE_MIN)
    throw new AppError('PASSPHRASE_SHORT', {
      kind: 'input',
      message: `La frase de paso tiene menos de ${FRASE_MIN} caracteres.`,
      hint: 'Usar varias palabras que no vayan juntas en ningún libro.',
    })
  if (repeat.length > 0 && phrases.at(-1) !== fresh)
    throw new AppError('PASSPHRASE_DIFFERS', { kind: 'input', message: 'Las dos frases no son iguales.' })
  return phrases
}

/** `sage secretos vault create`: the passphrase comes by standard input. */
export async function vaultCreate(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const [frase = ''] = await readNewPhrase([])
  const done = await withServices(options.data, ({ secretos }) => secretos.createVault(frase))
  return tellRotation(done, options.json)
}

/** `sage secretos vault passphrase`: the present one and the new one, a line each. */
export async function vaultPassphrase(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const [former = '', fresh = ''] = await readNewPhrase(['Frase de paso actual'])
  await withServices(options.data, ({ secretos }) => secretos.changePassphrase(former, fresh))
  if (options.json) await json({ ok: true })
  else await print('Frase de paso cambiada.\n')
  return EXIT.ok
}

/** `sage secretos vault leave`: moves the secrets to the system's keychain. */
export async function vaultLeave(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  const done = await withServices(options.data, (services) =>
    unlocked(services, () => services.secretos.moveToKeychain()),
  )
  return tellRotation(done, options.json)
}

/** `sage secretos lost-key`: what the present key sealed must be written again. */
export async function secretosLostKey(given: unknown): Promise<number> {
  const options = readOptions(z.object(common), given)
  await withServices(options.data, ({ secretos }) => secretos.giveUpKey())
  if (options.json) await json({ ok: true })
  else await print('Clave dada por perdida: escribir otra vez los valores con «sage secretos update».\n')
  return EXIT.ok
}
