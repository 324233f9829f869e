import { AppError } from '@shared/errors/app-error'
import type { z } from 'zod'
import type { ConnectorContext, Plug } from './types'

export type Bilingual = Record<'es' | 'en', string>

/** How a field of a configuration is shown. Kept with its schema, so that form, terminal and reference are drawn from one record. */
export interface FieldMeta {
  label: Bilingual
  help?: Bilingual
  /** Words of the values of a choice. */
  options?: Record<string, Bilingual>
  placeholder?: string
  /** For whoever needs it: folded away in the form. */
  advanced?: boolean
  /** Shown only when another field has one of these values. */
  when?: { field: string; is: (string | boolean)[] }
}

/** A field with its words; they stand as `sage` in the JSON schema of the configuration. */
export const field = <T extends z.ZodType>(schema: T, meta: FieldMeta): T => schema.meta({ sage: meta })

export interface SecretField {
  name: string
  label: Bilingual
  help?: Bilingual
  /** Several lines: a key, a JSON. */
  multiline?: boolean
  when?: FieldMeta['when']
}

export type Secrets = Readonly<Record<string, string>>

/** What the file system of this machine is, as `reach`; its `base` is a path of it. */
export const LOCAL = 'file://'

/** Two providers of one `reach` see the same files, each below its `base`, without `/` around it. null: only its secret tells. */
export interface Where {
  reach: string | null
  base: string
}

export interface ConnectorPlug<C extends z.ZodType> {
  kind: string
  label: Bilingual
  /** One sentence for the gallery. */
  summary: Bilingual
  /** A strict object with `version: z.literal(n)`; plain JSON, no secret in it. */
  configSchema: C
  secretFields: readonly SecretField[]
  /** Where its files are, without asking anyone. */
  where(config: z.output<C>): Where
  /** Name of the field that is a folder of this machine: a person chooses it, the console never types it. */
  placeField?: string
  /** Loads its SDK here, not when the registry is read. Only the secrets that were given are there. */
  open(config: z.output<C>, secrets: Secrets, context: ConnectorContext): Promise<Plug>
}

/** A kind of provider as the rest of the product sees it: its configuration is unknown until its schema has accepted it. */
export interface ConnectorSpec extends Omit<ConnectorPlug<z.ZodType>, 'open' | 'where'> {
  /** Gives the configuration with its defaults. @throws AppError PROVIDER_CONFIG_INVALID */
  parse(config: unknown): Record<string, unknown>
  /** @throws AppError PROVIDER_CONFIG_INVALID */
  where(config: unknown): Where
  /** @throws AppError PROVIDER_CONFIG_INVALID */
  open(config: unknown, secrets: Secrets, context: ConnectorContext): Promise<Plug>
}

/** Turns a plug into what the registry holds: whatever opens it goes through its schema. */
export function defineConnector<C extends z.ZodType<Record<string, unknown>>>(
  plug: ConnectorPlug<C>,
): ConnectorSpec {
  const parse = (config: unknown): z.output<C> => {
    const read = plug.configSchema.safeParse(config)
    if (read.success) return read.data
    const issue = read.error.issues[0]
    const at = issue?.path.join('.') ?? ''
    throw new AppError('PROVIDER_CONFIG_INVALID', {
      kind: 'config',
      message: `La configuración del proveedor (${plug.label.es}) no es válida${at === '' ? '' : ` en «${at}»`}: ${issue?.message ?? ''}`,
      hint: 'Corregir ese campo y volver a guardar.',
      details: { kind: plug.kind, field: at },
    })
  }
  return {
    ...plug,
    parse,
    where: (config) => plug.where(parse(config)),
    open: (config, secrets, context) => plug.open(parse(config), secrets, context),
  }
}
