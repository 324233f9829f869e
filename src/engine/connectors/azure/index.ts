import { z } from 'zod'
import { hostOf, prefixField, urlField } from '../shared/object-fields'
import { cleanPath } from '../shared/paths'
import { defineConnector, field } from '../spec'

/** Of the service of an account. */
export const addressOf = (account = '', endpoint?: string): string =>
  endpoint ?? `https://${account}.blob.core.windows.net`

const NEEDS_ACCOUNT = ['account-key', 'sas', 'service-principal']

export const azureConfig = z
  .strictObject({
    version: z.literal(1).default(1),
    auth: field(
      z.enum(['connection-string', 'account-key', 'sas', 'service-principal']).default('account-key'),
      {
        label: { es: 'Entrar con', en: 'Log in with' },
        options: {
          'connection-string': { es: 'Cadena de conexión', en: 'Connection string' },
          'account-key': { es: 'Clave de la cuenta', en: 'Account key' },
          sas: { es: 'Firma de acceso compartido (SAS)', en: 'Shared access signature (SAS)' },
          'service-principal': { es: 'Entidad de servicio', en: 'Service principal' },
        },
      },
    ),
    account: field(
      z
        .string()
        .regex(/^[a-z0-9]{3,24}$/, { error: 'Son de 3 a 24 minúsculas y números.' })
        .optional(),
      {
        label: { es: 'Cuenta de almacenamiento', en: 'Storage account' },
        placeholder: 'ventas',
        when: { field: 'auth', is: NEEDS_ACCOUNT },
      },
    ),
    container: field(z.string().min(1).max(63), {
      label: { es: 'Contenedor', en: 'Container' },
      placeholder: 'entrada',
    }),
    prefix: prefixField,
    tenantId: field(z.string().min(1).optional(), {
      label: { es: 'Directorio (tenant)', en: 'Directory (tenant)' },
      when: { field: 'auth', is: ['service-principal'] },
    }),
    clientId: field(z.string().min(1).optional(), {
      label: { es: 'Aplicación (client ID)', en: 'Application (client ID)' },
      when: { field: 'auth', is: ['service-principal'] },
    }),
    endpoint: field(urlField.optional(), {
      label: { es: 'Otra dirección', en: 'Other address' },
      help: {
        es: 'La de la cuenta, si no es la de siempre (otra nube, un punto de acceso privado).',
        en: 'Of the account, if it is not the usual one (another cloud, a private endpoint).',
      },
      placeholder: 'https://ventas.blob.core.windows.net',
      advanced: true,
      when: { field: 'auth', is: NEEDS_ACCOUNT },
    }),
    authorityHost: field(urlField.optional(), {
      label: { es: 'Otro servidor de identidad', en: 'Other identity server' },
      placeholder: 'https://login.microsoftonline.com',
      advanced: true,
      when: { field: 'auth', is: ['service-principal'] },
    }),
  })
  .refine((config) => config.auth === 'connection-string' || config.account !== undefined, {
    error: 'Falta la cuenta de almacenamiento.',
    path: ['account'],
  })
  .refine((config) => config.auth !== 'service-principal' || config.tenantId !== undefined, {
    error: 'Falta el directorio (tenant).',
    path: ['tenantId'],
  })
  .refine((config) => config.auth !== 'service-principal' || config.clientId !== undefined, {
    error: 'Falta la aplicación (client ID).',
    path: ['clientId'],
  })
export type AzureConfig = z.output<typeof azureConfig>

export const connector = defineConnector({
  kind: 'azure',
  label: { es: 'Azure Storage', en: 'Azure Storage' },
  summary: {
    es: 'Un contenedor de Blob Storage o de Data Lake Gen2.',
    en: 'A container of Blob Storage or of Data Lake Gen2.',
  },
  configSchema: azureConfig,
  secretFields: [
    {
      name: 'connectionString',
      label: { es: 'Cadena de conexión', en: 'Connection string' },
      multiline: true,
      when: { field: 'auth', is: ['connection-string'] },
    },
    {
      name: 'accountKey',
      label: { es: 'Clave de la cuenta', en: 'Account key' },
      when: { field: 'auth', is: ['account-key'] },
    },
    {
      name: 'sasToken',
      label: { es: 'Firma (SAS)', en: 'Signature (SAS)' },
      help: { es: 'Lo que sigue a «?», desde «sv=».', en: 'What follows “?”, from “sv=”.' },
      when: { field: 'auth', is: ['sas'] },
    },
    {
      name: 'clientSecret',
      label: { es: 'Secreto de la aplicación', en: 'Client secret' },
      when: { field: 'auth', is: ['service-principal'] },
    },
  ],
  where: ({ auth, endpoint, account, container, prefix }) => {
    // A connection string has the address in it.
    const host = auth === 'connection-string' ? null : hostOf(addressOf(account, endpoint))
    return { reach: host && `azure://${host}/${container}`, base: cleanPath(prefix) }
  },
  open: async (config, secrets, context) => {
    const { openAzure } = await import('./azure-store')
    return openAzure(config, secrets, context)
  },
})
