import { z } from 'zod'
import { field } from '../spec'
import { cleanPath } from './paths'

const isClean = (text: string): boolean => {
  try {
    cleanPath(text)
    return true
  } catch {
    return false
  }
}

/** The base of a provider on an object store: everything it does is below it. */
export const prefixField = field(
  z
    .string()
    .max(900)
    .default('')
    .refine(isClean, { error: 'Escribirla como «entrada/ventas», sin «..» ni barras invertidas.' }),
  {
    label: { es: 'Carpeta', en: 'Folder' },
    help: {
      es: 'Solo se ve y se toca lo que está dentro. Vacía: todo.',
      en: 'Only what is inside is seen and touched. Empty: everything.',
    },
    placeholder: 'entrada/ventas',
  },
)

/** What an endpoint reaches: its host, its port and its path. */
export function hostOf(endpoint: string): string {
  const { protocol, hostname, port, pathname } = new URL(endpoint)
  const usual = protocol === 'http:' ? '80' : '443'
  return `${hostname.toLowerCase()}:${port || usual}${pathname.replace(/\/+$/, '')}`
}

export const urlField = z.url({
  protocol: /^https?$/,
  error: 'Escribir la dirección completa, como «https://s3.ejemplo.com».',
})
