import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import type { Lang } from '@shared/text'
import { record } from '../../api/shape'

/** What a field holds while it is written; null: a number that was emptied. */
export type Valor = string | number | boolean | null
export type Config = Readonly<Record<string, Valor>>

/** When a field is asked for: another one has one of these values. */
type Cuando = TipoProveedor['secretos'][number]['cuando']

/** A field of a kind's configuration, as its schema and its words say. */
export interface Campo {
  nombre: string
  clase: 'texto' | 'numero' | 'si_no' | 'opcion'
  etiqueta: string
  ayuda: string | null
  ejemplo: string | null
  opciones: readonly { value: string; label: string }[]
  avanzado: boolean
  cuando: Cuando
  obligatorio: boolean
  inicial: Valor
  minimo: number | null
  maximo: number | null
  /** Characters at most. */
  largo: number | null
  forma: RegExp | null
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const words = (value: unknown, lang: Lang): string | null => text(record(value)[lang])

const isPlain = (value: unknown): value is string | boolean =>
  typeof value === 'string' || typeof value === 'boolean'
const isValor = (value: unknown): value is Exclude<Valor, null> => isPlain(value) || typeof value === 'number'

function cuandoDe(value: unknown): Cuando {
  const { field, is } = record(value)
  return typeof field === 'string' && Array.isArray(is) ? { field, is: is.filter(isPlain) } : undefined
}

const claseDe = ({ type, enum: values }: Record<string, unknown>): Campo['clase'] =>
  Array.isArray(values)
    ? 'opcion'
    : type === 'boolean'
      ? 'si_no'
      : type === 'integer' || type === 'number'
        ? 'numero'
        : 'texto'

const EMPTY = { texto: '', opcion: '', numero: null, si_no: false } as const

function campoDe(nombre: string, schema: Record<string, unknown>, obligatorio: boolean, lang: Lang): Campo {
  const sage = record(schema.sage)
  const options = record(sage.options)
  const values = Array.isArray(schema.enum) ? schema.enum.filter((one) => typeof one === 'string') : []
  const clase = claseDe(schema)
  const pattern = text(schema.pattern)
  return {
    ...{ nombre, clase, obligatorio },
    etiqueta: words(sage.label, lang) ?? nombre,
    ayuda: words(sage.help, lang),
    ejemplo: text(sage.placeholder),
    opciones: values.map((value) => ({ value, label: words(options[value], lang) ?? value })),
    avanzado: sage.advanced === true,
    cuando: cuandoDe(sage.when),
    inicial: isValor(schema.default) ? schema.default : EMPTY[clase],
    minimo: number(schema.minimum),
    maximo: number(schema.maximum),
    largo: number(schema.maxLength),
    forma: pattern === null ? null : new RegExp(pattern),
  }
}

/** The fields of a kind in the order of its schema. What has no words is not for people. */
export function camposDe(tipo: TipoProveedor, lang: Lang): Campo[] {
  const required = Array.isArray(tipo.esquema.required) ? tipo.esquema.required : []
  return Object.entries(record(tipo.esquema.properties))
    .map(([nombre, schema]) => ({ nombre, schema: record(schema) }))
    .filter(({ schema }) => schema.sage !== undefined)
    .map(({ nombre, schema }) => campoDe(nombre, schema, required.includes(nombre), lang))
}

/** Whether it is asked for, as the others stand. */
export function isAsked({ cuando }: { cuando?: Cuando }, config: Config): boolean {
  if (cuando === undefined) return true
  const value = config[cuando.field]
  return isPlain(value) && cuando.is.includes(value)
}

/** What the form begins with. */
export const configInicial = (campos: readonly Campo[], saved: Proveedor | null): Config =>
  Object.fromEntries(
    campos.map(({ nombre, inicial }) => {
      const kept = saved?.config[nombre]
      return [nombre, isValor(kept) ? kept : inicial]
    }),
  )

/** What is sent: what is asked for and filled in, and of a saved one what is not for people, as it was. */
export function configEscrita(
  campos: readonly Campo[],
  config: Config,
  lugar: string | null,
  saved: Proveedor | null,
): Record<string, unknown> {
  const kept = Object.entries(saved?.config ?? {}).filter(
    ([name]) => name !== lugar && campos.every(({ nombre }) => nombre !== name),
  )
  const written = campos
    .filter((campo) => campo.nombre !== lugar && isAsked(campo, config))
    .map(({ nombre }) => {
      const value = config[nombre] ?? null
      return [nombre, typeof value === 'string' ? value.trim() : value] as const
    })
    .filter(([, value]) => value !== '' && value !== null)
  return Object.fromEntries([...kept, ...written])
}

export type Fallo = 'falta' | 'rango' | 'largo' | 'forma'

/** Why it can't be saved as it is; null when it can. */
export function falloDe(campo: Campo, config: Config): Fallo | null {
  const value = config[campo.nombre] ?? null
  const empty = value === null || (typeof value === 'string' && value.trim() === '')
  if (empty) return campo.obligatorio ? 'falta' : null
  if (typeof value === 'number') {
    const low = campo.minimo !== null && value < campo.minimo
    return low || (campo.maximo !== null && value > campo.maximo) ? 'rango' : null
  }
  if (typeof value !== 'string') return null
  if (campo.largo !== null && value.trim().length > campo.largo) return 'largo'
  return campo.forma !== null && !campo.forma.test(value.trim()) ? 'forma' : null
}

const PARTS = ['bucket', 'container'] as const

/** Where a provider lies, in one line. */
export function lugarDe({ config }: Pick<Proveedor, 'config'>): string {
  const part = (name: string) => (isValor(config[name]) ? String(config[name]) : '')
  const holder = PARTS.map(part).find((name) => name !== '') ?? ''
  const below = [holder, part('prefix') || part('folder')].filter((one) => one !== '').join('/')
  const host = part('host')
  if (host === '') return below
  const who = part('user')
  const server = `${who === '' ? '' : `${who}@`}${host}:${part('port')}`
  return below === '' ? server : `${server} ${below}`
}

/** Kinds that keep files in something with a name, which may be made. */
export const hasContainer = ({ esquema }: TipoProveedor): boolean =>
  PARTS.some((name) => Object.hasOwn(record(esquema.properties), name))
