import { z } from 'zod'
import { prefixField } from '../shared/object-fields'
import { cleanPath } from '../shared/paths'
import { defineConnector, field } from '../spec'

export const minioConfig = z.strictObject({
  version: z.literal(1).default(1),
  host: field(
    z.string().regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, { error: 'Escribir solo el nombre, sin «https://».' }),
    {
      label: { es: 'Servidor', en: 'Server' },
      help: { es: 'Nombre o dirección, sin «https://».', en: 'Name or address, without “https://”.' },
      placeholder: 'minio.ejemplo.com',
    },
  ),
  port: field(z.number().int().min(1).max(65_535).default(9000), { label: { es: 'Puerto', en: 'Port' } }),
  tls: field(z.boolean().default(true), {
    label: { es: 'Conexión cifrada (TLS)', en: 'Encrypted connection (TLS)' },
    help: {
      es: 'Sin cifrar, los datos viajan a la vista. Solo en una red propia.',
      en: 'Without it, data travels in the open. Only on a network of your own.',
    },
  }),
  accessKey: field(z.string().min(1), { label: { es: 'Clave de acceso', en: 'Access key' } }),
  bucket: field(z.string().min(3).max(63), {
    label: { es: 'Bucket', en: 'Bucket' },
    placeholder: 'ventas',
  }),
  prefix: prefixField,
  region: field(z.string().min(1).default('us-east-1'), {
    label: { es: 'Región', en: 'Region' },
    advanced: true,
  }),
  pathStyle: field(z.boolean().default(true), {
    label: { es: 'Bucket en la ruta', en: 'Bucket in the path' },
    help: {
      es: 'Quitarlo si el servidor da un nombre de red a cada bucket.',
      en: 'Off if the server gives a host name to each bucket.',
    },
    advanced: true,
  }),
})
export type MinioConfig = z.output<typeof minioConfig>

export const connector = defineConnector({
  kind: 'minio',
  label: { es: 'MinIO', en: 'MinIO' },
  summary: { es: 'Un bucket de un servidor MinIO.', en: 'A bucket of a MinIO server.' },
  configSchema: minioConfig,
  secretFields: [{ name: 'secretKey', label: { es: 'Clave secreta', en: 'Secret key' } }],
  where: ({ host, port, bucket, prefix }) => ({
    reach: `s3://${host.toLowerCase()}:${port}/${bucket}`,
    base: cleanPath(prefix),
  }),
  open: async (config, secrets, context) => {
    const { openMinio } = await import('./minio-store')
    return openMinio(config, secrets, context)
  },
})
