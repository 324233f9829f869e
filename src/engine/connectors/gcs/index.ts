import { z } from 'zod'
import { hostOf, prefixField, urlField } from '../shared/object-fields'
import { cleanPath } from '../shared/paths'
import { defineConnector, field } from '../spec'

export const gcsConfig = z.strictObject({
  version: z.literal(1).default(1),
  bucket: field(z.string().min(3).max(222), {
    label: { es: 'Bucket', en: 'Bucket' },
    placeholder: 'ventas-entrada',
  }),
  prefix: prefixField,
  location: field(z.string().min(2).default('EU'), {
    label: { es: 'Lugar', en: 'Location' },
    help: { es: 'Solo si SAGE crea el bucket.', en: 'Only if SAGE makes the bucket.' },
    advanced: true,
  }),
  projectId: field(z.string().min(1).optional(), {
    label: { es: 'Proyecto', en: 'Project' },
    help: {
      es: 'Solo si SAGE crea el bucket y no es el proyecto de la clave.',
      en: 'Only if SAGE makes the bucket and it is not the project of the key.',
    },
    advanced: true,
  }),
  endpoint: field(urlField.optional(), {
    label: { es: 'Otra dirección', en: 'Other address' },
    help: { es: 'La de un punto de acceso privado.', en: 'Of a private endpoint.' },
    placeholder: 'https://storage.googleapis.com',
    advanced: true,
  }),
})
export type GcsConfig = z.output<typeof gcsConfig>

export const connector = defineConnector({
  kind: 'gcs',
  label: { es: 'Google Cloud Storage', en: 'Google Cloud Storage' },
  summary: { es: 'Un bucket de Google Cloud.', en: 'A bucket of Google Cloud.' },
  configSchema: gcsConfig,
  secretFields: [
    {
      name: 'serviceAccount',
      label: { es: 'Clave de la cuenta de servicio (JSON)', en: 'Service account key (JSON)' },
      help: {
        es: 'El archivo entero que da Google al crear la clave.',
        en: 'The whole file that Google gives when the key is made.',
      },
      multiline: true,
    },
  ],
  where: ({ endpoint, bucket, prefix }) => ({
    reach: `gs://${endpoint === undefined ? '' : hostOf(endpoint)}/${bucket}`,
    base: cleanPath(prefix),
  }),
  open: async (config, secrets, context) => {
    const { openGcs } = await import('./gcs-store')
    return openGcs(config, secrets, context)
  },
})
