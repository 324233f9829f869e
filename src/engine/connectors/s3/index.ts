import { z } from 'zod'
import { hostOf, prefixField, urlField } from '../shared/object-fields'
import { cleanPath } from '../shared/paths'
import { defineConnector, field } from '../spec'

export const s3Config = z
  .strictObject({
    version: z.literal(1).default(1),
    bucket: field(z.string().min(3).max(63), {
      label: { es: 'Bucket', en: 'Bucket' },
      placeholder: 'ventas',
    }),
    prefix: prefixField,
    region: field(z.string().min(1).default('us-east-1'), {
      label: { es: 'Región', en: 'Region' },
      placeholder: 'eu-west-1',
    }),
    credentials: field(z.enum(['keys', 'profile', 'environment']).default('keys'), {
      label: { es: 'Credencial', en: 'Credential' },
      options: {
        keys: { es: 'Clave de acceso', en: 'Access key' },
        profile: { es: 'Perfil de ~/.aws', en: 'Profile of ~/.aws' },
        environment: {
          es: 'Variables AWS_* o rol de la máquina',
          en: 'AWS_* variables or role of the machine',
        },
      },
    }),
    accessKeyId: field(z.string().min(1).optional(), {
      label: { es: 'Identificador de la clave', en: 'Access key ID' },
      placeholder: 'AKIA…',
      when: { field: 'credentials', is: ['keys'] },
    }),
    profile: field(z.string().min(1).default('default'), {
      label: { es: 'Perfil', en: 'Profile' },
      when: { field: 'credentials', is: ['profile'] },
    }),
    roleArn: field(z.string().startsWith('arn:').optional(), {
      label: { es: 'Rol que se asume', en: 'Role to assume' },
      help: {
        es: 'Con esa credencial se pide otra, temporal, con los permisos del rol. Se renueva sola.',
        en: 'That credential asks for another, temporary one with the permissions of the role. It renews itself.',
      },
      placeholder: 'arn:aws:iam::123456789012:role/datos',
      advanced: true,
    }),
    roleExternalId: field(z.string().min(2).optional(), {
      label: { es: 'Identificador externo del rol', en: 'External ID of the role' },
      advanced: true,
    }),
    accelerate: field(z.boolean().default(false), {
      label: { es: 'Transferencia acelerada', en: 'Transfer acceleration' },
      help: {
        es: 'Tiene que estar activada en el bucket, y se cobra aparte.',
        en: 'It must be on in the bucket, and is charged for.',
      },
      advanced: true,
    }),
    endpoint: field(urlField.optional(), {
      label: { es: 'Otro servidor', en: 'Other endpoint' },
      help: {
        es: 'La dirección de un servidor compatible con S3, o de un punto de acceso privado. Vacío: Amazon.',
        en: 'Address of an S3-compatible server, or of a private endpoint. Empty: Amazon.',
      },
      placeholder: 'https://s3.ejemplo.com',
      advanced: true,
    }),
    stsEndpoint: field(urlField.optional(), {
      label: { es: 'Otro servidor para el rol', en: 'Other endpoint for the role' },
      advanced: true,
    }),
    pathStyle: field(z.boolean().default(false), {
      label: { es: 'Bucket en la ruta', en: 'Bucket in the path' },
      help: {
        es: 'Para servidores que no dan un nombre de red a cada bucket.',
        en: 'For servers that give no host name to each bucket.',
      },
      advanced: true,
    }),
  })
  .refine((config) => !(config.accelerate && config.endpoint !== undefined), {
    error: 'La transferencia acelerada es solo de Amazon: quitarla, o quitar el otro servidor.',
    path: ['accelerate'],
  })
  .refine((config) => config.credentials !== 'keys' || config.accessKeyId !== undefined, {
    error: 'Falta el identificador de la clave.',
    path: ['accessKeyId'],
  })
export type S3Config = z.output<typeof s3Config>

export const connector = defineConnector({
  kind: 's3',
  label: { es: 'Amazon S3', en: 'Amazon S3' },
  summary: {
    es: 'Un bucket de Amazon, o de un servidor compatible con S3.',
    en: 'A bucket of Amazon, or of an S3-compatible server.',
  },
  configSchema: s3Config,
  secretFields: [
    {
      name: 'secretAccessKey',
      label: { es: 'Clave secreta', en: 'Secret access key' },
      when: { field: 'credentials', is: ['keys'] },
    },
    {
      name: 'sessionToken',
      label: { es: 'Token de sesión', en: 'Session token' },
      help: { es: 'Solo con una clave temporal.', en: 'Only with a temporary key.' },
      when: { field: 'credentials', is: ['keys'] },
    },
  ],
  where: ({ endpoint, bucket, prefix }) => ({
    reach: `s3://${endpoint === undefined ? 'aws' : hostOf(endpoint)}/${bucket}`,
    base: cleanPath(prefix),
  }),
  open: async (config, secrets, context) => {
    const { openS3 } = await import('./s3-store')
    return openS3(config, secrets, context)
  },
})
