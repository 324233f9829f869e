import { AppError } from '@shared/errors/app-error'
import type { MaterializationPlugs } from './ports'

const unsupported = (): AppError =>
  new AppError('DESTINO_UNSUPPORTED', {
    kind: 'unsupported',
    message: 'Esta versión no escribe todavía en ese destino.',
  })

/** The destinations, strategies and rows that there are. */
export function connectedPlugs(): MaterializationPlugs {
  const refuse = () => Promise.reject(unsupported())
  return {
    load: refuse,
    ensayar: refuse,
    proponer: () => Promise.resolve({ tablas: [], avisos: [] }),
    revisar: () => Promise.resolve([]),
    probar: refuse,
    tablas: refuse,
    tabla: refuse,
  }
}
