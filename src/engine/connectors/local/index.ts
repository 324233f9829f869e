import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { defineConnector, field, LOCAL } from '../spec'

export const localConfig = z.strictObject({
  version: z.literal(1).default(1),
  folder: field(
    z.string().min(1).refine(isAbsolute, { error: 'Escribir la ruta completa, desde la raíz del disco.' }),
    {
      label: { es: 'Carpeta', en: 'Folder' },
      help: {
        es: 'Ruta completa de una carpeta de este equipo o de una unidad de red ya conectada.',
        en: 'Full path of a folder of this machine or of a network drive already connected.',
      },
      placeholder: '/datos/entrada',
    },
  ),
})
export type LocalConfig = z.output<typeof localConfig>

export const connector = defineConnector({
  kind: 'local',
  label: { es: 'Carpeta', en: 'Folder' },
  summary: {
    es: 'Una carpeta de este equipo o de la red.',
    en: 'A folder of this machine or of the network.',
  },
  configSchema: localConfig,
  secretFields: [],
  placeField: 'folder',
  where: ({ folder }) => ({ reach: LOCAL, base: folder }),
  open: async (config) => {
    const { LocalConnector } = await import('./local-connector')
    return new LocalConnector(config)
  },
})
